// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.NoSpaceException;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.testkit.FaultPlan;
import dev.strongroom.file.testkit.FaultPlan.Fault;
import dev.strongroom.file.testkit.FaultyStore;
import dev.strongroom.file.testkit.LimitedStore;
import dev.strongroom.file.testkit.ManualExecutor;
import dev.strongroom.file.testkit.MemoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The medium is full, at every write of a workload in turn: the transaction fails and says why, the
 * ones before it are there, and the connection works on when there is room again.
 */
class FullDiskTest {

  private static final int TRANSACTIONS = 8;
  private static final int ROWS = 40;

  private static final DatabaseOptions SMALL =
      DatabaseOptions.builder().cacheBytes(64 << 10).build();

  private TestElement element;
  private ElementSession session;
  private final MemoryStore made = new MemoryStore();
  private final Map<String, Integer> answers = new TreeMap<>();

  @BeforeEach
  void makeDatabase() throws Exception {
    element = TestElement.create();
    session = element.login();
    try (SecureFileSystem volume = SecureFileSystem.create(session, made, options());
        SecureDatabase database = SecureDatabase.open(volume, "/app.db", SMALL);
        Connection connection = database.getConnection()) {
      Sql.run(
          connection,
          Sql.TABLE,
          "create table state (n integer not null, total integer not null)",
          "create index by_content on t (content)");
      Sql.fill(connection, 0, ROWS);
      Sql.run(connection, "insert into state values (0, " + ROWS + ")");
    }
  }

  @AfterEach
  void close() {
    session.close();
    element.close();
  }

  private static VolumeOptions options() {
    ManualExecutor executor = new ManualExecutor();
    return VolumeOptions.builder()
        .journalBytes(VolumeOptions.MINIMUM_JOURNAL_BYTES)
        .cacheBytes(4 << 20)
        .executor(executor)
        .clock(executor)
        .build();
  }

  @Test
  void atEveryWriteInTurn() throws Exception {
    int places = 0;
    for (boolean failed = true; failed; places++) {
      FaultyStore store = new FaultyStore(made.copy());
      int at = places + 1;
      failed =
          run(
              "write " + at,
              store,
              () ->
                  store.arm(
                      FaultPlan.of(Fault.NO_SPACE)
                          .where(name -> !name.equals("strongroom.journal")) // has its space
                          .at(at)
                          .lasting()),
              store::disarm);
    }
    report(places);
  }

  @Test
  void withMoreAndMoreRoom() throws Exception {
    grow(10 * 4096);
  }

  @Test
  @Tag("crash")
  void withAnotherBlockOfRoomEachTime() throws Exception {
    grow(4096);
  }

  private void grow(long step) throws Exception {
    int places = 0;
    for (boolean failed = true; failed; places++) {
      MemoryStore medium = made.copy();
      LimitedStore store = new LimitedStore(medium);
      long free = places * step;
      failed =
          run(
              free + " bytes free",
              store,
              () -> store.limit(medium.allocatedBytes() + free),
              () -> store.limit(Long.MAX_VALUE));
    }
    report(places);
  }

  private void report(int places) {
    System.out.println("FullDiskTest: " + places + " places, " + answers);
    assertThat(places).isGreaterThan(10);
    assertThat(answers.keySet()).isSubsetOf("SQLITE_FULL", "SQLITE_IOERR_WRITE");
    assertThat(answers).containsKey("SQLITE_FULL");
  }

  @Test
  void theFolderForTemporaryFiles() throws Exception {
    Path prlimit = Path.of("/usr/bin/prlimit");
    Assumptions.assumeTrue(Files.isExecutable(prlimit), "files cannot be limited here");
    try (SecureFileSystem volume =
            SecureFileSystem.create(session, new MemoryStore(), VolumeOptions.defaults());
        SecureDatabase database = SecureDatabase.open(volume, "/app.db", SMALL);
        Connection connection = database.getConnection()) {
      Sql.run(connection, Sql.TABLE);
      connection.setAutoCommit(false);
      Sql.fill(connection, 0, 20_000); // more than a scratch file keeps in memory
      connection.commit();
      connection.setAutoCommit(true);
      String all = "select count(*) || total(length(content)) || max(name) from t";
      String before = Sql.value(connection, all);
      for (String statement :
          List.of(
              "update t set content = zeroblob(500)", "create index c on t (content)", "vacuum")) {
        for (int room = 0; room < 2 << 20; room += 1_400_000) {
          limitFiles(prlimit, Integer.toString(room));
          try {
            Sql.run(connection, statement);
            throw new AssertionError("no error: " + statement + " with " + room);
          } catch (SQLException e) {
            answers.merge(code(e), 1, Integer::sum);
            assertThat(e.getCause()).as(statement).isInstanceOf(IOException.class);
          } finally {
            limitFiles(prlimit, "unlimited");
          }
          assertThat(Sql.value(connection, all)).as(statement).isEqualTo(before);
          assertThat(Sql.value(connection, "pragma quick_check")).as(statement).isEqualTo("ok");
        }
        Sql.run(connection, statement);
      }
      assertThat(Sql.value(connection, "pragma integrity_check")).isEqualTo("ok");
      System.out.println("FullDiskTest: temporary files, " + answers);
    }
  }

  private static String code(SQLException e) {
    return String.valueOf(e.getMessage()).split("[\\[\\]]", -1)[1];
  }

  /** Limits how long files may get that this process writes. */
  private static void limitFiles(Path prlimit, String bytes) throws Exception {
    Process process =
        new ProcessBuilder(
                prlimit.toString(),
                "--pid",
                Long.toString(ProcessHandle.current().pid()),
                "--fsize=" + bytes + ":unlimited")
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isZero();
  }

  /** Lets the medium become full and have room again; answers whether anything has failed. */
  private boolean run(String place, Store store, Runnable fill, Runnable makeRoom)
      throws Exception {
    boolean failed = false;
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, options());
        SecureDatabase database = SecureDatabase.open(volume, "/app.db", SMALL);
        Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      fill.run();
      int done = 0;
      try {
        while (done < TRANSACTIONS) {
          work(connection, done + 1);
          done++;
        }
      } catch (SQLException e) {
        failed = true;
        answers.merge(code(e), 1, Integer::sum);
        assertThat(e.getCause()).as(place + ": " + e).isInstanceOf(NoSpaceException.class);
        connection.rollback();
        requireState(place + ", full", connection, done);
      }
      makeRoom.run();
      work(connection, done + 1);
      requireState(place + ", with room", connection, done + 1);
    } catch (IOException e) {
      throw new AssertionError(place, e);
    }
    return failed;
  }

  private static void work(Connection connection, int n) throws SQLException {
    switch (n % 4) {
      case 0 -> Sql.fill(connection, 1000 * n, 4 * ROWS); // more than the cache of the connection
      case 1 -> Sql.fill(connection, 1000 * n, 5);
      case 2 -> Sql.run(connection, "update t set content = randomblob(700)");
      default -> Sql.run(connection, "delete from t where id % 5 = 0");
    }
    Sql.run(connection, "update state set n = " + n + ", total = (select count(*) from t)");
    connection.commit();
  }

  private static void requireState(String place, Connection connection, int n) throws SQLException {
    assertThat(Sql.number(connection, "select n from state")).as(place).isEqualTo(n);
    assertThat(Sql.number(connection, "select count(*) from t"))
        .as(place)
        .isEqualTo(Sql.number(connection, "select total from state"));
    assertThat(Sql.value(connection, "pragma integrity_check")).as(place).isEqualTo("ok");
    connection.commit();
  }
}
