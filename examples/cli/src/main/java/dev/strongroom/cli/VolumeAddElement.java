// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lets a twin of a volume's element open it. */
@Command(
    name = "add-element",
    description = {
      "Lets a twin of a volume's element, which has the same master keys, open it from now on."
          + " Until \"volume adopt\" it reads only.",
      "PINs: the user's of the volume's element and of the twin, by --pin-file, STRONGROOM_PIN and"
          + " STRONGROOM_TWIN_PIN, or typed."
    })
final class VolumeAddElement implements Callable<Integer> {

  private final Settings settings;

  @Parameters(index = "0", paramLabel = "VOLUME", description = "The volume's directory.")
  private Path volume = Path.of("");

  @Parameters(index = "1", paramLabel = "TWIN", description = "The twin, such as sim:twin.element.")
  private String twin = "";

  VolumeAddElement(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    try (Login login = Login.forVolume(settings, volume);
        SecureFileSystem files =
            SecureFileSystem.open(login.session(), volume, VolumeOptions.defaults());
        Login other = login.twin(settings, twin)) {
      files.addElement(other.session());
      settings.say(
          volume + ": element " + other.session().info().serialNumber() + " opens it from now on");
    }
    return ExitCode.OK.code();
  }
}
