// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.file.DirectoryEntry;
import dev.strongroom.file.FileType;
import dev.strongroom.file.SecureFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removes a file, or a directory with all that is in it. */
@Command(name = "rm", description = "Removes a file, or with -r a directory and all that is in it.")
final class Rm implements Callable<Integer> {

  private final Settings settings;

  @Option(names = "-r", description = "Remove a directory and all that is in it.")
  private boolean recursive;

  @Parameters(index = "0", paramLabel = "VOLUME", description = "The volume's directory.")
  private Path volume = Path.of("");

  @Parameters(index = "1", paramLabel = "PATH", description = "The file or directory.")
  private String path = "";

  Rm(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    VolumePath target = VolumePath.parse(path);
    if (target.isRoot()) {
      throw CommandException.usage(
          "/: the root directory cannot be removed; name what is in it, or delete the volume's"
              + " directory");
    }
    Report report = settings.report();
    try (OpenVolume open = OpenVolume.forWriting(settings, volume)) {
      FileType type = Kinds.listed(open.files(), target).orElseThrow(() -> Kinds.missing(target));
      if (type == FileType.DIRECTORY && !recursive) {
        throw CommandException.usage(target + ": is a directory; \"rm -r\" removes it");
      }
      remove(open.files(), target, type, report);
    }
    return report.exitCode().code();
  }

  private static boolean remove(
      SecureFileSystem files, VolumePath target, FileType type, Report report) {
    try {
      boolean empty = true;
      if (type == FileType.DIRECTORY) {
        for (DirectoryEntry entry : files.list(target.text())) {
          empty &= remove(files, target.child(entry.name()), entry.type(), report);
        }
      }
      if (empty) {
        files.delete(target.text());
        report.file(0);
      }
      return empty;
    } catch (IOException e) {
      report.problem(e);
      return false;
    }
  }
}
