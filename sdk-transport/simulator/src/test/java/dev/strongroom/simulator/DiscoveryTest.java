// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("jdk25")
class DiscoveryTest {

  @TempDir Path folder;

  @Test
  void theSimulatorIsFoundOnTheClassPath() throws Exception {
    Path file = folder.resolve("element");
    assertThat(ChildJvm.lines(ChildJvm.onClassPath("discover", "sim:" + file)))
        .filteredOn(line -> !line.startsWith("SLF4J"))
        .containsExactly(
            "unknown nowhere, known [sim]",
            "schemes [sim]",
            "core is in the class path",
            "initialised true");
    assertThat(Files.size(file)).isEqualTo(ElementImage.FILE_LENGTH + 16);
  }

  @Test
  void theSimulatorIsFoundOnTheModulePath() throws Exception {
    Path file = folder.resolve("element");
    assertThat(ChildJvm.lines(ChildJvm.onModulePath("discover", "sim:" + file)))
        .filteredOn(line -> !line.startsWith("SLF4J"))
        .containsExactly(
            "unknown nowhere, known [sim]",
            "schemes [sim]",
            "core is in dev.strongroom.core",
            "initialised true");
    assertThat(Files.size(file)).isEqualTo(ElementImage.FILE_LENGTH + 16);
  }
}
