// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Copies everything from one open volume into another: files with their holes, directories, links,
 * times, mode, owner and user attributes.
 *
 * <p>What the source cannot give is noted and passed over; an error of the target ends the copy.
 *
 * <p>Thread safety: confined to one thread.
 */
final class VolumeCopy {

  private static final int RUN = 256 << 10;

  private final SecureFileSystem source;
  private final SecureFileSystem target;
  private final List<RecoveryReport.Problem> problems = new ArrayList<>();
  private final byte[] buffer = new byte[RUN];
  private long files;
  private long directories;
  private long links;
  private long bytes;

  VolumeCopy(SecureFileSystem source, SecureFileSystem target) {
    this.source = source;
    this.target = target;
  }

  /** What only the source can be blamed for. */
  private interface Reading<R> {
    R run() throws IOException;
  }

  /** The source could not give something. */
  private static final class SourceException extends Exception {
    private static final long serialVersionUID = 1L;

    SourceException(IOException cause) {
      super(String.valueOf(cause.getMessage()), cause);
    }
  }

  RecoveryReport run() throws IOException {
    try {
      directory("/");
      return new RecoveryReport(files, directories, links, bytes, problems);
    } finally {
      Arrays.fill(buffer, (byte) 0);
    }
  }

  private <R> R read(Reading<R> reading) throws IOException, SourceException {
    try {
      return reading.run();
    } catch (IOException e) {
      if (source.hasEnded()) {
        throw e;
      }
      throw new SourceException(e);
    }
  }

  private void note(String path, String message) {
    problems.add(new RecoveryReport.Problem(path, message));
  }

  private void note(String path, SourceException e) {
    note(path, String.valueOf(e.getMessage()));
  }

  private void directory(String path) throws IOException {
    List<DirectoryEntry> entries;
    try {
      entries = read(() -> source.list(path));
    } catch (SourceException e) {
      note(path, e);
      return;
    }
    String prefix = path.equals("/") ? path : path + "/";
    for (DirectoryEntry entry : entries) {
      entry(prefix + entry.name(), entry.type());
    }
    try {
      attributes(path, read(() -> source.stat(path, NOFOLLOW_LINKS)));
    } catch (SourceException e) {
      note(path, e);
    }
  }

  private void entry(String path, FileType type) throws IOException {
    switch (type) {
      case DIRECTORY -> {
        target.createDirectory(path);
        directories++;
        directory(path);
      }
      case SYMBOLIC_LINK -> link(path);
      case FILE -> file(path);
    }
  }

  private void link(String path) throws IOException {
    try {
      String to = read(() -> source.readSymbolicLink(path));
      SecureFileAttributes attributes = read(() -> source.stat(path, NOFOLLOW_LINKS));
      target.createSymbolicLink(path, to);
      links++;
      attributes(path, attributes);
    } catch (SourceException e) {
      note(path, e);
    }
  }

  private void file(String path) throws IOException {
    try (SecureFile from = read(() -> source.openFile(path, READ, NOFOLLOW_LINKS))) {
      try (SecureFile to = target.openFile(path, CREATE_NEW, WRITE)) {
        content(path, from, to);
      } catch (SourceException e) {
        target.delete(path); // no half of a file
        throw e;
      }
      attributes(path, read(from::attributes));
      files++;
    } catch (SourceException e) {
      note(path, e);
    }
  }

  private void content(String path, SecureFile from, SecureFile to)
      throws IOException, SourceException {
    long size = read(from::size);
    long at = read(() -> from.nextData(0));
    while (at < size) {
      long begin = at;
      long end = read(() -> from.dataEnd(begin, Math.min(size, begin + RUN)));
      int wanted = (int) (end - begin);
      int length = read(() -> from.pread(begin, buffer, 0, wanted));
      if (length <= 0) {
        break;
      }
      to.pwrite(begin, buffer, 0, length);
      bytes += length;
      at = read(() -> from.nextData(begin + length));
    }
    to.truncate(size);
    if (!read(from::partlyPurified).isEmpty()) {
      note(path, "parts of it were damaged and are zeros since; the copy does not mark them");
    }
  }

  private void attributes(String path, SecureFileAttributes attributes) throws IOException {
    try {
      for (String name : read(() -> source.userAttributes(path, NOFOLLOW_LINKS))) {
        byte[] value = read(() -> source.userAttribute(path, name, NOFOLLOW_LINKS));
        target.setUserAttribute(path, name, value, NOFOLLOW_LINKS);
      }
    } catch (SourceException e) {
      note(path, "user attributes: " + e.getMessage());
    }
    target.setMode(path, attributes.mode(), NOFOLLOW_LINKS);
    target.setOwner(path, attributes.owner(), attributes.group(), NOFOLLOW_LINKS);
    target.setTimes(
        path, attributes.modified(), attributes.accessed(), attributes.created(), NOFOLLOW_LINKS);
  }
}
