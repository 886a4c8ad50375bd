// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

/**
 * A database that was to be filled has tables already; nothing was changed.
 *
 * <p>Thread safety: immutable.
 */
public final class DatabaseNotEmptyException extends DatabaseException {

  private static final long serialVersionUID = 1L;

  /** The file as it was named. */
  private final String path;

  /**
   * Reports a database.
   *
   * @param path the file as it was named
   */
  public DatabaseNotEmptyException(String path) {
    super(path + ": the database is not empty; import into a new one", null);
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
