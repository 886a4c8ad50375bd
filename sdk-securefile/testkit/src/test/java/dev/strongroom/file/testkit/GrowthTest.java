// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What an operation costs in a large file, a large volume and a large directory is what it costs in
 * small ones: host calls, bytes, element commands and memory; the heap is 64 MiB.
 */
@Timeout(value = 100, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GrowthTest {

  private static final List<String> FIGURES =
      List.of("reads", "bytes read", "writes", "bytes written", "commands", "allocated");

  /**
   * What a figure may grow by at any size: a level of a tree more, and, for each name made in a
   * large directory, a page of its catalogue in place that names made in a small one share.
   */
  private static final double[] MORE = {2, 16_384, 3, 16_384, 0.1, 65_536};

  @TempDir Path temporary;

  @ParameterizedTest(name = "{0} of {1}")
  @CsvSource({"file, 251658240", "files, 10000", "names, 2500"})
  void aSampleThatGrowsTenfoldCostsTheSame(String what, long size) throws Exception {
    grow(what, size);
  }

  @ParameterizedTest(name = "{0} of {1}")
  @CsvSource({"file, 10737418240", "names, 100000", "files, 1000000"})
  @Tag("growth")
  void theWholeCostsTheSame(String what, long size) throws Exception {
    grow(what, size);
  }

  private void grow(String what, long size) throws Exception {
    Map<String, double[]> small = new HashMap<>();
    Map<String, double[]> large = new HashMap<>();
    Map<String, Long> heap = new HashMap<>();
    try (ChildJvm child =
        ChildJvm.startIn(
            Path.of(""),
            List.of("-Xmx64m"),
            GrowthWork.class,
            temporary.resolve(what).toString(),
            what,
            Long.toString(size))) {
      for (String line = child.line(); !line.equals("done"); line = child.line()) {
        System.out.println("GrowthTest: " + what + " of " + size + ": " + line);
        String[] words = line.split(" ", -1);
        if (words[0].equals("heap")) {
          heap.merge(words[1], Long.parseLong(words[2]), Math::max);
        } else {
          double[] figures = new double[FIGURES.size()];
          for (int i = 0; i < figures.length; i++) {
            figures[i] = Double.parseDouble(words[2 + i]);
          }
          (words[1].equals("small") ? small : large).put(words[0], figures);
        }
      }
    }
    assertThat(large.keySet()).isNotEmpty().isEqualTo(small.keySet());
    large.forEach(
        (operation, figures) -> {
          for (int i = 0; i < figures.length; i++) {
            assertThat(figures[i])
                .as("%s of %s", FIGURES.get(i), operation)
                .isLessThanOrEqualTo(
                    1.5 * java.util.Objects.requireNonNull(small.get(operation))[i] + MORE[i]);
          }
        });
    assertThat(heap.get("large"))
        .isLessThanOrEqualTo(java.util.Objects.requireNonNull(heap.get("small")) + (16 << 20));
  }
}
