// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.SecureFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Copies a volume. */
@Command(
    name = "backup",
    description =
        "Copies a volume to an absent or empty directory and opens the copy. A backup is a volume;"
            + " \"volume restore\" brings it back.")
final class VolumeBackup implements Callable<Integer> {

  private final Settings settings;

  @Parameters(index = "0", paramLabel = "VOLUME", description = "The volume's directory.")
  private Path volume = Path.of("");

  @Parameters(index = "1", paramLabel = "TARGET", description = "The directory for the copy.")
  private Path target = Path.of("");

  VolumeBackup(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    AtomicLong bytes = new AtomicLong();
    try (Login login = Login.forVolume(settings, volume);
        Progress progress = settings.progress("backup", Progress.UNKNOWN)) {
      SecureFileSystem.backup(
          login.session(),
          volume,
          target,
          more -> {
            bytes.addAndGet(more);
            progress.add(more);
          });
    } catch (IntegrityException | FormatVersionException e) {
      throw new LocatedException(volume.toString(), e);
    }
    settings.say(target + ": backup of " + volume + ", " + Sizes.text(bytes.get()));
    return ExitCode.OK.code();
  }
}
