// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.file.FileType;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.NoSpaceException;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeFailedException;
import java.io.IOException;
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
    try (Copies copies = new Copies(files, progress)) {
      for (SourceTree.Item item : tree.items()) {
        try {
          if (item.directory()) {
            directory(item.target());
          } else {
            file(item, copies);
          }
        } catch (NoSpaceException | VolumeFailedException e) {
          throw e;
        } catch (Copies.SourceException e) {
          progress.clear();
          report.problem(ExitCode.PARTLY, SourceTree.unreadable(item.source(), cause(e)));
        } catch (IOException e) {
          progress.clear();
          report.problem(e);
        }
      }
    }
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
    if (replace == Replace.ALWAYS && files.exists(path.text())) {
      requireDirectory(path);
    } else {
      files.createDirectory(path.text());
    }
    report.directory();
  }

  private void file(SourceTree.Item item, Copies copies) throws IOException {
    VolumePath target = item.target();
    if (replace == Replace.NEVER || !files.exists(target.text())) {
      report.file(copies.in(item.source(), target));
      return;
    }
    if (isDirectory(target)) {
      throw new CommandException(
          ExitCode.NAME, target + ": is a directory; a file cannot replace it");
    }
    VolumePath whole = target.parent().child(".put-" + random());
    long size = copies.in(item.source(), whole);
    try {
      files.rename(whole.text(), target.text());
    } catch (IOException e) {
      files.delete(whole.text());
      throw e;
    }
    report.file(size);
  }

  private void requireDirectory(VolumePath path) throws IOException {
    if (!path.isRoot() && !isDirectory(path)) {
      throw new CommandException(ExitCode.NAME, path + ": is a file; a directory is needed there");
    }
  }

  private boolean isDirectory(VolumePath path) throws IOException {
    try {
      return files.stat(path.text()).type() == FileType.DIRECTORY;
    } catch (IntegrityException e) {
      return false; // a damaged file may be replaced
    }
  }

  private static IOException cause(Copies.SourceException error) {
    return error.getCause() instanceof IOException cause ? cause : error;
  }

  private static String random() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  }
}
