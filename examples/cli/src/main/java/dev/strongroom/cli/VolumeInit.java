// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.file.Freshness;
import dev.strongroom.file.RecoveryElement;
import dev.strongroom.file.VolumeOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a volume. */
@Command(
    name = "init",
    description = "Makes a volume in an absent or empty directory; needs --element URI.")
final class VolumeInit implements Callable<Integer> {

  private final Settings settings;

  @Parameters(paramLabel = "DIR", description = "The directory that becomes the volume.")
  private Path directory = Path.of("");

  @Option(
      names = "--strict",
      description =
          "Refuse every older state of files, directories and the whole volume, not only of what was"
              + " frozen. Cannot be changed later.")
  private boolean strict;

  @Option(
      names = "--recovery",
      paramLabel = "CARD",
      description =
          "The card of an element with other keys that shall be able to read everything, should this"
              + " one be lost: keep it as safe as this one.")
  private @Nullable Path recovery;

  @Mixin private CardConfirmation confirmation = new CardConfirmation();

  VolumeInit(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    try (OpenVolume volume = OpenVolume.create(settings, directory, options())) {
      settings.say(directory + ": made volume " + volume.files().info().id());
    }
    return ExitCode.OK.code();
  }

  private VolumeOptions.Builder options() throws IOException {
    VolumeOptions.Builder options =
        VolumeOptions.builder().freshness(strict ? Freshness.STRICT : Freshness.NONE);
    if (recovery != null) {
      ElementCard card = CardFile.read(recovery);
      confirmation.require(settings, card, recovery);
      options.recoveryElement(
          new RecoveryElement(card.serialNumber(), card.pinned(), Optional.empty()));
    }
    return options;
  }
}
