// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.file.FileType;
import dev.strongroom.file.SecureFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The parameters of commands that end copies: a volume, and files and trees in it.
 *
 * <p>Thread safety: confined to one thread.
 */
final class VersionedPaths {

  /**
   * What is in the volume under the paths that were named.
   *
   * @param files paths of single files
   * @param trees paths of directories
   */
  record Found(List<String> files, List<String> trees) {}

  @Option(names = "-r", description = "Directories too, with all that is in them.")
  private boolean recursive;

  @Parameters(index = "0", paramLabel = "VOLUME", description = "The volume's directory.")
  private Path volume = Path.of("");

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "PATH",
      description = "Files; with -r also directories.")
  private List<String> paths = List.of();

  Path volume() {
    return volume;
  }

  /** The paths, before anything is opened. */
  List<VolumePath> named() throws IOException {
    List<VolumePath> named = new ArrayList<>();
    for (String path : paths) {
      named.add(VolumePath.parse(path));
    }
    return named;
  }

  private static FileType type(SecureFileSystem files, VolumePath path) throws IOException {
    try {
      return Kinds.require(files, path).type();
    } catch (CommandException e) {
      throw new CommandException(e.exitCode(), e.getMessage() + "; nothing was done");
    }
  }

  /** Looks what the paths name; refuses a directory without {@code -r} before anything is done. */
  Found find(SecureFileSystem files, List<VolumePath> named, String command) throws IOException {
    List<String> single = new ArrayList<>();
    List<String> trees = new ArrayList<>();
    for (VolumePath path : named) {
      boolean directory = type(files, path) == FileType.DIRECTORY;
      if (directory && !recursive) {
        throw CommandException.usage(
            path
                + ": is a directory; \""
                + command
                + " -r\" takes it with all that is in it; nothing was done");
      }
      (directory ? trees : single).add(path.text());
    }
    return new Found(single, trees);
  }
}
