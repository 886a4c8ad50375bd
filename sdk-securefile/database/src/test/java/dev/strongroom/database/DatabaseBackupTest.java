// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.database.internal.copy.Backup;
import dev.strongroom.database.internal.vfs.DatabaseFile;
import dev.strongroom.database.internal.vfs.DatabaseSnapshot;
import dev.strongroom.database.internal.vfs.ScratchFiles;
import dev.strongroom.file.DirectoryEntry;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.testkit.CrashModel;
import dev.strongroom.file.testkit.CrashStates;
import dev.strongroom.file.testkit.FaultPlan;
import dev.strongroom.file.testkit.FaultPlan.Fault;
import dev.strongroom.file.testkit.FaultyStore;
import dev.strongroom.file.testkit.MemoryStore;
import dev.strongroom.file.testkit.RecordingStore;
import dev.strongroom.file.testkit.StoreOperation;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A copy of a database that is in use. */
class DatabaseBackupTest {

  private static final long SEED = Long.getLong("crash.seed", 20260101);
  private static final DatabaseOptions SMALL =
      DatabaseOptions.builder().cacheBytes(64 << 10).busyTimeout(Duration.ofMillis(100)).build();
  private static final DatabaseOptions CHECKED =
      DatabaseOptions.builder().readOnly().quickCheck().build();

  @TempDir Path folder;

  private TestElement element;
  private TestElement other;
  private ElementSession session;
  private ElementSession otherSession;
  private SecureFileSystem volume;
  private SecureDatabase database;
  private Connection connection;

  private MemoryStore disk;
  private FaultyStore store;
  private SecureFileSystem target;

  @BeforeEach
  void open() throws Exception {
    element = TestElement.create();
    session = element.login();
    volume = SecureFileSystem.create(session, new MemoryStore(), Sql.smallVolume());
    database = SecureDatabase.open(volume, "/app.db", SMALL);
    connection = database.getConnection();
    Sql.run(
        connection, Sql.TABLE, "create table state (n integer)", "insert into state values (0)");
    connection.setAutoCommit(false);
    Sql.fill(connection, 0, 1500);
    connection.commit();
    connection.setAutoCommit(true);
    other = TestElement.create();
    otherSession = other.login();
    disk = new MemoryStore();
    store = new FaultyStore(disk);
    target = SecureFileSystem.create(otherSession, store, Sql.smallVolume());
  }

  @AfterEach
  void close() throws IOException {
    store.disarm();
    database.close();
    otherSession.close();
    session.close();
    other.close();
    element.close();
  }

  private static String state(SecureFileSystem volume, String path) throws Exception {
    try (SecureDatabase copy = SecureDatabase.open(volume, path, CHECKED);
        Connection reader = copy.getConnection()) {
      assertThat(Sql.value(reader, "pragma integrity_check")).isEqualTo("ok");
      return Sql.value(reader, "select n from state")
          + " "
          + Sql.value(reader, "select count(*) || sum(length(content)) || max(name) from t");
    }
  }

  private String state() throws Exception {
    return Sql.value(connection, "select n from state")
        + " "
        + Sql.value(connection, "select count(*) || sum(length(content)) || max(name) from t");
  }

  private List<String> names() throws IOException {
    return target.list("/").stream().map(DirectoryEntry::name).toList();
  }

  /** Runs something when the copy has been written for a while. */
  private void meanwhile(Runnable action) {
    AtomicInteger writes = new AtomicInteger();
    store.arm(
        FaultPlan.of(Fault.IO_ERROR)
            .on(StoreOperation.WRITE)
            .at(Long.MAX_VALUE)
            .where(
                name -> {
                  if (writes.incrementAndGet() == 3) {
                    action.run();
                  }
                  return true;
                }));
  }

  @Test
  @Tag("jdk25")
  void aCopyInTheVolumeOfAnotherElementIsTheDatabase() throws Exception {
    String before = state();
    database.backup(target, "/copy.db");
    Sql.run(connection, "update state set n = 1", "delete from t where id > 10");
    assertThat(state(target, "/copy.db")).isEqualTo(before);
    database.backup(target, "/copy.db");
    assertThat(state(target, "copy.db")).isEqualTo(state());
    assertThat(names()).containsExactly("copy.db");
  }

