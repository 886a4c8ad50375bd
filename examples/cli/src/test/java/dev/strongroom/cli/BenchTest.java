// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.workloads.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
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
    assertThat(out.lines().count()).isEqualTo(1);
    for (Workload workload : Workload.values()) {
      String row =
          "\\{\"name\":\""
              + workload.name().toLowerCase(Locale.ROOT)
              + "\",\"title\":\"[^\"]+\",\"unit\":\"[^\"]+\",\"volume\":[0-9.]+,\"plain\":[0-9.]+\\}";
      assertThat(out).containsPattern(row);
    }
    assertThat(out)
        .contains("\"name\":\"" + element + "\"", "a \\\"disk\\\"")
        .matches(Pattern.compile("\\{.*\\}\\s*", Pattern.DOTALL));
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
