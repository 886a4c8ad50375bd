// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarksTest {

  @TempDir Path folder;

  @Test
  void everyWorkloadRunsOnEveryPeerAndTheFolderIsRemoved() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Path page = folder.resolve("performance.md");
    Path work = Files.createDirectory(folder.resolve("work"));

    Benchmarks.run(
        new String[] {"--scale=0.002", "--rounds=1", "--directory=" + work, "--write=" + page},
        new PrintStream(out, true, UTF_8));

    assertThat(work).isEmptyDirectory();
    String text = Files.readString(page);
    for (Workload workload : Workload.values()) {
      assertThat(out.toString(UTF_8)).contains(workload.title());
      assertThat(text).contains("| " + workload.title() + " |");
    }
    assertThat(text)
        .contains("strongroom / plain", "strongroom / cryptofs 2.")
        .doesNotContain("NaN", "Infinity");
  }

  @Test
  void anUnknownOptionIsRefused() {
    assertThatThrownBy(
            () -> Benchmarks.run(new String[] {"--fast"}, new PrintStream(System.out, true, UTF_8)))
        .hasMessageContaining("--fast");
  }

  @Test
  void aMedianIsTheMiddle() {
    Results results = new Results(java.util.List.of("a", "b"));
    for (double figure : new double[] {5, 1, 3}) {
      results.add(Workload.LIST, "a", figure);
    }
    for (double figure : new double[] {4, 2}) {
      results.add(Workload.LIST, "b", figure);
    }
    assertThat(results.median(Workload.LIST, "a")).isEqualTo(3);
    assertThat(results.median(Workload.LIST, "b")).isEqualTo(3);
    assertThat(results.table()).contains("| list 10,000 names | name/s | 3 | 3 | 1.00 |");
  }
}
