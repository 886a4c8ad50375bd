// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.store;

import dev.strongroom.file.VolumeInUseException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The lock of a volume's directory: one writer, or any number of readers, over all processes.
 *
 * <p>The system's lock lies on a file of its own, through a channel that nothing else uses, since
 * closing any channel of a locked file may give the lock away. Readers of one process share one.
 *
 * <p>Thread safety: guarded by the class.
 */
final class VolumeLock {

  private static final Map<Path, VolumeLock> HELD = new HashMap<>();

  private final Path directory;
  private final boolean exclusive;
  private final @Nullable FileChannel channel;
  private int holders = 1;

  private VolumeLock(Path directory, boolean exclusive, @Nullable FileChannel channel) {
    this.directory = directory;
    this.exclusive = exclusive;
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @return gives it back when closed
   * @throws VolumeInUseException if somebody has it
   */
  static AutoCloseable acquire(Path directory, boolean exclusive) throws IOException {
    Path real = directory.toRealPath();
    synchronized (HELD) {
      VolumeLock held = HELD.get(real);
      if (held != null && (exclusive || held.exclusive)) {
        throw new VolumeInUseException(directory.toString(), ProcessHandle.current().pid());
      }
      if (held != null) {
        held.holders++;
      } else {
        held = new VolumeLock(real, exclusive, lockFile(directory, exclusive));
        HELD.put(real, held);
      }
      return held::release;
    }
  }

  private void release() throws IOException {
    synchronized (HELD) {
      holders--;
      if (holders == 0) {
        HELD.remove(directory);
        if (channel != null) {
          channel.close();
        }
      }
    }
  }

  private static @Nullable FileChannel lockFile(Path directory, boolean exclusive)
      throws IOException {
    Path path = directory.resolve(PathStore.LOCK);
    if (!exclusive && !hasFileChannels(path)) {
      return null; // nobody can write there
    }
    FileChannel channel;
    try {
      channel =
          exclusive
              ? FileChannel.open(
                  path,
                  StandardOpenOption.CREATE,
                  StandardOpenOption.READ,
                  StandardOpenOption.WRITE)
              : FileChannel.open(path, StandardOpenOption.READ);
    } catch (IOException | UnsupportedOperationException e) {
      if (exclusive) {
        throw e;
      }
      return null; // a medium that cannot be written has nothing to lock, and no writer
    }
    boolean taken = false;
    try {
      if (!tryLock(channel, exclusive)) {
        throw new VolumeInUseException(directory.toString(), holder(channel));
      }
      if (exclusive) {
        sign(channel);
      }
      taken = true;
      return channel;
    } finally {
      if (!taken) {
        channel.close();
      }
    }
  }

  /** Says who has the lock, for others' messages; on a full medium it counts without. */
  private static void sign(FileChannel channel) throws IOException {
    byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
    try {
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(pid), 0);
    } catch (IOException e) {
      if (!PathStore.saysFull(e)) {
        throw e;
      }
    }
  }

  /** Asked so that an archive makes no temporary file, as it does for a file channel. */
  private static boolean hasFileChannels(Path path) throws IOException {
    if (path.getFileSystem() == FileSystems.getDefault()) {
      return true;
    }
    try (SeekableByteChannel channel = Files.newByteChannel(path)) {
      return channel instanceof FileChannel;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static boolean tryLock(FileChannel channel, boolean exclusive) throws IOException {
    try {
      // Beyond the text, so that systems with mandatory locks still let others read the pid.
      FileLock lock = channel.tryLock(1L << 32, 1, !exclusive);
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static long holder(FileChannel channel) {
    try {
      ByteBuffer text = ByteBuffer.allocate(32);
      int length = Math.max(0, channel.read(text, 0));
      return Long.parseLong(new String(text.array(), 0, length, StandardCharsets.US_ASCII).strip());
    } catch (IOException | NumberFormatException e) {
      return -1;
    }
  }
}
