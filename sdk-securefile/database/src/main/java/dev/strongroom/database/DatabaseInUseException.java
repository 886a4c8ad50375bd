// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

/**
 * A database is open already, by another {@link SecureDatabase} in this process; its connections
 * would not know of each other's locks.
 *
 * <p>Thread safety: immutable.
 */
public final class DatabaseInUseException extends DatabaseException {

  private static final long serialVersionUID = 1L;

  /** The file as it was named. */
  private final String path;

  /**
   * Reports an open database.
   *
   * @param path the file as it was named
   */
  public DatabaseInUseException(String path) {
    super(path + ": the database is open already; take connections from where it was opened", null);
    this.path = path;
  }

  /**
   * The database.
   *
   * @return the file as it was named
   */
  public String path() {
    return path;
  }
}
