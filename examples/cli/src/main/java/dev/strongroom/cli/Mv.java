// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.file.FileType;
import dev.strongroom.file.SecureFileSystem;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Renames or moves a file or directory within a volume. */
@Command(
    name = "mv",
    description = "Renames a file or directory, or moves it into a directory that is there.")
final class Mv implements Callable<Integer> {

  private final Settings settings;

  @Option(names = "--force", description = "Replace a file, or an empty directory by a directory.")
  private boolean force;

  @Parameters(index = "0", paramLabel = "VOLUME", description = "The volume's directory.")
  private Path volume = Path.of("");

  @Parameters(index = "1", paramLabel = "FROM", description = "The file or directory.")
  private String from = "";

  @Parameters(index = "2", paramLabel = "TO", description = "Its new path, or a directory.")
  private String to = "";

  Mv(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    VolumePath source = VolumePath.parse(from);
    if (source.isRoot()) {
      throw CommandException.usage("/: the root directory cannot be moved");
    }
    VolumePath named = VolumePath.parse(to);
    try (OpenVolume open = OpenVolume.forWriting(settings, volume)) {
      SecureFileSystem files = open.files();
      if (!files.exists(source.text(), LinkOption.NOFOLLOW_LINKS)) {
        throw Kinds.missing(source);
      }
      VolumePath target = named;
      Optional<FileType> present = Kinds.followed(files, target);
      if (present.isPresent() && present.get() == FileType.DIRECTORY) {
        target = target.child(source.name());
      }
      if (target.startsWith(source)) {
        throw CommandException.usage(
            source + ": cannot be moved to " + target + ", which is itself or lies within it");
      }
      move(files, source, target);
    }
    return ExitCode.OK.code();
  }

  private void move(SecureFileSystem files, VolumePath source, VolumePath target)
      throws IOException {
    try {
      if (force) {
        files.rename(source.text(), target.text());
      } else {
        files.renameNoReplace(source.text(), target.text());
      }
    } catch (FileAlreadyExistsException e) {
      throw new CommandException(ExitCode.NAME, target + ": is there already; --force replaces it");
    } catch (NoSuchFileException e) {
      throw new CommandException(
          ExitCode.NAME, target + ": " + target.parent() + " is not in the volume; make it first");
    }
  }
}
