// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;

/**
 * Copies one file into a volume or out of it.
 *
 * <p>Classic streams on the host's side: an interrupt does not close them.
 *
 * <p>Thread safety: confined to one thread; the buffer is zeroed by {@link #close}.
 */
final class Copies implements AutoCloseable {

  /** Bytes moved at a time. */
  static final int BUFFER_BYTES = 128 << 10;

  private final SecureFileSystem files;
  private final Progress progress;
  private final byte[] buffer = new byte[BUFFER_BYTES];

  Copies(SecureFileSystem files, Progress progress) {
    this.files = files;
    this.progress = progress;
  }

  /** What failed while reading the host's file, so that it can be told from the volume's errors. */
  static final class SourceException extends IOException {

    private static final long serialVersionUID = 1L;

    SourceException(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /** What failed while writing the host's file, so that it can be told from the volume's errors. */
  static final class TargetException extends IOException {

    private static final long serialVersionUID = 1L;

    TargetException(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /** A stream to a host's file, whose errors can be told from the volume's. */
  static final class Target extends FilterOutputStream {

    Target(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      try {
        out.write(bytes, offset, count);
      } catch (IOException e) {
        throw new TargetException(e);
      }
    }
  }

  /** What the host's file reported. */
  static IOException cause(IOException error) {
    return error.getCause() instanceof IOException cause ? cause : error;
  }

  /** Writes a host file to a new file of the volume, which is removed again if that fails. */
  long in(Path source, VolumePath target) throws IOException {
    try (InputStream in = source(source)) {
      SecureFile file =
          files.openFile(target.text(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      boolean whole = false;
      try (file) {
        long total = 0;
        for (int count = read(in); count >= 0; count = read(in)) {
          file.write(buffer, 0, count);
          progress.add(count);
          total += count;
        }
        whole = true;
        return total;
      } finally {
        if (!whole) {
          discard(file, target);
        }
      }
    }
  }

  /** Writes a file of the volume to a stream. */
  long out(VolumePath source, Path target) throws IOException {
    createForOwner(target);
    try (SecureFile file = files.openFile(source.text(), StandardOpenOption.READ);
        OutputStream out = new Target(new FileOutputStream(target.toFile()))) {
      long total = 0;
      for (int count = file.read(buffer); count >= 0; count = file.read(buffer)) {
        out.write(buffer, 0, count);
        progress.add(count);
        total += count;
      }
      return total;
    }
  }

  /** What was secret is nobody else's to read before its mode is known. */
  static void createForOwner(Path target) throws IOException {
    if (target.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          target,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
  }

  @Override
  public void close() {
    Arrays.fill(buffer, (byte) 0);
  }

  private int read(InputStream in) throws SourceException {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw new SourceException(e);
    }
  }

  private static InputStream source(Path path) throws SourceException {
    try {
      return new FileInputStream(path.toFile());
    } catch (IOException e) {
      throw new SourceException(e);
    }
  }

  private void discard(SecureFile file, VolumePath target) {
    try {
      file.close();
      files.delete(target.text());
    } catch (IOException e) {
      // The first error is the one to report; what is left over stays visible under its name.
    }
  }
}
