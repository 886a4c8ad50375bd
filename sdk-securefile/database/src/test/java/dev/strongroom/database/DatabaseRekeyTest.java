// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.testkit.CrashImage;
import dev.strongroom.file.testkit.CrashModel;
import dev.strongroom.file.testkit.CrashStates;
import dev.strongroom.file.testkit.FaultPlan;
import dev.strongroom.file.testkit.FaultPlan.Fault;
import dev.strongroom.file.testkit.FaultyStore;
import dev.strongroom.file.testkit.MemoryStore;
import dev.strongroom.file.testkit.RecordingStore;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.sql.Connection;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A database gets new keys while it is open. */
class DatabaseRekeyTest {

  private static final long SEED = Long.getLong("crash.seed", 20260101);
  private static final DatabaseOptions SMALL =
      DatabaseOptions.builder().cacheBytes(64 << 10).busyTimeout(Duration.ofMillis(100)).build();

  private TestElement element;
  private ElementSession session;
  private MemoryStore disk;

  @BeforeEach
  void open() throws Exception {
    element = TestElement.create();
    session = element.login();
    disk = new MemoryStore();
    try (SecureFileSystem volume = SecureFileSystem.create(session, disk, Sql.smallVolume());
        SecureDatabase database = SecureDatabase.open(volume, "/app.db", SMALL);
        Connection connection = database.getConnection()) {
      Sql.run(connection, Sql.TABLE, "create table state (n integer)");
      Sql.run(connection, "insert into state values (0)");
      connection.setAutoCommit(false);
      Sql.fill(connection, 0, 300);
      connection.commit();
    }
  }

  @AfterEach
  void close() {
    session.close();
    element.close();
  }

  private static byte[] host(MemoryStore disk, SecureFileSystem volume) throws IOException {
    return disk.content(volume.stat("/app.db").hostName());
  }

  private static void assertWhole(Connection connection) throws Exception {
    assertThat(Sql.number(connection, "select count(*) from t")).isEqualTo(300);
    assertThat(Sql.value(connection, "pragma integrity_check")).isEqualTo("ok");
  }

  @Test
  @Tag("jdk25")
  void everyPageIsEncryptedAnewAndConnectionsGoOn() throws Exception {
    try (SecureFileSystem volume = SecureFileSystem.open(session, disk, Sql.smallVolume())) {
      try (SecureDatabase database = SecureDatabase.open(volume, "/app.db", SMALL);
          Connection first = database.getConnection();
          Connection second = database.getConnection()) {
        Sql.run(second, "update state set n = 1");
        volume.sync();
        byte[] before = host(disk, volume);
        database.rekey();
        byte[] after = host(disk, volume);
        for (int at = 8192; at + 4096 < Math.min(before.length, after.length); at += 4096) {
          assertThat(Arrays.equals(before, at, at + 4096, after, at, at + 4096))
              .as("sector at " + at)
              .isFalse();
        }
        assertWhole(first);
        Sql.run(second, "update state set n = 2");
        assertThat(Sql.number(first, "select n from state")).isEqualTo(2);
        second.setAutoCommit(false);
        Sql.run(second, "update t set content = zeroblob(700)"); // spills
        second.rollback();
        database.rekey();
        assertWhole(second);
        assertThatThrownBy(() -> SecureDatabase.open(volume, "/app.db", SMALL))
            .isInstanceOf(DatabaseInUseException.class);
      }
      try (SecureDatabase database = SecureDatabase.open(volume, "/app.db", SMALL);
          Connection connection = database.getConnection()) {
        assertThat(Sql.number(connection, "select n from state")).isEqualTo(2);
      }
    }
    try (SecureFileSystem volume = SecureFileSystem.open(session, disk, Sql.smallVolume());
        SecureDatabase database = SecureDatabase.open(volume, "/app.db", SMALL);
        Connection connection = database.getConnection()) {
      assertThat(Sql.number(connection, "select n from state")).isEqualTo(2);
      assertWhole(connection);
    }
  }

