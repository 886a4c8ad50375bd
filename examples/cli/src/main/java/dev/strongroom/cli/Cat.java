// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureOpenOption;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
      try (SecureFile file =
          open.files()
              .openFile(source.text(), StandardOpenOption.READ, SecureOpenOption.FORCE_OPEN)) {
        write(file);
      }
    }
    return ExitCode.OK.code();
  }

  /** Writes up to the end or, at most, up to the first byte that cannot be read. */
  private void write(SecureFile file) throws IOException {
    byte[] buffer = new byte[Copies.BUFFER_BYTES];
    try {
      long position = 0;
      int wanted = buffer.length;
      @Nullable IntegrityException damage = null;
      while (wanted > 0) {
        int count;
        try {
          count = file.pread(position, buffer, 0, wanted);
        } catch (IntegrityException e) {
          if (damage != null || e.from() <= position || e.from() - position >= wanted) {
            throw e;
          }
          damage = e;
          wanted = (int) (e.from() - position);
          continue;
        }
        if (count < 0) {
          break;
        }
        settings.console().write(buffer, count);
        position += count;
        if (damage != null) {
          throw damage;
        }
      }
    } finally {
      Arrays.fill(buffer, (byte) 0);
    }
  }
}
