// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.testkit.FaultyStore;
import dev.strongroom.file.testkit.ManualExecutor;
import dev.strongroom.file.testkit.MemoryStore;
import dev.strongroom.file.testkit.StoreOperation;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many syncs a commit costs, on both sides of each limit. */
class CommitCostTest {

  private TestElement element;
  private ElementSession session;

  @BeforeEach
  void login() throws Exception {
    element = TestElement.create();
    session = element.login();
  }

  @AfterEach
  void logout() {
    session.close();
    element.close();
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "255, 1", "511, 1", "1023, 1", "1024, 2", "1500, 2"})
  void whatIsReplacedIsOneSyncUpToAQuarterOfTheJournal(int rows, long syncs) throws Exception {
    // 1023 pages of 4096 bytes are what a journal of 16 MiB takes.
    assertThat(syncs("update t set content = randomblob(4040) where id <= " + rows))
        .isEqualTo(syncs);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "100, 1", "256, 1", "290, 2", "1024, 2", "1800, 2"})
  void whatIsAppendedIsOneSyncUpToAMebibyte(int rows, long syncs) throws Exception {
    // Pages of the cache with old sectors do not count, 31 at most.
    assertThat(syncs(append(10_000, rows))).isEqualTo(syncs);
  }

  private static String append(int first, int rows) {
    return "with recursive n(i) as (select %d union all select i + 1 from n where i < %d)"
            .formatted(first, first + rows - 1)
        + " insert into t select i, randomblob(4040) from n";
  }

  private static VolumeOptions options() {
    ManualExecutor executor = new ManualExecutor();
    return VolumeOptions.builder().executor(executor).clock(executor).build();
  }

  /** What a transaction costs on a database of 1,600 rows, each of which has a page of its own. */
  private long syncs(String statement) throws Exception {
    FaultyStore store = new FaultyStore(new MemoryStore());
    make(store);
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, options());
        SecureDatabase database = open(volume, "/app.db");
        Connection connection = database.getConnection()) {
      // The first commit after an open marks the journal as well.
      Sql.run(connection, "update t set content = randomblob(4040) where id = 1600");
      long before = store.counters().count(StoreOperation.SYNC);
      Sql.run(connection, statement);
      return store.counters().count(StoreOperation.SYNC) - before;
    }
  }

  private void make(FaultyStore store) throws Exception {
    try (SecureFileSystem volume = SecureFileSystem.create(session, store, options());
        SecureDatabase database = open(volume, "/app.db");
        Connection connection = database.getConnection()) {
      Sql.run(connection, "create table t (id integer primary key, content blob)", append(1, 1600));
    }
  }

  private static SecureDatabase open(SecureFileSystem volume, String path) throws IOException {
    return SecureDatabase.open(
        volume, path, DatabaseOptions.builder().busyTimeout(Duration.ofSeconds(60)).build());
  }

  @Test
  void threadsInTwoDatabasesOfOneVolumeShareSyncs() throws Exception {
    int each = 25;
    MemoryStore disk = new MemoryStore();
    FaultyStore store = new FaultyStore(disk);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    MemoryStore crashed;
    try (SecureFileSystem volume = SecureFileSystem.create(session, store, options());
        SecureDatabase one = open(volume, "/one.db");
        SecureDatabase two = open(volume, "/two.db")) {
      for (SecureDatabase database : List.of(one, two)) {
        try (Connection connection = database.getConnection()) {
          Sql.run(connection, "create table t (id integer primary key, content blob)");
        }
      }
      long before = store.counters().count(StoreOperation.SYNC);
      List<Callable<Boolean>> work = new ArrayList<>();
      for (SecureDatabase database : List.of(one, two, one, two)) {
        work.add(() -> insert(database, each));
      }
      for (Future<Boolean> done : threads.invokeAll(work)) {
        assertThat(done.get()).isTrue();
      }
      assertThat(store.counters().count(StoreOperation.SYNC) - before).isBetween(1L, 4L * each);
      crashed = disk.copy();
    } finally {
      threads.shutdown();
    }
    try (SecureFileSystem volume = SecureFileSystem.open(session, crashed, options())) {
      for (String path : List.of("/one.db", "/two.db")) {
        try (SecureDatabase database = open(volume, path);
            Connection connection = database.getConnection()) {
          assertThat(Sql.number(connection, "select count(*) from t")).isEqualTo(2L * each);
          assertThat(Sql.value(connection, "pragma integrity_check")).isEqualTo("ok");
        }
      }
    }
  }

  private static boolean insert(SecureDatabase database, int times) throws SQLException {
    try (Connection connection = database.getConnection()) {
      for (int i = 0; i < times; i++) {
        Sql.run(connection, "insert into t (content) values (randomblob(500))");
      }
    }
    return true;
  }
}
