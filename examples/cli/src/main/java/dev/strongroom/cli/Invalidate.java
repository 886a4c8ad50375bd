// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.file.DirectoryEntry;
import dev.strongroom.file.FileType;
import dev.strongroom.file.SecureFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Ends files with all their copies. */
@Command(
    name = "invalidate",
    description =
        "Ends files with all their copies, old and new: none of them opens again, and there is no"
            + " way back. Their names stay until \"rm\".")
final class Invalidate implements Callable<Integer> {

  private final Settings settings;

  @Option(names = "-r", description = "Also all files in directories.")
  private boolean recursive;

  @Parameters(index = "0", paramLabel = "VOLUME", description = "The volume's directory.")
  private Path volume = Path.of("");

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "PATH",
      description = "Files; with -r also directories.")
  private List<String> paths = List.of();

  Invalidate(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    List<VolumePath> named = new ArrayList<>();
    for (String path : paths) {
      named.add(VolumePath.parse(path));
    }
    try (OpenVolume open = OpenVolume.forWriting(settings, volume)) {
      List<String> all = new ArrayList<>();
      for (VolumePath path : named) {
        if (Kinds.require(open.files(), path).type() != FileType.DIRECTORY) {
          all.add(path.text());
        } else if (recursive) {
          below(open.files(), path, all);
        } else {
          throw CommandException.usage(
              path + ": is a directory; \"invalidate -r\" ends all files in it");
        }
      }
      if (!all.isEmpty()) {
        open.files().invalidate(all);
      }
      settings.say(Sizes.files(all.size()) + " invalid; \"rm\" removes what is left");
    }
    return ExitCode.OK.code();
  }

  private static void below(SecureFileSystem files, VolumePath directory, List<String> all)
      throws IOException {
    for (DirectoryEntry entry : files.list(directory.text())) {
      VolumePath path = directory.child(entry.name());
      if (entry.type() == FileType.DIRECTORY) {
        below(files, path, all);
      } else if (entry.type() == FileType.FILE) {
        all.add(path.text());
      }
    }
  }
}
