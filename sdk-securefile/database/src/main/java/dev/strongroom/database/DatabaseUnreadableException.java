// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import org.jspecify.annotations.Nullable;

/**
 * A secure file is whole, but no database that can be used: it is something else, damaged as a
 * database, or kept with a write-ahead log.
 *
 * <p>Thread safety: immutable.
 */
public final class DatabaseUnreadableException extends DatabaseException {

  private static final long serialVersionUID = 1L;

  /** The file as it was named. */
  private final String path;

  /**
   * Reports a file.
   *
   * @param path the file as it was named
   * @param problem what SQLite says of it
   * @param cause SQLite's exception, or null
   */
  public DatabaseUnreadableException(String path, String problem, @Nullable Throwable cause) {
    super(path + " cannot be used as a database: " + problem, cause);
    this.path = path;
  }

  /**
   * The file.
   *
   * @return the file as it was named
   */
  public String path() {
    return path;
  }
}
