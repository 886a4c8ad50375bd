// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Makes a directory. */
@Command(name = "mkdir", description = "Makes a directory in a volume.")
final class Mkdir implements Callable<Integer> {

  private final Settings settings;

  @Parameters(index = "0", paramLabel = "VOLUME", description = "The volume's directory.")
  private Path volume = Path.of("");

  @Parameters(index = "1", paramLabel = "PATH", description = "The new directory.")
  private String path = "";

  Mkdir(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    VolumePath target = VolumePath.parse(path);
    if (target.isRoot()) {
      throw new FileAlreadyExistsException("/");
    }
    try (OpenVolume open = OpenVolume.forWriting(settings, volume)) {
      try {
        open.files().createDirectory(target.text());
      } catch (NoSuchFileException e) {
        throw new CommandException(
            ExitCode.NAME,
            target + ": " + target.parent() + " is not in the volume; make it first");
      }
    }
    return ExitCode.OK.code();
  }
}
