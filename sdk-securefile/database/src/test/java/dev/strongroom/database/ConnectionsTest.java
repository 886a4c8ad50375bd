// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.ElementSession;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several connections, and threads that do not wait for them. */
@Tag("jdk25")
class ConnectionsTest {

  private static final String ENDLESS =
      "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n";

  @TempDir Path folder;

  private TestElement element;
  private ElementSession session;
  private SecureDatabase database;

  @BeforeEach
  void makeDatabase() throws Exception {
    element = TestElement.create();
    session = element.login();
    database = open(Duration.ZERO);
    try (Connection connection = database.getConnection()) {
      Sql.run(connection, Sql.TABLE);
    }
  }

  @AfterEach
  void close() throws IOException {
    database.close();
    session.close();
    element.close();
  }

  private SecureDatabase open(Duration busyTimeout) throws IOException {
    return SecureDatabase.open(
        session,
        folder,
        "app.db",
        DatabaseOptions.builder().busyTimeout(busyTimeout).cacheBytes(64 << 10).build());
  }

  @Test
  void readersSeeWhatIsCommittedAndWaitForASpill() throws Exception {
    try (Connection writer = database.getConnection();
        Connection reader = database.getConnection()) {
      Sql.fill(writer, 0, 10);
      writer.setAutoCommit(false);
      Sql.fill(writer, 10, 1);
      assertThat(Sql.number(reader, "select count(*) from t")).isEqualTo(10);
      assertThatThrownBy(() -> Sql.fill(reader, 20, 1)).hasMessageContaining("SQLITE_BUSY");
      Sql.fill(writer, 11, 3000); // more than the writer's cache
      assertThatThrownBy(() -> Sql.number(reader, "select count(*) from t"))
          .hasMessageContaining("SQLITE_BUSY");
      writer.rollback();
      assertThat(Sql.number(reader, "select count(*) from t")).isEqualTo(10);
      Sql.fill(reader, 20, 1);
    }
  }

  @Test
  void aCommitOfOnePageIsSeenByAnotherConnectionThatRemembersIt() throws Exception {
    try (Connection one = database.getConnection();
        Connection two = database.getConnection()) {
      Sql.fill(one, 0, 1);
      for (int i = 0; i < 4; i++) {
        Sql.run(i % 2 == 0 ? one : two, "update t set name = 'name " + i + "'");
        for (Connection each : List.of(two, one)) {
          assertThat(Sql.value(each, "select name from t")).isEqualTo("name " + i);
        }
      }
    }
  }

  @Test
  void aReaderKeepsItsSnapshotAndTheCommitWaits() throws Exception {
    try (Connection writer = database.getConnection();
        Connection reader = database.getConnection()) {
      Sql.fill(writer, 0, 10);
      reader.setAutoCommit(false);
      assertThat(Sql.number(reader, "select count(*) from t")).isEqualTo(10);
      assertThatThrownBy(() -> Sql.run(writer, "delete from t"))
          .hasMessageContaining("SQLITE_BUSY");
      reader.commit();
      Sql.run(writer, "delete from t");
      assertThat(Sql.number(reader, "select count(*) from t")).isZero();
    }
  }

  @Test
  void manyThreadsCountRight() throws Exception {
    int threads = 4;
    int each = 50;
    database.close();
    database = open(Duration.ofSeconds(60));
    try (Connection connection = database.getConnection()) {
      Sql.run(connection, "create table counter (n integer)", "insert into counter values (0)");
      ExecutorService pool = Executors.newFixedThreadPool(threads);
      try {
        List<Callable<Boolean>> work = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
          work.add(() -> count(each));
        }
        for (Future<Boolean> done : pool.invokeAll(work)) {
          assertThat(done.get()).isTrue();
        }
      } finally {
        pool.shutdownNow();
      }
      assertThat(Sql.number(connection, "select n from counter")).isEqualTo((long) threads * each);
      assertThat(Sql.value(connection, "pragma integrity_check")).isEqualTo("ok");
    }
  }

  private boolean count(int times) throws SQLException {
    for (int i = 0; i < times; i++) {
      try (Connection own = database.getConnection()) { // closed in the middle of others' work
        Sql.run(
            own,
            "begin immediate",
            "update counter set n = n + 1",
            i % 10 == 9 ? "rollback" : "commit");
        if (i % 10 == 9) {
          Sql.run(own, "begin immediate", "update counter set n = n + 1", "commit");
        }
      }
    }
    return true;
  }

  @Test
  void aStatementIsCancelled() throws Exception {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      CountDownLatch begun = new CountDownLatch(1);
      Thread other =
          new Thread(
              () -> {
                try {
                  begun.await();
                  while (!Thread.interrupted()) {
                    statement.cancel();
                    Thread.sleep(1);
                  }
                } catch (SQLException | InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      other.start();
      begun.countDown();
      assertThatThrownBy(() -> statement.executeQuery(ENDLESS))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("INTERRUPT");
      other.interrupt();
      other.join();
      assertThat(Sql.number(connection, "select count(*) from t")).isZero();
    }
  }

  @Test
  void anInterruptedThreadDamagesNothing() throws Exception {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      Thread.currentThread().interrupt();
      Sql.fill(connection, 0, 3000);
      Sql.run(connection, "create index by_content on t (content, name)");
      connection.commit();
      assertThat(Thread.interrupted()).isTrue();
      assertThat(Sql.value(connection, "pragma integrity_check")).isEqualTo("ok");
    }
  }

  @Test
  void theCloseEndsStatementsThatRun() throws Exception {
    Connection connection = database.getConnection();
    Sql.fill(connection, 0, 10);
    Connection other = database.getConnection();
    Statement open = other.createStatement();
    ResultSet rows = open.executeQuery("select * from t");
    assertThat(rows.next()).isTrue();
    CountDownLatch begun = new CountDownLatch(1);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<ResultSet> endless =
          thread.submit(
              () -> {
                begun.countDown();
                return connection.createStatement().executeQuery(ENDLESS);
              });
      begun.await();
      Thread.sleep(20); // so that it mostly runs; it is to end before that as well
      database.close();
      assertThatThrownBy(endless::get).hasCauseInstanceOf(SQLException.class);
    } finally {
      thread.shutdownNow();
    }
    assertThat(other.isClosed()).isTrue();
    assertThatThrownBy(database::getConnection)
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("closed");
    database.close();
    database = open(Duration.ZERO);
    try (Connection again = database.getConnection()) {
      assertThat(Sql.number(again, "select count(*) from t")).isEqualTo(10);
    }
  }

  @Test
  void theEndOfTheSessionEndsTheDatabase() throws Exception {
    Connection connection = database.getConnection();
    Sql.fill(connection, 0, 10);
    session.close();
    assertThatThrownBy(() -> Sql.fill(connection, 10, 10)).isInstanceOf(SQLException.class);
  }
}
