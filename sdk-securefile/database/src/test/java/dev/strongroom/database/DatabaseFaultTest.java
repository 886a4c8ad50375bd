// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.testkit.FaultPlan;
import dev.strongroom.file.testkit.FaultPlan.Fault;
import dev.strongroom.file.testkit.FaultyStore;
import dev.strongroom.file.testkit.MemoryStore;
import java.io.IOException;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The medium fails, or somebody has changed it: an error, or the rows that were committed. */
@Tag("jdk25")
class DatabaseFaultTest {

  private static final long SEED = Long.getLong("fault.seed", 20260101);
  private static final int TRANSACTIONS = 8;
  private static final int PLACES = 12;

  private static final DatabaseOptions SMALL =
      DatabaseOptions.builder().cacheBytes(64 << 10).build();

  private TestElement element;
  private ElementSession session;
  private MemoryStore disk;

  @BeforeEach
  void makeDatabase() throws Exception {
    element = TestElement.create();
    session = element.login();
    disk = new MemoryStore();
    try (SecureFileSystem volume = SecureFileSystem.create(session, disk, Sql.smallVolume());
        SecureDatabase database = SecureDatabase.open(volume, "/app.db", SMALL);
        Connection connection = database.getConnection()) {
      Sql.run(connection, Sql.TABLE, "create table state (n integer not null)");
      Sql.run(connection, "insert into state values (0)");
      connection.setAutoCommit(false);
      Sql.fill(connection, 0, 200);
      connection.commit();
    }
  }

  @AfterEach
  void close() {
    session.close();
    element.close();
  }

  /** Runs transactions until one fails; answers the last one that was acknowledged. */
  private int work(SecureDatabase database) {
    int acknowledged = 0;
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      for (int n = 1; n <= TRANSACTIONS; n++) {
        Sql.run(connection, "update state set n = " + n);
        Sql.fill(connection, 200 * n, n % 4 == 0 ? 200 : 5);
        Sql.run(connection, "update t set name = name || 'x' where id % 7 = " + n % 7);
        connection.commit();
        acknowledged = n;
      }
    } catch (SQLException e) {
      return acknowledged;
    }
    return acknowledged;
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"NO_SPACE", "IO_ERROR", "SYNC_ERROR"})
  void aFaultAnywhereLosesNothingThatWasAcknowledged(Fault fault) throws Exception {
    long places = run(fault, Long.MAX_VALUE, disk.copy());
    assertThat(places).isPositive();
    long step = Math.max(1, places / PLACES);
    for (long at = 1; at <= places; at += step) {
      run(fault, at, disk.copy());
    }
    System.out.println("DatabaseFaultTest: " + fault + ", " + places + " places");
  }

  @Test
  void aBatchThatFailsNamesWhatWasUnderneath() throws Exception {
    FaultyStore store = new FaultyStore(disk);
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, Sql.smallVolume());
        SecureDatabase database = SecureDatabase.open(volume, "/app.db", SMALL);
        Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.addBatch("insert into t values (9000, 'x', randomblob(500))");
      store.arm(FaultPlan.of(Fault.NO_SPACE).at(1).lasting());
      assertThatThrownBy(statement::executeBatch)
          .isInstanceOf(BatchUpdateException.class)
          .hasRootCauseInstanceOf(IOException.class);
      store.disarm();
    }
  }

  /** Fails an operation and all behind it, then looks at what is there; answers how many came. */
  private long run(Fault fault, long at, MemoryStore copy) throws Exception {
    FaultyStore store = new FaultyStore(copy);
    int acknowledged = 0;
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, Sql.smallVolume())) {
      try (SecureDatabase database = SecureDatabase.open(volume, "/app.db", SMALL)) {
        store.arm(FaultPlan.of(fault).at(at).lasting());
        acknowledged = work(database);
      }
    } catch (IOException e) {
      assertThat(store.struck()).as("place " + at + ": " + e).isPositive();
    }
    long covered = store.covered();
    store.disarm();
    try (SecureFileSystem volume = SecureFileSystem.open(session, copy, Sql.smallVolume());
        SecureDatabase database = SecureDatabase.open(volume, "/app.db", SMALL);
        Connection connection = database.getConnection()) {
      assertThat(Sql.value(connection, "pragma integrity_check")).isEqualTo("ok");
      assertThat(Sql.number(connection, "select n from state"))
          .as("place " + at)
          .isBetween((long) acknowledged, acknowledged + 1L);
    }
    return covered;
  }

  @Test
  void whatSomebodyHasChangedIsAnErrorAndNeverAWrongRow() throws Exception {
    System.out.println("DatabaseFaultTest: seed " + SEED);
    Random random = new Random(SEED);
    String rows = rows(disk.copy());
    List<String> names = new ArrayList<>(disk.files());
    names.removeIf(name -> name.equals("strongroom.journal"));
    int noticed = 0;
    for (int i = 0; i < 60; i++) {
      MemoryStore copy = disk.copy();
      String name = names.get(random.nextInt(names.size()));
      byte[] content = copy.content(name);
      int at = random.nextInt(content.length);
      if (random.nextInt(3) == 0 && content.length > 20_000) { // a sector in another one's place
        int from = random.nextInt(content.length / 4096 - 1) * 4096;
        int to = random.nextInt(content.length / 4096 - 1) * 4096;
        System.arraycopy(disk.content(name), from, content, to, 4096);
      } else {
        content[at] ^= (byte) (1 << random.nextInt(8));
      }
      copy.replaceContent(name, content);
      try {
        assertThat(rows(copy)).isEqualTo(rows);
      } catch (IOException e) {
        noticed++;
      } catch (SQLException e) {
        assertThat(e.getMessage()).containsAnyOf("SQLITE_IOERR_DATA", "SQLITE_NOTADB");
        noticed++;
      }
    }
    assertThat(noticed).isGreaterThan(20);
  }

  private String rows(MemoryStore store) throws IOException, SQLException {
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, Sql.smallVolume());
        SecureDatabase database = SecureDatabase.open(volume, "/app.db", SMALL);
        Connection connection = database.getConnection()) {
      return Sql.value(
          connection, "select group_concat(id || name || hex(content)) || total(n) from t, state");
    }
  }
}
