// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process whose heap is far smaller than a transaction inserts, rolls back, changes and vacuums
 * all rows of a database.
 */
@Timeout(value = 100, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DatabaseGrowthTest {

  @TempDir Path folder;

  /** With the smallest cache: 28 MiB of pages are to it what 1.8 GiB are to the default. */
  @Test
  void transactionsFarLargerThanTheCache() throws Exception {
    grow(7 << 10, 1 << 20, 64);
  }

  @Test
  @Tag("growth")
  void transactionsOfFourGibibytes() throws Exception {
    grow(1 << 20, 64 << 20, 256);
  }

  private void grow(long rows, long cacheBytes, int heapMebibytes) throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    try (ChildJvm child =
        ChildJvm.start(
            heapMebibytes,
            GrowingDatabase.class,
            folder.resolve("volume"),
            temporary,
            rows,
            cacheBytes)) {
      for (String line = child.line(); !line.equals("done"); line = child.line()) {
        System.out.println("DatabaseGrowthTest: " + line);
      }
    }
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left.filter(name -> name.toString().endsWith(".scratch"))).isEmpty();
    }
  }
}
