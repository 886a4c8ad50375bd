// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.Role;
import dev.strongroom.file.LedgerRepair;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The commands by which an administrator makes a ledger count. */
@Command
final class VolumeLedger implements Callable<Integer> {

  /** What the help of these commands says. */
  static final String PINS =
      "PINs: the user's and the administrator's, by --pin-file, STRONGROOM_PIN and"
          + " STRONGROOM_ADMIN_PIN, or typed.";

  private final Settings settings;
  private final LedgerRepair repair;

  @Parameters(paramLabel = "VOLUME", description = "The volume's directory.")
  private Path volume = Path.of("");

  private VolumeLedger(Settings settings, LedgerRepair repair) {
    this.settings = settings;
    this.repair = repair;
  }

  /** One of the commands. */
  static CommandLine command(Settings settings, LedgerRepair repair) {
    CommandLine command = new CommandLine(new VolumeLedger(settings, repair));
    command.getCommandSpec().name(name(repair));
    command.getCommandSpec().usageMessage().description(description(repair), PINS);
    return command;
  }

  static String name(LedgerRepair repair) {
    return switch (repair) {
      case ACCEPT -> "accept";
      case REBUILD -> "rebuild-ledger";
      case ADOPT -> "adopt";
    };
  }

  private static String description(LedgerRepair repair) {
    return switch (repair) {
      case ACCEPT ->
          "Makes the copy of the volume that is there the valid one, such as a restored backup. What"
              + " was committed to another copy of it since is void for good. Recorded.";
      case REBUILD ->
          "Makes a ledger that is lost or damaged anew, from the headers of all files, which count as"
              + " they are. That a file was invalidated is forgotten. Recorded.";
      case ADOPT -> throw new IllegalArgumentException("a command of its own");
    };
  }

  @Override
  public Integer call() throws IOException {
    int before = OpenVolume.info(volume).ledgerRepairs().size();
    try (Login login = Login.forVolume(settings, volume);
        SecretBytes administrator = login.pin(Role.ADMINISTRATOR);
        SecureFileSystem files =
            SecureFileSystem.open(
                login.session(), volume, VolumeOptions.defaults(), repair, administrator)) {
      settings.say(
          volume
              + (files.info().ledgerRepairs().size() > before
                  ? ": done, and recorded"
                  : ": the element vouches for it already; nothing was done"));
    }
    return ExitCode.OK.code();
  }
}
