// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.CommitTooLargeException;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.NoSpaceException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.testkit.FaultPlan;
import dev.strongroom.file.testkit.FaultyStore;
import dev.strongroom.file.testkit.ManualExecutor;
import dev.strongroom.file.testkit.MemoryStore;
import dev.strongroom.file.testkit.StoreOperation;
import java.io.IOException;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
    return rows(copy);
  }

  private long rows(MemoryStore copy) throws Exception {
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

  /** What happens while a transaction is open that has changed more than its cache holds. */
  private enum Meanwhile {
    ANOTHER_CONNECTION_CLOSES,
    THE_TIMER_RUNS,
    THE_VOLUME_IS_SYNCED,
    ANOTHER_FILE_IS_FROZEN,
    THE_DATABASE_IS_FROZEN,
    OTHER_FILES_FILL_THE_CACHE,
    ANOTHER_DATABASE_COMMITS,
    A_BACKUP_IS_ASKED_FOR
  }

  @ParameterizedTest
  @EnumSource(Meanwhile.class)
  void nothingButTheCommitPublishes(Meanwhile what) throws Exception {
    if (what == Meanwhile.OTHER_FILES_FILL_THE_CACHE) {
      volume.close();
      volume =
          SecureFileSystem.open(
              session,
              store,
              VolumeOptions.builder().cacheBytes(3 << 20).executor(executor).build());
    }
    SecureDatabase database =
        open(DatabaseOptions.builder().cacheBytes(64 << 10).busyTimeout(Duration.ZERO).build());
    Connection writer = database.getConnection();
    Connection other = database.getConnection();
    Sql.run(writer, Sql.TABLE);
    Sql.fill(writer, 0, 10);
    writer.setAutoCommit(false);
    Sql.fill(writer, 10, 2000);
    Sql.run(writer, "update t set name = name || 'y'");
    switch (what) {
      case ANOTHER_CONNECTION_CLOSES -> other.close();
      case THE_TIMER_RUNS -> executor.advance(Duration.ofMinutes(1));
      case THE_VOLUME_IS_SYNCED -> volume.sync();
      case ANOTHER_FILE_IS_FROZEN -> {
        write("/other", 100_000);
        volume.freeze(List.of("/other"));
      }
      case THE_DATABASE_IS_FROZEN -> volume.freeze(List.of("/app.db"));
      case OTHER_FILES_FILL_THE_CACHE -> {
        write("/other", 9_000_000);
        executor.advance(Duration.ofMinutes(1));
      }
      case ANOTHER_DATABASE_COMMITS -> {
        try (SecureDatabase second =
                SecureDatabase.open(volume, "/other.db", DatabaseOptions.defaults());
            Connection connection = second.getConnection()) {
          Sql.run(connection, Sql.TABLE);
          Sql.fill(connection, 0, 100);
        }
      }
      case A_BACKUP_IS_ASKED_FOR ->
          assertThatThrownBy(() -> database.backup(volume, "/copy.db"))
              .isInstanceOf(DatabaseBusyException.class);
    }
    MemoryStore crashed = disk.copy();
    writer.commit();
    assertThat(rowsAfterACrash(database)).isEqualTo(2010);
    assertThat(rows(crashed)).isEqualTo(10);
  }

  private void write(String path, int bytes) throws IOException {
    try (SecureFile file =
        volume.openFile(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      byte[] part = new byte[bytes / 9];
      for (int i = 0; i < 9; i++) {
        file.write(part);
      }
    }
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
