// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.file.FileType;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.NoSpaceException;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeFailedException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.LinkOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Copies the items of a {@link SourceTree} into a volume; an item that fails is reported and the
 * others go on, unless the volume itself cannot take more.
 *
 * <p>A new file is written under its name and removed again if its source breaks off. A file that
 * replaces another is written under a name of its own first, so that the old one stays until the
 * new one is whole.
 *
 * <p>Thread safety: confined to one thread.
 */
final class Upload {

  private final SecureFileSystem files;
  private final Replace replace;
  private final Report report;
  private final KeptAttributes attributes = new KeptAttributes();

  /** What happens to a target that is there already. */
  enum Replace {
    /** It is refused. */
    NEVER,
    /** A file is replaced, a directory is filled. */
    ALWAYS
  }

  Upload(SecureFileSystem files, Replace replace, Report report) {
    this.files = files;
    this.replace = replace;
    this.report = report;
  }

  /** Copies everything. */
  void all(SourceTree tree, Progress progress) throws IOException {
    Deque<SourceTree.Item> filled = new ArrayDeque<>();
    try (Copies copies = new Copies(files, progress)) {
      for (SourceTree.Item item : tree.items()) {
        try {
          if (item.directory()) {
            directory(item.target());
            filled.push(item);
          } else if (item.link() != null) {
            link(item, item.link());
          } else {
            file(item, copies);
          }
        } catch (NoSpaceException | VolumeFailedException e) {
          throw e;
        } catch (Copies.SourceException e) {
          progress.clear();
          report.problem(ExitCode.PARTLY, SourceTree.unreadable(item.source(), Copies.cause(e)));
        } catch (IOException e) {
          progress.clear();
          report.problem(e);
        }
      }
      // Last and from below, since what is put into a directory moves its time.
      for (SourceTree.Item item : filled) {
        keepAttributes(item, item.target());
      }
    }
  }

  /** Attributes that cannot be kept are reported; the content is there. */
  private void keepAttributes(SourceTree.Item item, VolumePath target) throws IOException {
    try {
      if (item.link() == null) {
        attributes.intoVolume(item.source(), files, target);
      } else {
        attributes.linkIntoVolume(item.source(), files, target);
      }
    } catch (NoSpaceException | VolumeFailedException e) {
      throw e;
    } catch (IOException e) {
      report.problem(
          ExitCode.PARTLY,
          item.source() + ": put, but without all of its attributes: " + Failures.message(e));
    }
  }

  private void link(SourceTree.Item item, String target) throws IOException {
    publish(
        item,
        place -> {
          files.createSymbolicLink(place.text(), target);
          return 0;
        });
  }

  /** Makes a directory and its parents where they are missing. */
  void directories(VolumePath path) throws IOException {
    if (path.isRoot() || files.exists(path.text())) {
      requireDirectory(path);
      return;
    }
    directories(path.parent());
    files.createDirectory(path.text());
  }

  private void directory(VolumePath path) throws IOException {
    if (replace == Replace.ALWAYS && exists(path)) {
      requireDirectory(path, LinkOption.NOFOLLOW_LINKS);
    } else {
      try {
        files.createDirectory(path.text());
      } catch (FileAlreadyExistsException e) {
        throw present(path);
      }
    }
    report.directory();
  }

  /** Refuses a target that is there already. */
  static CommandException present(Object target) {
    return new CommandException(ExitCode.NAME, target + ": is there already; --force replaces it");
  }

  private void file(SourceTree.Item item, Copies copies) throws IOException {
    publish(item, place -> copies.in(item.source(), place));
  }

  private boolean exists(VolumePath path) throws IOException {
    return files.exists(path.text(), LinkOption.NOFOLLOW_LINKS);
  }

  /** Makes a file or link under a path; answers its size. */
  private interface Maker {
    long make(VolumePath place) throws IOException;
  }

  private void publish(SourceTree.Item item, Maker maker) throws IOException {
    VolumePath target = item.target();
    if (replace == Replace.NEVER || !exists(target)) {
      long size;
      try {
        size = maker.make(target);
      } catch (FileAlreadyExistsException e) {
        throw present(target);
      }
      keepAttributes(item, target);
      report.file(size);
      return;
    }
    if (isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new CommandException(
          ExitCode.NAME, target + ": is a directory; a file cannot replace it");
    }
    VolumePath whole = target.parent().child(".put-" + random());
    long size = maker.make(whole);
    try {
      keepAttributes(item, whole);
      files.rename(whole.text(), target.text());
    } catch (IOException e) {
      files.delete(whole.text());
      throw e;
    }
    report.file(size);
  }

  private void requireDirectory(VolumePath path, LinkOption... options) throws IOException {
    if (!path.isRoot() && !isDirectory(path, options)) {
      throw new CommandException(ExitCode.NAME, path + ": is a file; a directory is needed there");
    }
  }

  private boolean isDirectory(VolumePath path, LinkOption... options) throws IOException {
    try {
      return files.stat(path.text(), options).type() == FileType.DIRECTORY;
    } catch (IntegrityException e) {
      return false; // a damaged file may be replaced
    }
  }

  private static String random() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  }
}
