// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process says when it is told to end. */
class InterruptionTest {

  private static final int SIGTERM_CODE = 143;

  @TempDir Path temporary;

  private VolumeFixture at;
  private Path err;

  @BeforeEach
  void makeVolume() throws IOException {
    at = new VolumeFixture(temporary);
    err = at.folder.resolve("err");
  }

  @Test
  void anInterruptedCommandSaysSo() throws Exception {
    at.run("put", at.volume, at.large("large", 1_000_000)).ok();
    Process cat = start("cat", at.volume.toString(), "large");
    try {
      assertThat(cat.getInputStream().read()).isNotNegative(); // the rest does not fit the pipe
      cat.toHandle().destroy(); // SIGTERM: to the JVM as Ctrl-C
      assertThat(cat.waitFor(1, TimeUnit.MINUTES)).isTrue();
    } finally {
      cat.destroyForcibly();
    }
    assertThat(err).hasContent("strongroom: interrupted");
    assertThat(cat.exitValue()).isEqualTo(SIGTERM_CODE);
  }

  /** A person at the prompt of a shell, whose statement would take long. */
  @Test
  void anInterruptedStatementEndsAndTheShellGoesOn() throws Exception {
    Process shell = startAt("02", "db", "shell", at.volume.toString(), "a.db", "--csv");
    try (BufferedReader out = shell.inputReader();
        Writer in = shell.outputWriter()) {
      in.write(
          "with recursive n(i) as (select 1 union all select i + 1 from n) select i from n"
              + " limit 3000000;\n"); // the pipe holds far less
      in.flush();
      assertThat(out.readLine()).isEqualTo("i"); // so it runs; much follows
      new ProcessBuilder("kill", "-INT", Long.toString(shell.pid())).start().waitFor();
      in.write("select 'after' as a;\n.quit\n");
      in.flush();
      assertThat(out.lines().skip(1).dropWhile(line -> !line.equals("a")).toList())
          .containsExactly("a", "after");
      assertThat(shell.waitFor()).isZero();
    } finally {
      shell.destroyForcibly();
    }
    assertThat(err).content().contains("sql> strongroom: interrupted; the statement was undone");
  }

  @Test
  void oneThatHasEndedDoesNot() throws Exception {
    Process ls = start("ls", at.folder.resolve("none").toString());
    assertThat(ls.waitFor()).isEqualTo(ExitCode.NAME.code());
    assertThat(err).content().contains("no volume here").doesNotContain("interrupted");
  }

  private Process start(String... arguments) throws IOException {
    return startAt("", arguments);
  }

  /** Starts a process of whose standard streams some are terminals, or taken for them. */
  private Process startAt(String terminal, String... arguments) throws IOException {
    // A build in the background has its children ignore Ctrl-C, and Java leaves that as it is.
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Dstrongroom.terminal=" + terminal, "-cp"));
    command.add(
        System.getProperty("jdk.module.path", "")
            + File.pathSeparator
            + System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
    builder.environment().put("STRONGROOM_PIN", Cli.USER_PIN);
    return builder.start();
  }
}
