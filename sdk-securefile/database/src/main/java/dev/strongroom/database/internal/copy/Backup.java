// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.copy;

import dev.strongroom.core.Bytes;
import dev.strongroom.database.DatabaseInUseException;
import dev.strongroom.database.internal.vfs.DatabaseSnapshot;
import dev.strongroom.database.internal.vfs.OpenDatabases;
import dev.strongroom.file.FileType;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileAttributes;
import dev.strongroom.file.SecureFileSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a database on its way into another secure file. It is written under a hidden name that
 * follows from the one that it will have, so that what a crash leaves is found again and
 * overwritten.
 *
 * <p>Thread safety: confined to one thread.
 */
public final class Backup {

  private static final int STEP = 128 << 10;
  private static final String SUFFIX = ".backup";
  private static final int NAME_BYTES = 8;

  private final SecureFileSystem volume;
  private final String path;
  private final String part;

  /** Looks at a copy that is complete, before it gets its name. */
  @FunctionalInterface
  public interface Check {

    /**
     * Reads all of it.
     *
     * @param copy the copy, open; may be closed
     * @throws IOException if it is not as it must be
     */
    void run(SecureFile copy) throws IOException;
  }

  /** Is asked again and again. */
  @FunctionalInterface
  public interface Going {

    /**
     * Throws if the copy is not wanted any more.
     *
     * @throws IOException what the caller gets
     */
    void check() throws IOException;
  }

  /**
   * A copy to be made.
   *
   * @param volume the volume that it goes into
   * @param path where
   */
  public Backup(SecureFileSystem volume, String path) {
    this.volume = volume;
    this.path = path;
    String trimmed = path.replaceFirst("/+$", "");
    int name = trimmed.lastIndexOf('/') + 1;
    part = trimmed.substring(0, name) + '.' + digest(trimmed.substring(name)) + SUFFIX;
  }

  private static String digest(String name) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, NAME_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * Writes, checks and publishes the copy.
   *
   * @param snapshot what is to be copied
   * @param going is asked between two steps
   * @param check looks at the copy
   * @throws IOException if it cannot be made; what was there before is there
   */
  public void write(DatabaseSnapshot snapshot, Going going, Check check) throws IOException {
    Bytes replaced = takeTarget();
    try (SecureFile copy =
        volume.openFile(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.READ,
            LinkOption.NOFOLLOW_LINKS)) {
      Bytes uid = copy.attributes().uid();
      take(uid);
      try {
        requireUnpublished(uid);
        write(snapshot, going, check, copy, replaced);
      } finally {
        OpenDatabases.giveBack(uid);
      }
    } finally {
      if (replaced != null) {
        OpenDatabases.giveBack(replaced);
      }
    }
  }

  private void write(
      DatabaseSnapshot snapshot,
      Going going,
      Check check,
      SecureFile copy,
      @Nullable Bytes replaced)
      throws IOException {
    try {
      copy.truncate(0);
      fill(copy, snapshot, going);
      copy.sync();
      check.run(copy);
      going.check();
      publish(replaced);
    } catch (IOException | RuntimeException e) {
      abandon(e);
      throw e;
    }
    volume.syncNames();
  }

  /** Another backup may have given the file its name since it was opened. */
  private void requireUnpublished(Bytes uid) throws IOException {
    if (!volume.exists(part, LinkOption.NOFOLLOW_LINKS)
        || !volume.stat(part, LinkOption.NOFOLLOW_LINKS).uid().equals(uid)) {
      throw new DatabaseInUseException(path);
    }
  }

  /** Takes the name, unless what has got it since the copy was begun is open as a database. */
  private void publish(@Nullable Bytes replaced) throws IOException {
    boolean same =
        replaced != null && volume.exists(path) && volume.stat(path).uid().equals(replaced);
    Bytes since = same ? null : takeTarget();
    try {
      volume.rename(part, path);
    } finally {
      if (since != null) {
        OpenDatabases.giveBack(since);
      }
    }
  }

  private static void fill(SecureFile copy, DatabaseSnapshot snapshot, Going going)
      throws IOException {
    byte[] buffer = new byte[STEP];
    try {
      for (long at = 0; at < snapshot.size(); at += STEP) {
        going.check();
        int length = snapshot.read(at, buffer, STEP);
        copy.pwrite(at, buffer, 0, length);
      }
    } finally {
      Arrays.fill(buffer, (byte) 0);
    }
  }

  private void abandon(Exception failure) {
    try {
      volume.delete(part);
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /** What has the name must not be open as a database, nor be opened as one meanwhile. */
  private @Nullable Bytes takeTarget() throws IOException {
    if (!volume.exists(path)) {
      return null;
    }
    SecureFileAttributes there = volume.stat(path);
    if (there.type() == FileType.DIRECTORY) {
      throw new FileSystemException(path, null, "is a directory");
    }
    take(there.uid());
    return there.uid();
  }

  private void take(Bytes uid) throws DatabaseInUseException {
    if (!OpenDatabases.take(uid)) {
      throw new DatabaseInUseException(path);
    }
  }
}
