// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.file.DirectoryEntry;
import dev.strongroom.file.FileType;
import dev.strongroom.file.SecureFileAttributes;
import dev.strongroom.file.SecureFileSystem;
import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.text.Normalizer;
import java.util.Optional;

/** What a path in a volume names. */
final class Kinds {

  private Kinds() {}

  /** What is there, from its directory's list: also for what is damaged. */
  static Optional<FileType> listed(SecureFileSystem files, VolumePath path) throws IOException {
    if (path.isRoot()) {
      return Optional.of(FileType.DIRECTORY);
    }
    if (!files.exists(path.text(), LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    String name = Normalizer.normalize(path.name(), Normalizer.Form.NFC);
    return files.list(path.parent().text()).stream()
        .filter(entry -> Normalizer.normalize(entry.name(), Normalizer.Form.NFC).equals(name))
        .findFirst()
        .map(DirectoryEntry::type);
  }

  /** What a path that a person named leads to, if that is known; a link that leads to nothing. */
  static Optional<FileType> followed(SecureFileSystem files, VolumePath path) throws IOException {
    Optional<FileType> listed = listed(files, path);
    if (listed.isPresent() && listed.get() == FileType.SYMBOLIC_LINK && files.exists(path.text())) {
      return Optional.of(files.stat(path.text()).type());
    }
    return listed;
  }

  /** Refuses what is missing. */
  static SecureFileAttributes require(
      SecureFileSystem files, VolumePath path, LinkOption... options) throws IOException {
    try {
      return files.stat(path.text(), options);
    } catch (NoSuchFileException e) {
      if (listed(files, path).orElse(FileType.FILE) == FileType.SYMBOLIC_LINK) {
        throw new CommandException(
            ExitCode.NAME,
            path
                + ": is a link to \""
                + files.readSymbolicLink(path.text())
                + "\", which is not in the volume");
      }
      throw missing(path);
    }
  }

  /** Refuses what is missing or a directory. */
  static SecureFileAttributes requireFile(SecureFileSystem files, VolumePath path)
      throws IOException {
    SecureFileAttributes attributes = require(files, path);
    if (attributes.type() == FileType.DIRECTORY) {
      throw CommandException.usage(
          path + ": is a directory; name a file, or use \"ls\" or \"get\"");
    }
    return attributes;
  }

  /** Refuses a target that is there, where the command can replace it. */
  static CommandException replaceable(String target) {
    return new CommandException(
        ExitCode.NAME, target + ": is there already; use another name, or --force replaces it");
  }

  static CommandException missing(VolumePath path) {
    return new CommandException(
        ExitCode.NAME, path + ": not in the volume; \"strongroom ls\" shows what is");
  }
}
