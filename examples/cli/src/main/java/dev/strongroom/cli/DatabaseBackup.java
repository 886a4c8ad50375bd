// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.file.SecureFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Copies a database. */
@Command(
    name = "backup",
    description = {
      "Copies a database to a file of the same or another volume, encrypted, and checks the copy.",
      "PINs: the user's of the volume's element, and of the target's if that is another, by"
          + " --pin-file, STRONGROOM_PIN and STRONGROOM_TWIN_PIN, or typed."
    })
final class DatabaseBackup implements Callable<Integer> {

  private final Settings settings;

  @Option(names = "--force", description = "Replace a file that is there.")
  private boolean force;

  @Parameters(index = "0", paramLabel = "VOLUME", description = "The volume's directory.")
  private Path volume = Path.of("");

  @Parameters(index = "1", paramLabel = "PATH", description = "The database in the volume.")
  private String path = "";

  @Parameters(index = "2", paramLabel = "TARGET", description = "The directory of its volume.")
  private Path targetVolume = Path.of("");

  @Parameters(index = "3", paramLabel = "TO", description = "The copy in that volume.")
  private String target = "";

  DatabaseBackup(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    VolumePath from = VolumePath.parse(path);
    VolumePath to = VolumePath.parse(target);
    OpenVolume.info(volume);
    OpenVolume.info(targetVolume);
    if (volume.toRealPath().equals(targetVolume.toRealPath())) {
      try (OpenDatabase open = OpenDatabase.forWriting(settings, volume, from)) {
        copy(open, open.volume().files(), to);
      }
    } else {
      try (OpenDatabase open = OpenDatabase.forReading(settings, volume, from);
          OpenVolume other = open.volume().beside(settings, targetVolume)) {
        copy(open, other.files(), to);
      }
    }
    return ExitCode.OK.code();
  }

  private void copy(OpenDatabase open, SecureFileSystem files, VolumePath to) throws IOException {
    if (!force && files.exists(to.text())) {
      throw Kinds.replaceable(to.text());
    }
    open.database().backup(files, to.text());
    settings.say(
        targetVolume
            + ": "
            + to
            + ", backup of "
            + VolumePath.parse(path)
            + ", "
            + Sizes.text(files.stat(to.text()).size()));
  }
}
