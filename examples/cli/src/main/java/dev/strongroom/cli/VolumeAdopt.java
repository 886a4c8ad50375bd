// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.Role;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lets a twin vouch for a volume. */
@Command(
    name = "adopt",
    description = {
      "Lets a twin of a volume's element open the volume and vouch for it, as where that element is"
          + " lost; needs --element URI. Recorded.",
      VolumeLedger.PINS
    })
final class VolumeAdopt implements Callable<Integer> {

  private final Settings settings;

  @Parameters(paramLabel = "VOLUME", description = "The volume's directory.")
  private Path volume = Path.of("");

  VolumeAdopt(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    OpenVolume.info(volume); // before a PIN is asked for
    try (Login login = Login.named(settings, "volume adopt", "the twin");
        SecretBytes administrator = login.pin(Role.ADMINISTRATOR);
        SecureFileSystem files =
            SecureFileSystem.adopt(
                login.session(), volume, VolumeOptions.defaults(), administrator)) {
      settings.say(
          volume
              + ": element "
              + login.session().info().serialNumber()
              + (files.info().fresh() ? " vouches for it from now on" : " opens it from now on"));
    }
    return ExitCode.OK.code();
  }
}
