// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.file.Freshness;
import dev.strongroom.file.VolumeOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
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

  private VolumeOptions.Builder options() {
    return VolumeOptions.builder().freshness(strict ? Freshness.STRICT : Freshness.NONE);
  }
}
