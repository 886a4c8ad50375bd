// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.testkit.CrashImage;
import dev.strongroom.file.testkit.CrashModel;
import dev.strongroom.file.testkit.CrashStates;
import dev.strongroom.file.testkit.MemoryStore;
import dev.strongroom.file.testkit.RecordingStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The power fails at every moment of a run of transactions: whatever the disk kept, the database is
 * what one commit has left, and none that was acknowledged is missing.
 */
class DatabaseCrashTest {

  private static final long SEED = Long.getLong("crash.seed", 20260101);
  private static final CrashModel MODEL =
      CrashModel.strict().withExhaustive(6).withSamples(16).withTorn(16).withGarbage(8);
  private static final CrashModel THOROUGH =
      CrashModel.strict().withExhaustive(8).withSamples(32).withTorn(32).withGarbage(16);

  private static final int ROWS = 400;

  private static final DatabaseOptions SMALL =
      DatabaseOptions.builder().cacheBytes(64 << 10).build();

  @Test
  void everyStateIsOneWholeCommit() throws Exception {
    assertThat(crash(MODEL, SEED, 27)).isGreaterThan(1500);
  }

  @Test
  @Tag("crash")
  void everyStateOfLongRunsIsOneWholeCommit() throws Exception {
    for (int i = 0; i < 4; i++) {
      assertThat(crash(THOROUGH, SEED + i, 60)).isGreaterThan(1500);
    }
  }

  private static long crash(CrashModel model, long seed, int transactions) throws Exception {
    try (TestElement element = TestElement.create();
        ElementSession session = element.login()) {
      MemoryStore disk = new MemoryStore();
      try (SecureFileSystem volume = SecureFileSystem.create(session, disk, Sql.smallVolume());
          SecureDatabase database = SecureDatabase.open(volume, "/app.db", SMALL);
          Connection connection = database.getConnection()) {
        Sql.run(
            connection,
            "create table state (n integer not null, total integer not null)",
            "insert into state values (0, 0)",
            "create table item (id integer primary key, n integer not null, content blob)",
            "create index by_n on item (n, content)");
      }
      RecordingStore recording = RecordingStore.over(disk);
      try (SecureFileSystem volume = SecureFileSystem.open(session, recording, Sql.smallVolume());
          SecureDatabase database = SecureDatabase.open(volume, "/app.db", SMALL);
          Connection connection = database.getConnection()) {
        connection.setAutoCommit(false);
        Random random = new Random(seed);
        for (int n = 1; n <= transactions; n++) {
          work(connection, random, n);
          if (random.nextInt(4) == 0) {
            connection.rollback();
            work(connection, random, n);
          }
          connection.commit();
          recording.mark(n);
        }
      }
      long states = CrashStates.of(recording.log(), model, seed).forEach(i -> check(session, i));
      System.out.println("DatabaseCrashTest: seed " + seed + ", " + states + " crash states");
      return states;
    }
  }

  /** Changes rows here and there, and notes the number of the transaction and of all rows. */
  private static void work(Connection connection, Random random, int n) throws Exception {
    int rows = random.nextInt(6) == 0 ? ROWS : 1 + random.nextInt(20);
    byte[] content = new byte[600];
    try (PreparedStatement put =
        connection.prepareStatement("insert or replace into item values (?, ?, ?)")) {
      for (int i = 0; i < rows; i++) {
        random.nextBytes(content);
        put.setInt(1, random.nextInt(ROWS));
        put.setInt(2, n);
        put.setBytes(3, content);
        put.addBatch();
      }
      put.executeBatch();
    }
    Sql.run(
        connection,
        "delete from item where id between " + random.nextInt(ROWS) + " and " + ROWS / 2,
        "update state set n = " + n + ", total = (select count(*) from item)");
  }

  private static void check(ElementSession session, CrashImage image) throws Exception {
    List<Object> marks = image.marks();
    int acknowledged = marks.isEmpty() ? 0 : (Integer) marks.get(marks.size() - 1);
    try (SecureFileSystem volume =
            SecureFileSystem.open(session, image.store(), Sql.smallVolume());
        SecureDatabase database =
            SecureDatabase.open(volume, "/app.db", DatabaseOptions.defaults());
        Connection connection = database.getConnection()) {
      assertThat(Sql.value(connection, "pragma integrity_check")).isEqualTo("ok");
      assertThat(Sql.number(connection, "select n from state"))
          .isBetween((long) acknowledged, acknowledged + 1L);
      assertThat(Sql.number(connection, "select count(*) from item"))
          .isEqualTo(Sql.number(connection, "select total from state"));
    }
  }
}
