// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import org.jspecify.annotations.Nullable;

/**
 * The SQLite library of the JDBC driver is not one that secure databases can be kept with. Nothing
 * was opened: a database is never kept in a plain file instead.
 *
 * <p>Thread safety: immutable.
 */
public final class SqliteLibraryException extends DatabaseException {

  private static final long serialVersionUID = 1L;

  /** What was not as it must be, in SQLite's terms. */
  private final String check;

  /**
   * Reports a check that failed.
   *
   * @param check what was not as it must be
   * @param cause what was underneath, or null
   */
  public SqliteLibraryException(String check, @Nullable Throwable cause) {
    super(
        "the SQLite library of the JDBC driver does not fit ("
            + check
            + "); use the release of org.xerial:sqlite-jdbc that strongroom-database asks for, on a"
            + " machine of 64 bits",
        cause);
    this.check = check;
  }

  /**
   * What was not as it must be.
   *
   * @return a name in SQLite's terms
   */
  public String check() {
    return check;
  }
}
