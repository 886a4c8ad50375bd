// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody types the commands of the README's tutorial, one after the other. */
class TutorialTest {

  private static final Path README = Path.of("..", "..", "README.md");
  private static final String HEADING = "### In five minutes";
  private static final String REFUSED = "# refused";

  @TempDir Path folder;

  @Test
  void everyCommandOfTheTutorialDoesWhatIsWrittenThere() throws Exception {
    List<String> commands =
        Files.readAllLines(README).stream()
            .dropWhile(line -> !line.startsWith(HEADING))
            .skip(1)
            .takeWhile(line -> !line.startsWith("#"))
            .filter(line -> line.startsWith("    "))
            .map(String::strip)
            .toList();
    assertThat(commands).filteredOn(line -> line.contains(REFUSED)).hasSize(2);
    assertThat(commands).anyMatch(line -> line.startsWith("./strongroom send "));
    StringBuilder script = new StringBuilder("set -eu\n");
    for (String line : commands) {
      script.append(
          line.contains(REFUSED)
              ? "if " + line.substring(0, line.indexOf(REFUSED)) + "; then exit 99; fi\n"
              : line + "\n");
    }
    writeLauncher();
    Process shell =
        inFolder(new ProcessBuilder("sh", "-c", script.toString()))
            .redirectErrorStream(true)
            .start();
    shell.getOutputStream().close();
    String said = new String(shell.getInputStream().readAllBytes(), UTF_8);
    assertThat(shell.waitFor()).as(said).isZero();
    assertThat(said)
        .contains("A draft, never signed\nstrongroom: anna/copy: ", "older")
        .contains("received from anna", "received number 1 of \"anna\" before")
        .doesNotContain("\tat ");
  }

  /** What builds nothing, and starts this module. */
  private void writeLauncher() throws IOException, URISyntaxException {
    Path program =
        Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    String classPath =
        program
            + File.pathSeparator
            + System.getProperty("jdk.module.path", "")
            + File.pathSeparator
            + System.getProperty("java.class.path", "");
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Path launcher = folder.resolve("strongroom");
    Files.writeString(
        launcher,
        "#!/bin/sh\nexec '"
            + java
            + "' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '"
            + classPath
            + "' dev.strongroom.cli.Main \"$@\"\n");
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
  }

  private ProcessBuilder inFolder(ProcessBuilder builder) {
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("STRONGROOM_"));
    environment.put("STRONGROOM_PIN", Cli.USER_PIN);
    environment.put("STRONGROOM_ADMIN_PIN", Cli.ADMINISTRATOR_PIN);
    return builder.directory(folder.toFile());
  }
}
