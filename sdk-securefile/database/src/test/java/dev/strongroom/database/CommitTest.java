// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.CommitTooLargeException;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.NoSpaceException;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.testkit.FaultPlan;
import dev.strongroom.file.testkit.FaultyStore;
import dev.strongroom.file.testkit.ManualExecutor;
import dev.strongroom.file.testkit.MemoryStore;
import dev.strongroom.file.testkit.StoreOperation;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a commit costs, and what is published when. */
class CommitTest {

  private final MemoryStore disk = new MemoryStore();
  private final FaultyStore store = new FaultyStore(disk);
  private final ManualExecutor executor = new ManualExecutor();

  private TestElement element;
  private ElementSession session;
  private SecureFileSystem volume;

  @BeforeEach
  void makeVolume() throws IOException {
    element = TestElement.create();
    session = element.login();
    volume =
        SecureFileSystem.create(
            session, store, VolumeOptions.builder().executor(executor).clock(executor).build());
  }

  @AfterEach
  void close() {
    session.close();
    element.close();
  }

  private SecureDatabase open(DatabaseOptions options) throws IOException {
    return SecureDatabase.open(volume, "/app.db", options);
  }

  /** What a crash now would leave to the next process. */
  private long rowsAfterACrash(SecureDatabase running) throws Exception {
    MemoryStore copy = disk.copy();
    running.close();
    try (SecureFileSystem after =
            SecureFileSystem.open(
                session, copy, VolumeOptions.builder().executor(executor).build());
        SecureDatabase database =
            SecureDatabase.open(after, "/app.db", DatabaseOptions.defaults());
        Connection connection = database.getConnection()) {
      assertThat(Sql.value(connection, "pragma integrity_check")).isEqualTo("ok");
      return Sql.number(connection, "select count(*) from t");
    }
  }

  @Test
  void aCommitIsOneSync() throws Exception {
    try (SecureDatabase database = open(DatabaseOptions.defaults());
        Connection connection = database.getConnection()) {
      Sql.run(connection, Sql.TABLE);
      for (int i = 0; i < 5; i++) {
        long before = store.counters().count(StoreOperation.SYNC);
        Sql.run(connection, "insert into t values (" + i + ", 'row', null)");
        assertThat(store.counters().count(StoreOperation.SYNC) - before).isEqualTo(1);
      }
      long before = store.counters().count(StoreOperation.SYNC);
      assertThat(Sql.number(connection, "select count(*) from t")).isEqualTo(5);
      assertThat(store.counters().count(StoreOperation.SYNC)).isEqualTo(before);
    }
  }

  @Test
  void aCommitThatAppendsMuchIsTwoSyncs() throws Exception {
    try (SecureDatabase database = open(DatabaseOptions.defaults());
        Connection connection = database.getConnection()) {
      Sql.run(connection, Sql.TABLE);
      connection.setAutoCommit(false);
      long before = store.counters().count(StoreOperation.SYNC);
      Sql.fill(connection, 0, 6000);
      connection.commit();
      assertThat(store.counters().count(StoreOperation.SYNC) - before).isBetween(1L, 2L);
    }
  }

  @Test
  void nothingButTheCommitPublishes() throws Exception {
    SecureDatabase database = open(DatabaseOptions.builder().cacheBytes(64 << 10).build());
    Connection writer = database.getConnection();
    Connection other = database.getConnection();
    Sql.run(writer, Sql.TABLE);
    Sql.fill(writer, 0, 10);
    writer.setAutoCommit(false);
    Sql.fill(writer, 10, 3000); // more than the cache of the connection
    other.close();
    executor.advance(Duration.ofMinutes(1));
    volume.sync();
    assertThat(rowsAfterACrash(database)).isEqualTo(10);
  }

