// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.file.SecureFileSystem;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Ends files with all their copies. */
@Command(
    name = "invalidate",
    description =
        "Ends files with all their copies, old and new: none of them opens again, and there is no"
            + " way back. Their names stay until \"rm\".")
final class Invalidate implements Callable<Integer> {

  private final Settings settings;

  @Mixin private VersionedPaths paths = new VersionedPaths();

  Invalidate(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    List<VolumePath> named = paths.named();
    try (OpenVolume open = OpenVolume.forWriting(settings, paths.volume())) {
      SecureFileSystem files = open.files();
      VersionedPaths.Found found = paths.find(files, named, "invalidate");
      if (!found.files().isEmpty()) {
        files.invalidate(found.files());
      }
      for (String tree : found.trees()) {
        files.invalidateTree(tree);
      }
      for (String file : found.files()) {
        settings.say(Text.printable(file) + ": invalid; \"rm\" removes what is left");
      }
      for (String tree : found.trees()) {
        settings.say(
            Text.printable(tree) + ": all in it is invalid; \"rm -r\" removes what is left");
      }
    }
    return ExitCode.OK.code();
  }
}
