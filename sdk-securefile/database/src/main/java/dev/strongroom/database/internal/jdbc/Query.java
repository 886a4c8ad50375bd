// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * Statements that need neither parameters nor more than one value of their results.
 *
 * <p>Thread safety: as the connection.
 */
public final class Query {

  private Query() {}

  /**
   * Runs a statement.
   *
   * @param connection where
   * @param sql the statement
   * @throws SQLException if it fails
   */
  public static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /**
   * Asks.
   *
   * @param connection where
   * @param sql the question
   * @return the first column of the first row; null if there is none, or it is null
   * @throws SQLException if it fails
   */
  public static @Nullable String first(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return result.next() ? result.getString(1) : null;
    }
  }
}
