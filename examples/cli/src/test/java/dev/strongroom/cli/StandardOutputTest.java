// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a command says when standard output takes no more. */
class StandardOutputTest {

  @TempDir Path temporary;

  private VolumeFixture at;

  @BeforeEach
  void makeVolume() throws IOException {
    at = new VolumeFixture(temporary);
    at.run("put", at.volume, at.file("a", "content")).ok();
  }

  @Test
  void aReaderThatHasEndedIsNoError() {
    for (String command : new String[] {"ls", "cat"}) {
      assertThat(run("Broken pipe", command)).isEqualTo("141 ");
    }
  }

  @Test
  void aFullDiskIsAnError() {
    for (String command : new String[] {"ls", "cat"}) {
      assertThat(run("No space left on device", command))
          .startsWith("8 strongroom: standard output takes no more");
    }
  }

  /** The exit code and what was said, when every write fails. */
  private String run(String problem, String command) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    OutputStream refusing =
        new OutputStream() {
          @Override
          public void write(int value) throws IOException {
            throw new IOException(problem);
          }
        };
    Console console =
        new Console(
            InputStream.nullInputStream(),
            new StandardOutput(refusing, UTF_8),
            new PrintStream(err, true, UTF_8),
            Map.of("STRONGROOM_PIN", Cli.USER_PIN),
            null,
            false,
            false);
    ExitCode code = CommandLines.run(console, command, at.volume.toString(), "a");
    return code.code() + " " + err.toString(UTF_8);
  }
}
