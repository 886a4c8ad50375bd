// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.file.DirectoryEntry;
import dev.strongroom.file.FileType;
import dev.strongroom.file.NoSpaceException;
import dev.strongroom.file.SecureFileSystem;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * Copies files and directories out of a volume; an item that fails is reported and the others go
 * on, unless the host's medium is full.
 *
 * <p>A file gets its name when all of it has been read and verified, so that nothing stands under
 * the name of a damaged file.
 *
 * <p>Thread safety: confined to one thread.
 */
final class Download {

  private final SecureFileSystem files;
  private final Upload.Replace replace;
  private final Report report;
  private final KeptAttributes attributes = new KeptAttributes();

  private record Item(VolumePath source, Path target, FileType type) {}

  Download(SecureFileSystem files, Upload.Replace replace, Report report) {
    this.files = files;
    this.replace = replace;
    this.report = report;
  }

  /** Copies one file or tree to {@code target}, which must not be there unless it is replaced. */
  void all(VolumePath source, Path target, FileType type, Progress progress) throws IOException {
    if (replace == Upload.Replace.NEVER && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw Upload.present(target);
    }
    try (Copies copies = new Copies(files, progress)) {
      Deque<Item> open = new ArrayDeque<>();
      Deque<Item> filled = new ArrayDeque<>();
      open.push(new Item(source, target, type));
      while (!open.isEmpty()) {
        Item item = open.pop();
        try {
          if (item.type() == FileType.DIRECTORY) {
            directory(item, open);
            filled.push(item);
          } else if (item.type() == FileType.SYMBOLIC_LINK) {
            link(item);
          } else {
            file(item, copies);
          }
        } catch (NoSpaceException e) {
          throw e;
        } catch (IOException e) {
          progress.clear();
          report.problem(e);
        }
      }
      // Last and from below: a directory may not let its owner write, and its time has moved.
      for (Item item : filled) {
        keepAttributes(item, item.target());
      }
    }
  }

  /** Where a name of the volume lies in a directory of the host. */
  static Path resolve(Path directory, String name) throws IOException {
    Path target;
    try {
      target = directory.resolve(name);
    } catch (InvalidPathException e) {
      throw CommandException.usage(
          Text.printable(name) + ": this name cannot stand in a directory here; mv can change it");
    }
    if (!directory.equals(target.getParent()) || name.equals(".") || name.equals("..")) {
      throw CommandException.usage(
          Text.printable(name) + ": this name would lead out of " + directory);
    }
    return target;
  }

  private void directory(Item item, Deque<Item> open) throws IOException {
    List<DirectoryEntry> entries =
        files.list(item.source().text()).stream()
            .sorted(Comparator.comparing(DirectoryEntry::name).reversed())
            .toList();
    if (!Files.isDirectory(item.target(), LinkOption.NOFOLLOW_LINKS)) {
      try {
        Files.createDirectory(item.target());
      } catch (FileSystemException e) {
        throw WholeFile.failed(item.target(), e);
      }
    }
    report.directory();
    for (DirectoryEntry entry : entries) {
      try {
        open.push(
            new Item(
                item.source().child(entry.name()),
                resolve(item.target(), entry.name()),
                entry.type()));
      } catch (CommandException e) {
        report.problem(e);
      }
    }
  }

  /** Attributes that cannot be kept are reported; the content is there. */
  private void keepAttributes(Item item, Path target) {
    try {
      attributes.outOfVolume(files, item.source(), target);
    } catch (IOException e) {
      report.problem(
          ExitCode.PARTLY,
          item.source() + ": got, but without all of its attributes: " + Failures.message(e));
    }
  }

  private void link(Item item) throws IOException {
    String target = files.readSymbolicLink(item.source().text());
    publish(
        item,
        part -> {
          Files.createSymbolicLink(part, part.getFileSystem().getPath(target));
          return 0;
        });
  }

  private void file(Item item, Copies copies) throws IOException {
    publish(
        item,
        part -> {
          long size = copies.out(item.source(), part);
          keepAttributes(item, part);
          return size;
        });
  }

  private void publish(Item item, WholeFile.Maker<RuntimeException> maker) throws IOException {
    report.file(WholeFile.write(item.target(), maker));
  }
}
