// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.script;

import dev.strongroom.database.ForeignKeysException;
import dev.strongroom.database.ScriptException;
import dev.strongroom.database.SqlScript;
import dev.strongroom.database.SqlScript.Statement;
import dev.strongroom.database.internal.jdbc.Query;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Runs a script in one transaction.
 *
 * <p>Thread safety: confined to one thread.
 */
public final class SqlImport {

  private final Connection connection;
  private final String path;
  private boolean begun;

  /**
   * An import.
   *
   * @param connection a connection of its own, in auto-commit mode, which is closed afterwards:
   *     that rolls back what was not committed
   * @param path the database as it was named
   */
  public SqlImport(Connection connection, String path) {
    this.connection = connection;
    this.path = path;
  }

  /**
   * Runs all of a script, or nothing.
   *
   * @param script the script
   * @throws ScriptException if a statement fails
   * @throws ForeignKeysException if rows would refer to rows that are not there
   * @throws IOException if the script cannot be read, or what is underneath fails
   * @throws SQLException if SQLite fails outside of a statement
   */
  public void run(SqlScript script) throws IOException, SQLException {
    Query.run(connection, "pragma foreign_keys = off");
    Query.run(connection, "begin immediate");
    Statement last = null;
    for (Statement each = script.next(); each != null; each = script.next()) {
      run(each);
      last = each;
    }
    if (begun && last != null) {
      throw refused(last, "the script begins a transaction after whose last statement it is cut");
    }
    if (last != null) {
      finish(last);
    }
    requireForeignKeys(connection, path);
    Query.run(connection, "commit");
  }

  private void run(Statement statement) throws IOException, SQLException {
    if (statement.text().indexOf('\0') >= 0) {
      throw refused(statement, "it has a NUL, where SQLite would end it");
    }
    if (statement.begins("BEGIN")) {
      begun = true;
    } else if (statement.begins("COMMIT") || statement.begins("END")) {
      begun = false;
    } else if (statement.begins("ROLLBACK") && !statement.words().contains("TO")) {
      throw refused(statement, "the script rolls itself back, as one of an incomplete dump");
    } else {
      try {
        Query.run(connection, statement.text());
      } catch (SQLException e) {
        throw failed(statement, e);
      }
    }
  }

  /** Makes what was written into the schema's own table known, and sees that it can be read. */
  private void finish(Statement last) throws IOException, SQLException {
    try {
      String version = Query.first(connection, "pragma schema_version");
      Query.run(connection, "pragma schema_version = " + (Integer.parseInt(version) + 1));
      Query.run(connection, "pragma writable_schema = reset");
      Query.first(connection, "select count(*) from sqlite_master");
    } catch (SQLException e) {
      throw failed(last, e);
    }
  }

  private static ScriptException refused(Statement statement, String problem) {
    return new ScriptException(
        statement.number(), statement.line(), SQLiteErrorCode.SQLITE_ERROR.name(), problem, null);
  }

  private static IOException failed(Statement statement, SQLException failure) throws SQLException {
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException underneath) {
        return underneath;
      }
    }
    SQLiteErrorCode code =
        failure instanceof SQLiteException known
            ? known.getResultCode()
            : SQLiteErrorCode.getErrorCode(failure.getErrorCode());
    if (code == SQLiteErrorCode.SQLITE_INTERRUPT || code == SQLiteErrorCode.SQLITE_BUSY) {
      throw failure;
    }
    return new ScriptException(
        statement.number(), statement.line(), code.name(), withoutValues(failure), null);
  }

  /** SQLite quotes the place in a statement that it does not understand, which may be a value. */
  private static String withoutValues(SQLException failure) {
    String message = String.valueOf(failure.getMessage());
    int quote = message.indexOf('"');
    int end = message.lastIndexOf('"');
    return quote < 0 || end == quote
        ? message
        : message.substring(0, quote) + "..." + message.substring(end + 1);
  }

  /**
   * Sees that all rows refer to rows that are there.
   *
   * @param connection where
   * @param path the database as it was named
   * @throws ForeignKeysException if they do not
   * @throws SQLException if SQLite fails
   */
  public static void requireForeignKeys(Connection connection, String path)
      throws ForeignKeysException, SQLException {
    String table = Query.first(connection, "pragma foreign_key_check");
    if (table != null) {
      throw new ForeignKeysException(path, table);
    }
  }
}
