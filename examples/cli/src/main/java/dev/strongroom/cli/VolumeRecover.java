// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.file.ElementAddress;
import dev.strongroom.file.RecoveryReport;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Copies a volume whose element is lost into a new one. */
@Command(
    name = "recover",
    description =
        "Copies all of a volume whose element is lost into a new volume of its recovery element, or"
            + " of a twin; needs --element URI. Nothing vouches for its being the newest state.")
final class VolumeRecover implements Callable<Integer> {

  private final Settings settings;

  @Parameters(index = "0", paramLabel = "VOLUME", description = "The volume's directory.")
  private Path volume = Path.of("");

  @Parameters(index = "1", paramLabel = "TARGET", description = "The directory of the new volume.")
  private Path target = Path.of("");

  VolumeRecover(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    OpenVolume.info(volume); // before a PIN is asked for
    OpenVolume.requireFree(target);
    Report report = settings.report();
    try (Login login = Login.named(settings, "volume recover", "the recovery element")) {
      VolumeOptions options =
          VolumeOptions.builder()
              .elementUri(ElementAddress.remembered(login.uri(), target))
              .build();
      RecoveryReport copied = SecureFileSystem.recover(login.session(), volume, target, options);
      for (RecoveryReport.Problem problem : copied.problems()) {
        report.problem(
            ExitCode.INTEGRITY, Text.printable(problem.path() + ": " + problem.message()));
      }
      settings.say(
          target
              + ": "
              + Sizes.files(copied.files())
              + ", "
              + Sizes.counted(copied.links(), "link")
              + ", "
              + Sizes.text(copied.bytes())
              + " recovered from "
              + volume);
      return copied.isComplete() ? ExitCode.OK.code() : ExitCode.PARTLY.code();
    }
  }
}
