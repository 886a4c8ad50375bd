// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.testkit.ManualExecutor;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;

/** Short ways to run SQL, and a volume for it. */
final class Sql {

  private Sql() {}

  static void run(Connection connection, String... commands) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String command : commands) {
        statement.execute(command);
      }
    }
  }

  static String value(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      return result.next() ? String.valueOf(result.getString(1)) : "nothing";
    }
  }

  static long number(Connection connection, String query) throws SQLException {
    return Long.parseLong(value(connection, query));
  }

  /** Adds rows with random content of 500 bytes to {@code t(id, text, bytes)}. */
  static void fill(Connection connection, int first, int count) throws SQLException {
    Random random = new Random(first);
    byte[] bytes = new byte[500];
    try (PreparedStatement insert = connection.prepareStatement("insert into t values (?, ?, ?)")) {
      for (int i = first; i < first + count; i++) {
        random.nextBytes(bytes);
        insert.setInt(1, i);
        insert.setString(2, "row " + i);
        insert.setBytes(3, bytes);
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  static final String TABLE = "create table t (id integer primary key, name text, content blob)";

  /** A volume with a small journal and cache, which does nothing by itself. */
  static VolumeOptions smallVolume() {
    ManualExecutor executor = new ManualExecutor();
    return VolumeOptions.builder()
        .journalBytes(512 << 10)
        .cacheBytes(4 << 20)
        .executor(executor)
        .clock(executor)
        .build();
  }
}
