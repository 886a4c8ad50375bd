// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.device.ElementSession;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same random statements on a secure database and on a plain one: the same answers. */
class DifferentialTest {

  private static final long SEED = Long.getLong("differential.seed", 20260101);
  private static final int STATEMENTS = 1200;

  @TempDir Path folder;

  private final Random random = new Random(SEED);

  @Test
  void bothSayTheSame() throws Exception {
    System.out.println("DifferentialTest: seed " + SEED);
    DatabaseOptions small = DatabaseOptions.builder().cacheBytes(64 << 10).build();
    try (TestElement element = TestElement.create();
        ElementSession session = element.login()) {
      Connection plain = plain();
      SecureDatabase database = SecureDatabase.open(session, folder, "app.db", small);
      try {
        Connection secure = database.getConnection();
        for (int i = 0; i < STATEMENTS; i++) {
          String statement = statement();
          assertThat(answer(secure, statement))
              .as("statement " + i + ": " + statement)
              .isEqualTo(answer(plain, statement));
          if (i % 200 == 199) { // what is open is rolled back in both
            plain.close();
            plain = plain();
            database.close();
            database = SecureDatabase.open(session, folder, "app.db", small);
            secure = database.getConnection();
          }
        }
        answer(secure, "commit");
        answer(plain, "commit");
        assertThat(Sql.value(secure, "pragma integrity_check")).isEqualTo("ok");
        for (String table : List.of("a", "b")) {
          String all = "select * from " + table + " order by 1, 2, 3";
          assertThat(answer(secure, all)).isEqualTo(answer(plain, all));
        }
      } finally {
        plain.close();
        database.close();
      }
    }
  }

  private Connection plain() throws SQLException {
    Connection plain = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("plain"));
    Sql.run(plain, "pragma foreign_keys = on", "pragma synchronous = off");
    return plain;
  }

  private String statement() {
    String table = random.nextBoolean() ? "a" : "b";
    int key = random.nextInt(500);
    return switch (random.nextInt(24)) {
      case 0 -> "create table a (id integer primary key, name text, x, unique (name))";
      case 1 -> "create table b (id integer primary key, a references a on delete cascade, x blob)";
      case 2 -> "create index i" + random.nextInt(3) + " on " + table + " (x, id)";
      case 3 -> "drop index i" + random.nextInt(3);
      case 4, 5, 6 -> "insert into a values (" + key + ", 'name " + text() + "', " + number() + ")";
      case 7, 8 ->
          "insert or replace into b select id + "
              + random.nextInt(50)
              + ", id, zeroblob("
              + random.nextInt(600)
              + ") from a where id < "
              + key;
      case 9 -> "update a set x = x + 1, name = name || 'y' where id % 7 = " + random.nextInt(7);
      case 10 -> "update b set x = substr(x, 1, 100) where id > " + key;
      case 11 -> "delete from " + table + " where id between " + key + " and " + (key + 20);
      case 12, 13 -> "begin";
      case 14, 15 -> "commit";
      case 16 -> "rollback";
      case 17 -> "savepoint s";
      case 18 -> random.nextBoolean() ? "release s" : "rollback to s";
      case 19 -> random.nextInt(20) == 0 ? "vacuum" : "analyze";
      case 20 -> "select count(*), total(x), max(name) from a where id > " + key;
      case 21 -> "select a.id, length(b.x) from a join b on b.a = a.id order by 1, 2 limit 20";
      case 22 -> "select x, count(*) from " + table + " group by x order by 2 desc, 1 limit 10";
      default ->
          "with recursive n(i) as (select "
              + key
              + " union all select i + 1 from n where i < "
              + (key + 60)
              + ") insert or ignore into a select i, 'n' || i, i * 3 from n";
    };
  }

  private String text() {
    return Integer.toString(random.nextInt(800), 36);
  }

  private String number() {
    return random.nextInt(5) == 0 ? "null" : Integer.toString(random.nextInt(100));
  }

  /** Rows, the number of changes, or SQLite's code for what went wrong. */
  private static String answer(Connection connection, String text) {
    try (Statement statement = connection.createStatement()) {
      if (!statement.execute(text)) {
        return statement.getUpdateCount() + " changes";
      }
      List<String> rows = new ArrayList<>();
      try (ResultSet result = statement.getResultSet()) {
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
          StringBuilder row = new StringBuilder();
          for (int i = 1; i <= columns; i++) {
            row.append(result.getString(i)).append('|');
          }
          rows.add(row.toString());
        }
      }
      return rows.toString();
    } catch (SQLException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
