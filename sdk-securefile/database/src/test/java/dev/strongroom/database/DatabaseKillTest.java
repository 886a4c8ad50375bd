// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.device.ElementSession;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process is killed again and again: what it had committed is there, as a whole. */
@Timeout(value = 40, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DatabaseKillTest {

  private static final long SEED = Long.getLong("crash.seed", 20260101);
  private static final int FEWEST_COMMITS = 200;

  @TempDir Path folder;

  @Test
  void whatWasCommittedOutlivesAKill() throws Exception {
    kill(1);
  }

  @Test
  @Tag("crash")
  void whatWasCommittedOutlivesManyKills() throws Exception {
    kill(Integer.getInteger("crash.kills", 60));
  }

  private void kill(int lives) throws Exception {
    Random random = new Random(SEED);
    Path file = folder.resolve("element");
    Path volume = folder.resolve("volume");
    try (TestElement element = TestElement.inFile(file);
        ElementSession session = element.login();
        SecureDatabase database =
            SecureDatabase.open(session, volume, "app.db", DatabaseOptions.defaults());
        Connection connection = database.getConnection()) {
      Sql.run(
          connection,
          "create table state (n integer not null, total integer not null)",
          "insert into state values (0, 0)",
          "create table item (id integer primary key, n integer not null, content blob)",
          "create index by_n on item (n, content)");
    }
    long last = 0;
    long told = 0;
    for (int life = 0; life < lives; life++) {
      int commits = FEWEST_COMMITS + random.nextInt(100);
      int oneInSoManySpills = life % 3 == 0 ? 2 : 20;
      long acknowledged = live(file, volume, random.nextLong(), oneInSoManySpills, last, commits);
      assertThat(acknowledged - last).isGreaterThanOrEqualTo(FEWEST_COMMITS);
      told += acknowledged - last;
      try (TestElement element = TestElement.inFile(file);
          ElementSession session = element.login();
          SecureDatabase database =
              SecureDatabase.open(
                  session, volume, "app.db", DatabaseOptions.builder().quickCheck().build());
          Connection connection = database.getConnection()) {
        assertThat(Sql.value(connection, "pragma integrity_check")).isEqualTo("ok");
        last = Sql.number(connection, "select n from state");
        assertThat(last).as("life " + life).isBetween(acknowledged, acknowledged + 1);
        assertThat(Sql.number(connection, "select count(*) from item"))
            .isEqualTo(Sql.number(connection, "select total from state"));
      }
    }
    System.out.println(
        "DatabaseKillTest: seed " + SEED + ", " + lives + " lives, " + told + " commits");
  }

  /** Lets a process commit for a while and kills it; answers the last commit that it told of. */
  private static long live(
      Path element, Path volume, long seed, int oneInSoManySpills, long before, int commits)
      throws Exception {
    long last = before;
    try (ChildJvm child =
        ChildJvm.start(256, KilledDatabase.class, element, volume, seed, oneInSoManySpills)) {
      for (int i = 0; i < commits; i++) {
        last = requireNext(last, child.line());
      }
      child.kill();
      for (String line = child.lineOrEnd(); line != null; line = child.lineOrEnd()) {
        if (line.endsWith(" committed")) { // the last line may be cut
          last = requireNext(last, line);
        }
      }
    }
    return last;
  }

  /** Every commit is told of by itself. */
  private static long requireNext(long last, String line) {
    assertThat(line).isEqualTo(last + 1 + " committed");
    return last + 1;
  }
}
