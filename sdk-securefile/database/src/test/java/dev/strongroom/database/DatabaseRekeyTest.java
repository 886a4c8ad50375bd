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
import dev.strongroom.file.testkit.StoreLog;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

  /** Whether the volume stops or goes on: what it has acknowledged is there after a crash. */
  @ParameterizedTest
  @EnumSource(names = {"NO_SPACE", "IO_ERROR", "SYNC_ERROR"})
  @Tag("jdk25")
  void aFaultAtAnyOperationLosesNoCommit(Fault fault) throws Exception {
    int wentOn = 0;
    int at = 0;
    for (boolean struck = true; struck; ) {
      at++;
      RecordingStore recording = RecordingStore.over(disk.copy());
      FaultyStore store = new FaultyStore(recording);
      MemoryStore left = disk;
      int acknowledged = 1;
      try (SecureFileSystem volume = SecureFileSystem.open(session, store, Sql.smallVolume());
          SecureDatabase database = SecureDatabase.open(volume, "/app.db", SMALL);
          Connection connection = database.getConnection()) {
        changeWhatLiesInPlace(volume, connection);
        recording.restart();
        store.arm(FaultPlan.of(fault).at(at));
        try {
          database.rekey();
        } catch (IOException e) {
          assertThat(store.struck()).as("%s", e).isPositive();
        }
        struck = store.struck() > 0;
        store.disarm();
        left = recording.disk();
        for (; acknowledged < 3; acknowledged++) {
          Sql.run(connection, "update state set n = " + (acknowledged + 1));
        }
        wentOn += struck ? 1 : 0;
      } catch (SQLException | IOException e) { // it has stopped
        assertThat(struck).as("%s", e).isTrue();
      }
      try {
        assertHolds(left, 1);
        assertHolds(recording.disk(), acknowledged);
        recording.mark("end");
        assertHolds(durable(recording.log()), acknowledged);
      } catch (Exception | AssertionError e) {
        throw new AssertionError(fault + " at operation " + at + ": " + e, e);
      }
    }
    System.out.println(
        "DatabaseRekeyTest: " + fault + " at " + at + " operations, " + wentOn + " went on");
  }

  /** Leaves a journal whose records count on sectors in place, and others that replace them. */
  private static void changeWhatLiesInPlace(SecureFileSystem volume, Connection connection)
      throws Exception {
    volume.createDirectory("/other");
    volume.sync();
    connection.setAutoCommit(false);
    Sql.run(connection, "delete from t");
    Sql.fill(connection, 1000, 100);
    Sql.fill(connection, 0, 300);
    Sql.run(connection, "delete from t where id >= 1000");
    connection.commit();
    connection.setAutoCommit(true);
    Sql.run(connection, "update t set name = 'changed' where id % 50 = 0");
    Sql.run(connection, "update state set n = 1");
  }

  /** What a crash behind the last event leaves if nothing survives that need not. */
  private static MemoryStore durable(StoreLog log) {
    CrashModel model = CrashModel.strict().withExhaustive(0).withSamples(0).withTorn(0);
    List<MemoryStore> images = new ArrayList<>();
    CrashStates.of(log, model, SEED)
        .forEach(
            image -> {
              if (images.isEmpty() && image.marks().contains("end")) {
                images.add(image.store());
              }
            });
    return images.get(0);
  }

  private void assertHolds(MemoryStore image, int acknowledged) throws Exception {
    try (SecureFileSystem volume = SecureFileSystem.open(session, image, Sql.smallVolume());
        SecureDatabase database = SecureDatabase.open(volume, "/app.db", SMALL);
        Connection connection = database.getConnection()) {
      assertWhole(connection);
      assertThat(Sql.number(connection, "select count(*) from t where name = 'changed'"))
          .isEqualTo(6);
      assertThat(Sql.number(connection, "select n from state"))
          .isBetween((long) acknowledged, acknowledged + 1L);
    }
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
