// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.pcsc;

import dev.strongroom.core.transport.ElementInUseException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells processes of ours at once that another one uses a reader: a locked file, which the system
 * unlocks when its process ends in whatever way.
 *
 * <p>It only saves time. What keeps others out of a conversation is the card's transaction, and who
 * meets one waits in the driver. Where the file cannot be made or locked, there is no lock.
 *
 * <p>Thread safety: confined to the thread of its reader.
 */
final class ReaderLock {

  private static final Logger LOG = LoggerFactory.getLogger(ReaderLock.class);

  /** Where programs reach the service (pcsc-lite). */
  private static final Path SERVICE = Path.of("/run/pcscd/pcscd.comm");

  /** Hexadecimal digits of a reader's name: a file's name has 255 bytes at most. */
  private static final int MAX_NAME = 200;

  /** Closing any descriptor of a file drops all locks that the process has on it (POSIX). */
  private static final Set<Path> HELD_HERE = new HashSet<>(); // guarded by itself

  private final Path file;
  private final String element;
  private @Nullable FileChannel channel;

  ReaderLock(String reader, String element) {
    String name = HexFormat.of().formatHex(reader.getBytes(StandardCharsets.UTF_8));
    String shortName = name.substring(0, Math.min(name.length(), MAX_NAME));
    this.file = folder().resolve("strongroom-pcsc-" + shortName + service());
    this.element = element;
  }

  /** Containers on one machine have services of their own, whose readers are called the same. */
  private static String service() {
    try {
      Object key = Files.readAttributes(SERVICE, BasicFileAttributes.class).fileKey();
      return key == null ? "" : "-" + Integer.toHexString(key.hashCode());
    } catch (IOException e) {
      return "";
    }
  }

  /** Takes the lock; does nothing if this object has it. */
  void acquire() throws ElementInUseException {
    if (channel != null) {
      return;
    }
    synchronized (HELD_HERE) {
      if (HELD_HERE.contains(file)) {
        throw new ElementInUseException(element);
      }
      FileChannel open = null;
      try {
        open = open();
        if (open.tryLock() != null) {
          channel = open;
          HELD_HERE.add(file);
          return;
        }
      } catch (OverlappingFileLockException e) {
        LOG.debug("other classes of this process have the lock of {}", element, e);
      } catch (IOException e) {
        LOG.debug("no lock for {}", element, e);
        closeQuietly(open);
        return;
      }
      closeQuietly(open);
      throw new ElementInUseException(element);
    }
  }

  void release() {
    synchronized (HELD_HERE) {
      if (channel != null) {
        closeQuietly(channel);
        channel = null;
        HELD_HERE.remove(file);
      }
    }
  }

  /** Where all processes of the machine look (Filesystem Hierarchy Standard 3.0, 5.9). */
  private static Path folder() {
    Path locks = Path.of("/run/lock");
    return Files.isWritable(locks) ? locks : Path.of(System.getProperty("java.io.tmpdir"));
  }

  /** For everybody, and through no link, since the folder is everybody's. */
  private FileChannel open() throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      try {
        Files.createFile(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
      } catch (FileAlreadyExistsException | UnsupportedOperationException e) {
        LOG.trace("{} is there, or has no permissions", file, e);
      }
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(file + " is no file"); // opening a pipe would wait for its reader
    }
    return FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
  }

  private static void closeQuietly(@Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      LOG.debug("closing a lock", e);
    }
  }
}
