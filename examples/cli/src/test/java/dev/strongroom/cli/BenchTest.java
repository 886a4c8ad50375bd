// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.workloads.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("jdk25")
class BenchTest {

  @TempDir Path folder;

  @Test
  void everyWorkloadHasALineAndNothingStays() throws IOException {
    String out = new Cli().run("bench", folder, "--scale", "1").ok().out();
    assertThat(out)
        .contains("encrypt ", "keys of a file ", "list 100 names", " at " + folder)
        .doesNotContain("NaN");
    assertThat(out.lines().filter(line -> line.matches(".* [0-9,]+ \\S+/s .* [0-9.]+")).count())
        .isEqualTo(Workload.values().length);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void theSameAsJsonOnAnElementThatIsNamed() throws IOException {
    String element = Cli.element(folder.resolve("my.element"));
    Path disk = Files.createDirectory(folder.resolve("a \"disk\""));
    String out =
        Cli.withPin().run("bench", disk, "--json", "--scale=1", "--element", element).ok().out();
    Map<?, ?> report = (Map<?, ?>) JsonReader.parse(out);
    assertThat(((Map<?, ?>) java.util.Objects.requireNonNull(report.get("element"))).get("name"))
        .isEqualTo(element);
    assertThat(java.util.Objects.requireNonNull(report.get("where")).toString())
        .endsWith("a \"disk\"");
    List<?> rows = (List<?>) report.get("workloads");
    assertThat(rows).hasSize(Workload.values().length);
    for (Object row : rows) {
      assertThat(((Map<?, ?>) row).keySet())
          .map(Object::toString)
          .containsExactlyInAnyOrder("name", "title", "unit", "volume", "plain");
      assertThat((Long) ((Map<?, ?>) row).get("volume")).isPositive();
      assertThat((Long) ((Map<?, ?>) row).get("plain")).isPositive();
    }
    assertThat(disk).isEmptyDirectory();
  }

  @Test
  void whatCannotWorkIsRefusedBeforeAnythingIsMade() {
    new Cli().run("bench", folder.resolve("none")).failed(ExitCode.NAME, "none");
    new Cli().run("bench", folder, "--scale", "0").failed(ExitCode.USAGE, "1 to 1000");
    Cli.withPin()
        .run("bench", folder, "--element", "sim:" + folder.resolve("no.element"))
        .failed(ExitCode.NAME, "no.element");
    assertThat(folder).isEmptyDirectory();
  }
}
