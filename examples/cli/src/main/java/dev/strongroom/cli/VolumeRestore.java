// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.Role;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.LedgerException;
import dev.strongroom.file.LedgerRepair;
import dev.strongroom.file.SecureFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings a volume back from its backup. */
@Command(
    name = "restore",
    description =
        "Copies a backup to where its volume shall be. A volume that is there is renamed, not"
            + " removed.")
final class VolumeRestore implements Callable<Integer> {

  private final Settings settings;

  @Parameters(index = "0", paramLabel = "BACKUP", description = "The backup's directory.")
  private Path backup = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "TARGET",
      description = "The volume's directory: absent, empty, or a volume.")
  private Path target = Path.of("");

  @Option(
      names = "--accept",
      description =
          "Let a backup count that is older than what the element knows, by the administrator's PIN."
              + " What was committed since is void. Recorded.")
  private boolean accept;

  VolumeRestore(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    try (Login login = Login.forVolume(settings, backup, target);
        Progress progress = settings.progress("restore", Progress.UNKNOWN)) {
      Optional<Path> replaced = restore(login, progress);
      progress.clear();
      settings.say(target + ": restored from " + backup);
      replaced.ifPresent(
          aside ->
              settings.say(aside + ": the volume that was there; remove it when it is not needed"));
    } catch (LedgerException e) {
      if (accept || e.state().repair() == LedgerRepair.ADOPT) {
        throw e;
      }
      throw new CommandException(
          ExitCode.INTEGRITY,
          e.getMessage() + "; \"volume restore --accept\" does so, by the administrator's PIN");
    } catch (IntegrityException | FormatVersionException e) {
      throw new LocatedException(backup.toString(), e);
    }
    return ExitCode.OK.code();
  }

  private Optional<Path> restore(Login login, Progress progress) throws IOException {
    if (!accept) {
      return SecureFileSystem.restore(login.session(), backup, target, progress::add);
    }
    try (SecretBytes administrator = login.pin(Role.ADMINISTRATOR)) {
      return SecureFileSystem.restore(
          login.session(), backup, target, administrator, progress::add);
    }
  }
}
