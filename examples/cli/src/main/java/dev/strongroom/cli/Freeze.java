// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.file.SecureFileSystem;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Ends all earlier copies of files. */
@Command(
    name = "freeze",
    description =
        "Ends all copies of files that were made before, backups too: they are refused from now on."
            + " Copies that are made later open until the next freeze.")
final class Freeze implements Callable<Integer> {

  private final Settings settings;

  @Mixin private VersionedPaths paths = new VersionedPaths();

  Freeze(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    List<VolumePath> named = paths.named();
    try (OpenVolume open = OpenVolume.forWriting(settings, paths.volume())) {
      SecureFileSystem files = open.files();
      VersionedPaths.Found found = paths.find(files, named, "freeze");
      if (!found.files().isEmpty()) {
        files.freeze(found.files());
      }
      for (String tree : found.trees()) {
        files.freezeTree(tree);
      }
      for (VolumePath path : named) {
        settings.say(
            Text.printable(path.text())
                + ": version "
                + Long.toUnsignedString(files.version(path.text())));
      }
    }
    return ExitCode.OK.code();
  }
}
