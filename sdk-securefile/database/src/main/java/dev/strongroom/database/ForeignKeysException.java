// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

/**
 * What was imported has rows that refer to rows that are not there; nothing of it was kept.
 *
 * <p>Thread safety: immutable.
 */
public final class ForeignKeysException extends DatabaseException {

  private static final long serialVersionUID = 1L;

  /** The database as it was named. */
  private final String path;

  /** The table with such a row. */
  private final String table;

  /**
   * Reports a table.
   *
   * @param path the database as it was named
   * @param table the first table with such a row
   */
  public ForeignKeysException(String path, String table) {
    super(
        path
            + ": rows of the table "
            + table
            + " would refer to rows that are not there; PRAGMA foreign_key_check shows them in the"
            + " source",
        null);
    this.path = path;
    this.table = table;
  }

  /**
   * The database.
   *
   * @return the file as it was named
   */
  public String path() {
    return path;
  }

  /**
   * The table.
   *
   * @return its name
   */
  public String table() {
    return table;
  }
}