  @Test
  void transactionsAndOtherOpeningsKeepItOut() throws Exception {
    try (SecureFileSystem volume = SecureFileSystem.open(session, disk, Sql.smallVolume());
        SecureDatabase database = SecureDatabase.open(volume, "/app.db", SMALL);
        Connection connection = database.getConnection()) {
      for (String sql : List.of("select n from state", "update state set n = 5")) {
        connection.setAutoCommit(false);
        if (sql.startsWith("select")) {
          assertThat(Sql.value(connection, sql)).isEqualTo("0");
        } else {
          Sql.run(connection, sql);
        }
        assertThatThrownBy(database::rekey).isInstanceOf(DatabaseBusyException.class);
        connection.rollback();
        connection.setAutoCommit(true);
      }
      try (SecureFile reader = volume.openFile("/app.db")) {
        assertThatThrownBy(database::rekey)
            .isInstanceOf(FileSystemException.class)
            .hasMessageContaining("open elsewhere");
        assertThat(reader.size()).isPositive();
      }
      volume.rename("/app.db", "/other.db");
      database.rekey();
      volume.delete("/other.db");
      assertThatThrownBy(database::rekey)
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("lost this name");
      assertWhole(connection);
    }
  }

  @Test
  void aFullMediumKeepsTheOldKeys() throws Exception {
    long covered = 20;
    for (long at = 1; at <= covered; at += 1 + covered / 6) {
      MemoryStore copy = disk.copy();
      FaultyStore store = new FaultyStore(copy);
      try (SecureFileSystem volume = SecureFileSystem.open(session, store, Sql.smallVolume());
          SecureDatabase database = SecureDatabase.open(volume, "/app.db", SMALL)) {
        store.arm(FaultPlan.of(Fault.NO_SPACE).at(at).lasting());
        database.rekey();
      } catch (IOException e) {
        assertThat(store.struck()).as("place " + at + ": " + e).isPositive();
      }
      covered = Math.max(covered, store.covered());
      store.disarm();
      try (SecureFileSystem volume = SecureFileSystem.open(session, copy, Sql.smallVolume());
          SecureDatabase database = SecureDatabase.open(volume, "/app.db", SMALL);
          Connection connection = database.getConnection()) {
        assertWhole(connection);
        database.rekey();
        assertWhole(connection);
      }
    }
    System.out.println("DatabaseRekeyTest: " + covered + " places");
  }

  @Test
  void aCrashLeavesAWholeDatabase() throws Exception {
    RecordingStore recording = RecordingStore.over(disk);
    try (SecureFileSystem volume = SecureFileSystem.open(session, recording, Sql.smallVolume());
        SecureDatabase database = SecureDatabase.open(volume, "/app.db", SMALL);
        Connection connection = database.getConnection()) {
      for (int n = 1; n <= 2; n++) {
        Sql.run(connection, "update state set n = " + n);
        recording.mark(n);
        database.rekey();
      }
    }
    CrashModel model =
        CrashModel.strict().withExhaustive(4).withSamples(4).withTorn(4).withGarbage(3);
    long states =
        CrashStates.of(recording.log(), model, SEED).forEach(image -> check(session, image));
    System.out.println("DatabaseRekeyTest: seed " + SEED + ", " + states + " crash states");
    assertThat(states).isGreaterThan(100);
  }

  private static void check(ElementSession session, CrashImage image) throws Exception {
    List<Object> marks = image.marks();
    long acknowledged = marks.isEmpty() ? 0 : (Integer) marks.get(marks.size() - 1);
    try (SecureFileSystem volume =
            SecureFileSystem.open(session, image.store(), Sql.smallVolume());
        SecureDatabase database = SecureDatabase.open(volume, "/app.db", SMALL);
        Connection connection = database.getConnection()) {
      assertWhole(connection);
      assertThat(Sql.number(connection, "select n from state"))
          .isBetween(acknowledged, acknowledged + 1);
    }
  }
}
