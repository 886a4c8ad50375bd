// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.ElementSession;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each statement answers the key of its own insert, as with the driver alone. */
@Tag("jdk25")
class GeneratedKeysTest {

  private static final String INSERT = "insert into t (name) values (?)";

  @TempDir Path folder;

  private TestElement element;
  private ElementSession session;
  private SecureDatabase database;
  private Connection connection;

  @BeforeEach
  void open() throws Exception {
    element = TestElement.create();
    session = element.login();
    database = SecureDatabase.open(session, folder, "app.db", DatabaseOptions.defaults());
    connection = database.getConnection();
    Sql.run(connection, Sql.TABLE, "insert into t values (100, 'first', null)");
  }

  @AfterEach
  void close() throws IOException {
    database.close();
    session.close();
    element.close();
  }

  /** What a statement answers: names of the columns, then rows. */
  private static String keys(Statement statement) throws SQLException {
    ResultSet keys = statement.getGeneratedKeys();
    assertThat(statement.getGeneratedKeys().getStatement()).isSameAs(keys.getStatement());
    StringBuilder text = new StringBuilder(keys.getMetaData().getColumnLabel(1)).append(':');
    while (keys.next()) {
      text.append(' ').append(keys.getObject(1)).append(' ').append(keys.getObject(1).getClass());
    }
    return text.toString();
  }

  /** The same statements, here and with the driver alone. */
  private static List<String> observed(Connection on) throws SQLException {
    List<String> seen = new ArrayList<>();
    Sql.run(
        on,
        "create table k (id integer primary key, name unique)",
        "create table log (id integer primary key, what)",
        "create trigger l after insert on k begin insert into log (what) values (new.name); end",
        "insert into log values (5000, 'before')");
    try (PreparedStatement insert =
            on.prepareStatement(
                "insert into k (name) values (?)", Statement.RETURN_GENERATED_KEYS);
        PreparedStatement other = on.prepareStatement("replace into log (what) values (?)");
        PreparedStatement rename = on.prepareStatement("update k set name = 'x' || name")) {
      seen.add("none yet " + keys(insert));
      insert.setString(1, "a");
      insert.executeUpdate();
      seen.add("update " + keys(insert));
      insert.setString(1, "b");
      assertThat(insert.execute()).isFalse();
      other.setString(1, "beside");
      other.executeLargeUpdate();
      rename.executeUpdate();
      seen.add("of each " + keys(insert) + ", " + keys(other) + ", " + keys(rename));
    }
    try (Statement plain = on.createStatement()) {
      for (String text :
          List.of(
              "  INSERT\ninto k (name) values ('m'), ('n')",
              "insert or ignore into k (name) values ('m')",
              "replace into k values (77, 'f')",
              "with n(x) as (select 'g' union select 'h') insert into k (name) select x from n",
              "with n(x) as (select 'i') select replace(x, 'i', 'j') from n",
              "update k set name = upper(name)",
              "insert into k (id) values (900)",
              "delete from k where id = 1")) {
        plain.execute(text, Statement.RETURN_GENERATED_KEYS);
        seen.add(text + " " + keys(plain));
      }
      plain.executeUpdate("delete from k where id = 2; insert into log values (7000, 'x')");
      seen.add("second of two " + keys(plain));
      plain.addBatch("insert into k (id) values (950)");
      plain.executeBatch();
    }
    try (PreparedStatement fresh = on.prepareStatement("insert into k (id) values (?)")) {
      fresh.setInt(1, 1000);
      fresh.addBatch();
      fresh.setInt(1, 1001);
      fresh.addBatch();
      fresh.executeBatch();
      seen.add("batch " + keys(fresh));
    }
    try (PreparedStatement returning =
        on.prepareStatement("insert into k (id) values (2000) returning id")) {
      assertThat(returning.execute()).isTrue();
      seen.add("returning " + keys(returning));
    }
    return seen;
  }

  @Test
  void answersAreTheDriversOwn() throws Exception {
    try (Connection plain = DriverManager.getConnection("jdbc:sqlite::memory:")) {
      assertThat(observed(connection)).isEqualTo(observed(plain)).hasSizeGreaterThan(13);
    }
  }

  @Test
  void commitsAndRollbacksBetweenChangeNothing() throws Exception {
    connection.setAutoCommit(false);
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      insert.setString(1, "kept");
      insert.executeUpdate();
      connection.commit();
      assertThat(keys(insert)).contains(" 101 ");
      insert.setString(1, "rolled back");
      insert.executeUpdate();
      connection.rollback();
      assertThat(keys(insert)).contains(" 102 ");
    }
  }

  @Test
  void aRunThatFailsHasMadeNone() throws Exception {
    try (PreparedStatement insert = connection.prepareStatement("insert into t (id) values (?)")) {
      insert.setInt(1, 200);
      insert.executeUpdate();
      ResultSet before = insert.getGeneratedKeys();
      assertThatThrownBy(insert::executeUpdate).isInstanceOf(SQLException.class);
      assertThat(before.isClosed()).isTrue();
      assertThat(insert.getGeneratedKeys().next()).isFalse();
    }
  }

  @Test
  void whoHasClosedTheAnswerAsksAgain() throws Exception {
    try (PreparedStatement insert = connection.prepareStatement(INSERT);
        PreparedStatement other = connection.prepareStatement(INSERT)) {
      insert.executeUpdate();
      insert.getGeneratedKeys().close();
      assertThat(keys(insert)).contains(" 101 ");
      other.executeUpdate();
      insert.getGeneratedKeys().close();
      assertThat(keys(insert)).contains(" 101 ");
      assertThat(keys(other)).contains(" 102 ");
    }
  }

  @Test
  void vacuumIsNotHeldUpByAnAnswer() throws Exception {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      insert.setString(1, "a");
      insert.executeUpdate();
      Sql.run(connection, "vacuum");
      assertThat(keys(insert)).contains(" 101 ");
    }
  }

  @Test
  void threadsOnOneConnectionGetTheirOwn() throws Exception {
    int threads = 4;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<Boolean>> work = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int first = 1_000_000 * (i + 1);
        work.add(() -> insertsAndAsks(first));
      }
      for (Future<Boolean> done : pool.invokeAll(work)) {
        assertThat(done.get()).isTrue();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private boolean insertsAndAsks(int first) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("insert into t (id) values (?)")) {
      for (int i = first; i < first + 30; i++) {
        insert.setInt(1, i);
        insert.executeUpdate();
        assertThat(keys(insert)).contains(" " + i + " ");
      }
    }
    return true;
  }
}
