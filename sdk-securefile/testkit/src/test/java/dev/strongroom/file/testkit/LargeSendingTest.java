// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A large file is sent and received in a process whose heap is a fraction of it, and takes no more
 * on the disk than the transient file and the result.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LargeSendingTest {

  @TempDir Path temporary;

  @Test
  void aHundredthOfTheWhole() throws Exception {
    send(107_374_182L);
  }

  @Test
  @Tag("growth")
  void theWhole() throws Exception {
    send(10_737_418_240L);
  }

  private void send(long size) throws Exception {
    List<String> lines = new ArrayList<>();
    try (ChildJvm child =
        ChildJvm.startIn(
            Path.of(""),
            List.of("-Xmx48m"),
            LargeSending.class,
            temporary.toString(),
            Long.toString(size))) {
      for (String line = child.line(); !line.equals("done"); line = child.line()) {
        System.out.println("LargeSendingTest: " + size + ": " + line);
        lines.add(line);
      }
    }
    assertThat(lines).hasSize(2);
    assertThat(bytes(lines.get(0))).isBetween(size, size + size / 100 + (1 << 20));
    assertThat(bytes(lines.get(1))).isBetween(size, size + size / 100 + (24 << 20));
  }

  private static long bytes(String line) {
    return Long.parseLong(line.substring(line.indexOf(' ') + 1));
  }
}
