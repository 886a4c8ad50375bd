// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Eight threads in a small heap that is collected all the time: what native code calls is still
 * there, and nothing that was committed is lost or half done.
 */
@Timeout(value = 40, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DatabaseStressTest {

  private static final long SEED = Long.getLong("stress.seed", 20260101);

  @TempDir Path folder;

  @Test
  @Tag("jdk25")
  void nothingIsCollectedThatSqliteStillCalls() throws Exception {
    stress(6, 0);
  }

  @Test
  @Tag("crash")
  void nothingIsCollectedInALongTime() throws Exception {
    stress(100, Integer.getInteger("stress.seconds", 600));
  }

  private void stress(int transactions, int seconds) throws Exception {
    try (ChildJvm child =
        ChildJvm.start(48, StressedDatabase.class, folder, SEED, transactions, seconds)) {
      String report = child.line();
      System.out.println("DatabaseStressTest: seed " + SEED + ", " + report);
      assertThat(report).matches("\\d+ commits, failures \\{.*}");
      assertThat(Long.parseLong(report.split(" ", -1)[0]))
          .isGreaterThanOrEqualTo(8L * transactions);
    }
  }
}