  @Test
  void aCopyInADirectoryIsTheDatabase() throws Exception {
    database.backup(session, folder.resolve("new"), "copy.db");
    try (SecureDatabase copy =
            SecureDatabase.open(session, folder.resolve("new"), "copy.db", CHECKED);
        Connection reader = copy.getConnection()) {
      assertThat(Sql.number(reader, "select count(*) from t")).isEqualTo(1500);
    }
  }

  @Test
  void aDatabaseThatIsOnlyReadIsCopied() throws Exception {
    database.close();
    try (SecureDatabase readOnly = SecureDatabase.open(volume, "/app.db", CHECKED)) {
      readOnly.backup(target, "/copy.db");
    }
    assertThat(state(target, "/copy.db")).startsWith("0 1500");
  }

  @Test
  @Tag("jdk25")
  void whatIsCommittedMeanwhileIsNotInTheCopy() throws Exception {
    Sql.run(connection, "create table more (pad blob)");
    Sql.run(
        connection, // the target's cache takes what comes before it
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 9000)"
            + " insert into more select zeroblob(900) from n");
    String before = state();
    List<Exception> failures = new ArrayList<>();
    meanwhile(
        () -> {
          try {
            Sql.run(
                connection, "update t set content = zeroblob(300), name = 'other' where id % 2");
            Sql.run(connection, "update state set n = 7", "delete from t where id > 100");
            Sql.run(
                connection, "update more set pad = randomblob(900) where rowid > 8500", "vacuum");
          } catch (Exception e) {
            failures.add(e);
          }
        });
    database.backup(target, "/copy.db");
    assertThat(failures).isEmpty();
    assertThat(state()).startsWith("7 101");
    assertThat(state(target, "/copy.db")).isEqualTo(before);
  }

  @Test
  @Tag("jdk25")
  void copiesAreWholeWhileFourThreadsWrite() throws Exception {
    Sql.run(connection, "create table account (id integer primary key, amount integer, pad blob)");
    Sql.run(
        connection,
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 400)"
            + " insert into account select i, 1000, randomblob(900) from n");
    AtomicInteger transfers = new AtomicInteger();
    AtomicInteger going = new AtomicInteger(1);
    List<Throwable> failures = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    DatabaseOptions patient = DatabaseOptions.builder().cacheBytes(64 << 10).build();
    database.close();
    database = SecureDatabase.open(volume, "/app.db", patient);
    for (int i = 0; i < 4; i++) {
      int seed = i;
      Thread thread =
          new Thread(
              () -> {
                try (Connection own = database.getConnection()) {
                  own.setAutoCommit(false);
                  for (int n = seed; going.get() == 1; n += 7) {
                    Sql.run(
                        own,
                        "update account set amount = amount - 5 where id = 1 + " + n % 400,
                        "update account set amount = amount + 5 where id = 1 + " + (n + 200) % 400);
                    own.commit();
                    transfers.incrementAndGet();
                  }
                } catch (Throwable e) {
                  synchronized (failures) {
                    failures.add(e);
                  }
                }
              });
      threads.add(thread);
      thread.start();
    }
    int before = transfers.get();
    for (int i = 0; i < 4; i++) {
      database.backup(target, "/copy.db");
      try (SecureDatabase copy = SecureDatabase.open(target, "/copy.db", CHECKED);
          Connection reader = copy.getConnection()) {
        assertThat(Sql.number(reader, "select sum(amount) from account")).isEqualTo(400_000);
        assertThat(Sql.value(reader, "pragma integrity_check")).isEqualTo("ok");
      }
    }
    going.set(0);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
    assertThat(transfers.get()).isGreaterThan(before);
  }

  @Test
  void databasesThatAreOpenAreNotReplaced() throws Exception {
    assertThatThrownBy(() -> database.backup(volume, "/app.db"))
        .isInstanceOf(DatabaseInUseException.class);
    volume.createSymbolicLink("/link", "/app.db");
    assertThatThrownBy(() -> database.backup(volume, "/link"))
        .isInstanceOf(DatabaseInUseException.class);
    database.backup(target, "/copy.db");
    try (SecureDatabase copy = SecureDatabase.open(target, "/copy.db", SMALL)) {
      assertThatThrownBy(() -> database.backup(target, "/copy.db"))
          .isInstanceOf(DatabaseInUseException.class);
      assertThat(copy.getConnection().isValid(1)).isTrue();
    }
    target.createDirectory("/directory");
    assertThatThrownBy(() -> database.backup(target, "/directory"))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("is a directory");
    assertThatThrownBy(() -> database.backup(target, "/absent/copy.db"))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(names()).containsExactlyInAnyOrder("copy.db", "directory");
    assertThat(state(target, "/copy.db")).isEqualTo(state());
  }

  @Test
  void aDatabaseThatWasMadeThereMeanwhileIsNotReplaced() throws Exception {
    List<SecureDatabase> made = new ArrayList<>();
    try (DatabaseFile empty =
            new DatabaseFile(
                volume.openFile(
                    "/empty.db",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE),
                ScratchFiles.usual());
        DatabaseSnapshot snapshot = empty.snapshot()) {
      Backup.Check meanwhile = copy -> made.add(SecureDatabase.open(target, "/copy.db", SMALL));
      assertThatThrownBy(() -> new Backup(target, "/copy.db").write(snapshot, () -> {}, meanwhile))
          .isInstanceOf(DatabaseInUseException.class);
    }
    try (SecureDatabase open = made.get(0);
        Connection writer = open.getConnection()) {
      Sql.run(writer, "create table mine (v)");
    }
    assertThat(names()).containsExactly("copy.db");
    try (SecureDatabase again = SecureDatabase.open(target, "/copy.db", SMALL);
        Connection reader = again.getConnection()) {
      assertThat(Sql.number(reader, "select count(*) from mine")).isZero();
    }
  }

  @Test
  void itWaitsForPagesThatAreNotCommitted() throws Exception {
    connection.setAutoCommit(false);
    Sql.run(connection, "update t set content = zeroblob(500)"); // more than the cache holds
    assertThatThrownBy(() -> database.backup(target, "/copy.db"))
        .isInstanceOf(DatabaseBusyException.class)
        .hasMessageContaining("/app.db")
        .hasMessageContaining("100 ms");
    connection.rollback();
    database.backup(target, "/copy.db");
  }

  @Test
  void aDamagedDatabaseReplacesNoBackup() throws Exception {
    database.backup(target, "/copy.db");
    String good = state(target, "/copy.db");
    database.close();
    try (SecureFile file =
        volume.openFile("/app.db", StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      file.pwrite(60 * 4096, new byte[3 * 4096], 0, 3 * 4096);
    }
    database = SecureDatabase.open(volume, "/app.db", SMALL);
    assertThatThrownBy(() -> database.backup(target, "/copy.db"))
        .isInstanceOf(DatabaseUnreadableException.class)
        .hasMessageContaining("/copy.db");
    assertThat(state(target, "/copy.db")).isEqualTo(good);
    assertThat(names()).containsExactly("copy.db");
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"NO_SPACE", "IO_ERROR"})
  void aMediumThatFailsKeepsTheOldBackup(Fault fault) throws Exception {
    database.backup(target, "/copy.db");
    String old = state(target, "/copy.db");
    target.close();
    Sql.run(connection, "update state set n = 1");
    String now = state();
    MemoryStore good = disk;
    long covered = 40;
    for (long at = 1; at <= covered; at += 1 + covered / 8) {
      MemoryStore copy = good.copy();
      store = new FaultyStore(copy);
      target = SecureFileSystem.open(otherSession, store, Sql.smallVolume());
      store.arm(FaultPlan.of(fault).at(at).lasting());
      boolean failed = false;
      try {
        database.backup(target, "/copy.db");
      } catch (IOException e) {
        assertThat(store.struck()).as("place " + at + ": " + e).isPositive();
        failed = true;
      }
      covered = Math.max(covered, store.covered());
      store.disarm();
      try {
        target.close();
      } catch (IOException e) {
        assertThat(failed).isTrue();
      }
      target = SecureFileSystem.open(otherSession, copy, Sql.smallVolume());
      assertThat(state(target, "/copy.db"))
          .as("place " + at)
          .isIn(failed ? List.of(old, now) : List.of(now));
      database.backup(target, "/copy.db");
      assertThat(names()).containsExactly("copy.db");
      target.close();
    }
    System.out.println("DatabaseBackupTest: " + fault + ", " + covered + " places");
  }

  @Test
  void aCrashLeavesTheOldBackupOrTheNewOne() throws Exception {
    target.close();
    Sql.run(connection, "delete from t where id > 120", "vacuum");
    RecordingStore recording = RecordingStore.over(disk);
    String first = state();
    String second;
    try (SecureFileSystem recorded =
        SecureFileSystem.open(otherSession, recording, Sql.smallVolume())) {
      database.backup(recorded, "/copy.db");
      recording.mark(first);
      Sql.run(connection, "update state set n = 1");
      second = state();
      database.backup(recorded, "/copy.db");
      recording.mark(second);
    }
    CrashModel model =
        CrashModel.strict().withExhaustive(5).withSamples(6).withTorn(6).withGarbage(4);
    long states =
        CrashStates.of(recording.log(), model, SEED)
            .forEach(
                image -> {
                  try (SecureFileSystem crashed =
                      SecureFileSystem.open(otherSession, image.store(), Sql.smallVolume())) {
                    List<Object> marks = image.marks();
                    if (crashed.exists("/copy.db")) {
                      String found = state(crashed, "/copy.db");
                      assertThat(found)
                          .isIn(marks.contains(second) ? List.of(second) : List.of(first, second));
                    } else {
                      assertThat(marks).isEmpty();
                    }
                    assertThat(crashed.list("/").size()).isLessThanOrEqualTo(2);
                  }
                });
    System.out.println("DatabaseBackupTest: seed " + SEED + ", " + states + " crash states");
    assertThat(states).isGreaterThan(50);
  }

  @Test
  void whatACrashLeavesIsOverwritten() throws Exception {
    MemoryStore before = disk;
    List<MemoryStore> copies = new ArrayList<>();
    meanwhile(() -> copies.add(before.copy()));
    database.backup(target, "/copy.db");
    target.close();
    try (SecureFileSystem crashed =
        SecureFileSystem.open(otherSession, copies.get(0), Sql.smallVolume())) {
      database.backup(crashed, "/copy.db");
      assertThat(crashed.list("/")).hasSize(1);
      assertThat(state(crashed, "/copy.db")).isEqualTo(state());
    }
  }

  @Test
  void anInterruptEndsIt() throws Exception {
    meanwhile(() -> Thread.currentThread().interrupt());
    assertThatThrownBy(() -> database.backup(target, "/copy.db"))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(names()).isEmpty();
    assertThat(connection.isValid(1)).isTrue();
  }

  @Test
  @Tag("jdk25")
  void closingTheDatabaseEndsIt() throws Exception {
    meanwhile(
        () -> {
          try {
            database.close();
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
    assertThatThrownBy(() -> database.backup(target, "/copy.db"))
        .isInstanceOf(ClosedChannelException.class);
    assertThat(names()).isEmpty();
    assertThatThrownBy(() -> database.backup(target, "/copy.db"))
        .isInstanceOf(ClosedChannelException.class);
  }

  @Test
  void anElementThatHasGoneEndsIt() throws Exception {
    otherSession.close();
    assertThatThrownBy(() -> database.backup(target, "/copy.db")).isInstanceOf(IOException.class);
    assertThat(connection.isValid(1)).isTrue();
  }
}
