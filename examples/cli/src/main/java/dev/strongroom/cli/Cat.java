// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.file.SecureFile;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Writes a file's content to standard output. */
@Command(
    name = "cat",
    description = "Writes a file's content to standard output; stops at damage, before it.")
final class Cat implements Callable<Integer> {

  private final Settings settings;

  @Parameters(index = "0", paramLabel = "VOLUME", description = "The volume's directory.")
  private Path volume = Path.of("");

  @Parameters(index = "1", paramLabel = "PATH", description = "The file in the volume.")
  private String path = "";

  Cat(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    VolumePath source = VolumePath.parse(path);
    try (OpenVolume open = OpenVolume.forReading(settings, volume)) {
      Kinds.requireFile(open.files(), source);
      byte[] buffer = new byte[Copies.BUFFER_BYTES];
      try (SecureFile file = open.files().openFile(source.text(), StandardOpenOption.READ)) {
        var out = settings.console().out();
        for (int count = file.read(buffer); count >= 0; count = file.read(buffer)) {
          out.write(buffer, 0, count);
          if (out.checkError()) {
            return ExitCode.IO.code(); // nobody reads any more
          }
        }
      } finally {
        java.util.Arrays.fill(buffer, (byte) 0);
      }
    }
    return ExitCode.OK.code();
  }
}