  @Test
  void anAcknowledgedCommitIsThereAfterACrash() throws Exception {
    SecureDatabase database = open(DatabaseOptions.defaults());
    Connection connection = database.getConnection();
    Sql.run(connection, Sql.TABLE);
    Sql.fill(connection, 0, 10);
    connection.setAutoCommit(false);
    Sql.fill(connection, 10, 100);
    connection.commit();
    assertThat(rowsAfterACrash(database)).isEqualTo(110);
  }

  @Test
  void aFullMediumFailsTheTransactionAndNothingElse() throws Exception {
    try (SecureDatabase database = open(DatabaseOptions.builder().cacheBytes(64 << 10).build());
        Connection connection = database.getConnection()) {
      Sql.run(connection, Sql.TABLE);
      Sql.fill(connection, 0, 10);
      connection.setAutoCommit(false);
      store.arm(
          FaultPlan.of(FaultPlan.Fault.NO_SPACE)
              .where(name -> !name.equals("strongroom.journal")) // which has its space
              .lasting());
      assertThatThrownBy(
              () -> {
                Sql.fill(connection, 10, 20_000);
                connection.commit();
              })
          .isInstanceOf(SQLException.class)
          .hasCauseInstanceOf(NoSpaceException.class);
      store.disarm();
      connection.rollback(); // SQLite has done so by itself
      assertThat(Sql.number(connection, "select count(*) from t")).isEqualTo(10);
      Sql.fill(connection, 10, 5);
      connection.commit();
      assertThat(Sql.value(connection, "pragma integrity_check")).isEqualTo("ok");
    }
  }

  @Test
  void aTransactionThatTheJournalCannotHoldIsTakenBack() throws Exception {
    MemoryStore medium = new MemoryStore();
    VolumeOptions tight =
        VolumeOptions.builder()
            .cacheBytes(1 << 20)
            .journalBytes(256 << 10)
            .journalLimitBytes(256 << 10)
            .executor(executor)
            .clock(executor)
            .build();
    try (SecureFileSystem small = SecureFileSystem.create(session, medium, tight);
        SecureDatabase database =
            SecureDatabase.open(
                small, "/app.db", DatabaseOptions.builder().cacheBytes(64 << 10).build());
        Connection connection = database.getConnection()) {
      Sql.run(connection, Sql.TABLE);
      Sql.fill(connection, 0, 10);
      connection.setAutoCommit(false);
      Sql.fill(connection, 1000, 50_000);
      assertThatThrownBy(connection::commit)
          .isInstanceOf(SQLException.class)
          .hasCauseInstanceOf(CommitTooLargeException.class);
      connection.rollback();
      assertThat(Sql.number(connection, "select count(*) from t")).isEqualTo(10);
      Sql.fill(connection, 10, 5);
      connection.commit();
      assertThat(Sql.value(connection, "pragma integrity_check")).isEqualTo("ok");
    }
  }

  @Test
  void damageIsAnErrorThatNamesTheSector() throws Exception {
    try (SecureDatabase database = open(DatabaseOptions.defaults());
        Connection connection = database.getConnection()) {
      Sql.run(connection, Sql.TABLE);
      connection.setAutoCommit(false);
      Sql.fill(connection, 0, 2000);
      connection.commit();
    }
    volume.close();
    String largest = "";
    for (String name : disk.files()) {
      if (largest.isEmpty() || disk.content(name).length > disk.content(largest).length) {
        if (!name.equals("strongroom.journal")) {
          largest = name;
        }
      }
    }
    byte[] content = disk.content(largest);
    content[content.length / 2] ^= 1;
    disk.replaceContent(largest, content);
    volume = SecureFileSystem.open(session, store, VolumeOptions.defaults());
    try (SecureDatabase database = open(DatabaseOptions.defaults());
        Connection connection = database.getConnection()) {
      assertThatThrownBy(() -> Sql.value(connection, "select sum(length(content)) from t"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("SQLITE_IOERR_DATA")
          .hasCauseInstanceOf(IntegrityException.class);
    }
    assertThatThrownBy(() -> open(DatabaseOptions.builder().quickCheck().build()))
        .isInstanceOf(IOException.class);
  }
}
