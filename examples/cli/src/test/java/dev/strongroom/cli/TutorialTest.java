// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody types the commands of the README's tutorial, one after the other. */
class TutorialTest {

  private static final Path README = Path.of("..", "..", "README.md");
  private static final String HEADING = "### In five minutes";
  private static final String COMMAND = "./strongroom ";
  private static final String REFUSED = "# refused: ";

  /** Words that are places on the host; this process is in another directory. */
  private static final Pattern HOST =
      Pattern.compile("(sim:|)((?:anna|ben)/\\S+|[a-z]+\\.(?:card|sr))");

  @TempDir Path folder;

  @Test
  void everyCommandOfTheTutorialDoesWhatIsWrittenThere() throws Exception {
    List<String> lines =
        Files.readAllLines(README).stream()
            .dropWhile(line -> !line.startsWith(HEADING))
            .skip(1)
            .takeWhile(line -> !line.startsWith("#"))
            .filter(line -> line.startsWith("    "))
            .map(String::strip)
            .toList();
    assertThat(lines).filteredOn(line -> line.contains(REFUSED)).hasSize(2);
    assertThat(lines).anyMatch(line -> line.startsWith("./strongroom send "));
    StringBuilder said = new StringBuilder();
    for (String line : lines) {
      if (line.startsWith(COMMAND)) {
        said.append(strongroom(line.substring(COMMAND.length())));
      } else {
        shell(line);
      }
    }
    assertThat(said)
        .contains("A draft, never signed\nstrongroom: ", "put the newest copy of the volume back")
        .contains("received from anna", "of \"anna\" before");
  }

  private String strongroom(String line) {
    int end = line.contains(REFUSED) ? line.indexOf(REFUSED) : line.length();
    Object[] words =
        Arrays.stream(line.substring(0, end).strip().split("\\s+")).map(this::placed).toArray();
    Cli.Result result = Cli.withPin().set("STRONGROOM_ADMIN_PIN", Cli.ADMINISTRATOR_PIN).run(words);
    if (line.contains(REFUSED)) {
      result.failed(ExitCode.INTEGRITY);
    } else {
      result.ok();
    }
    return result.out() + result.err();
  }

  private String placed(String word) {
    Matcher host = HOST.matcher(word);
    return host.matches() ? host.group(1) + folder.resolve(host.group(2)) : word;
  }

  private void shell(String line) throws IOException, InterruptedException {
    Process shell =
        new ProcessBuilder("sh", "-c", line).directory(folder.toFile()).inheritIO().start();
    assertThat(shell.waitFor()).as(line).isZero();
  }
}
