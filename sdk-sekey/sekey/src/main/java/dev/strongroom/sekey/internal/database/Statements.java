// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.database;

import dev.strongroom.core.Bytes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Statements of one connection, compiled once each. What changes is always a parameter: bytes,
 * numbers and text.
 *
 * <p>Thread safety: as the connection.
 */
final class Statements implements AutoCloseable {

  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  Statements(Connection connection) {
    this.connection = connection;
  }

  /** Reads rows. */
  @FunctionalInterface
  interface Rows {
    void read(ResultSet row) throws SQLException;
  }

  /** Changes rows; answers how many. */
  int run(String sql, @Nullable Object... parameters) throws SQLException {
    return bound(sql, parameters).executeUpdate();
  }

  /** Asks, and hands over each row. */
  void query(String sql, Rows rows, @Nullable Object... parameters) throws SQLException {
    try (ResultSet row = bound(sql, parameters).executeQuery()) {
      while (row.next()) {
        rows.read(row);
      }
    }
  }

  private PreparedStatement bound(String sql, @Nullable Object[] parameters) throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      prepared.put(sql, statement);
    }
    for (int i = 0; i < parameters.length; i++) {
      Object value = parameters[i];
      if (value == null) {
        statement.setNull(i + 1, Types.BLOB);
      } else if (value instanceof Bytes bytes) {
        statement.setBytes(i + 1, bytes.toByteArray());
      } else if (value instanceof String text) {
        statement.setString(i + 1, text);
      } else {
        statement.setLong(i + 1, ((Number) value).longValue());
      }
    }
    return statement;
  }

  /** Bytes of a row. */
  static Bytes bytes(ResultSet row, int column) throws SQLException {
    return Bytes.copyOf(row.getBytes(column));
  }

  @Override
  public void close() throws SQLException {
    for (PreparedStatement statement : prepared.values()) {
      statement.close();
    }
    prepared.clear();
  }
}
