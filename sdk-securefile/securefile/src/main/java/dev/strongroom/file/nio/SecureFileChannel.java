// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.nio;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.SecureFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.Objects;

/**
 * A secure file as a {@link FileChannel}.
 *
 * <p>Positional reads and writes go side by side; operations that use the position are done one
 * after the other. An interrupt closes this channel, as the contract of interruptible channels has
 * it, unless it serves an asynchronous one, and leaves the engine and all other channels alone.
 * Memory mapping is not supported: a clear copy that belongs to the JVM could not be zeroed.
 *
 * <p>Thread safety: thread-safe.
 */
final class SecureFileChannel extends FileChannel {

  /** Bytes that are moved at once to and from other channels. */
  private static final int CHUNK = 128 << 10;

  /**
   * Whether the contract is that of Java 21 and later, as measured on 25: a transfer may begin
   * beyond the end, and a lock of size 0 reaches as far as any file may grow. On 17 neither is so.
   */
  static final boolean SINCE_21 = Runtime.version().feature() >= 21;

  private final VolumeFileSystem fileSystem;
  private final SecureFile file;
  private final Access access;
  private final Interrupts interrupts;
  private final Bytes uid;
  private final Object positionLock = new Object();
  private long position; // guarded by positionLock

  /** What a channel may do. */
  record Access(boolean readable, boolean writable, boolean append) {}

  /** What becomes of a channel that an interrupted thread uses. */
  enum Interrupts {
    /** It closes, as the contract of interruptible channels has it. */
    CLOSE,
    /** Nothing, as with the asynchronous channels of the JDK; the thread stays interrupted. */
    STAY
  }

  SecureFileChannel(
      VolumeFileSystem fileSystem, SecureFile file, Access access, Interrupts interrupts)
      throws IOException {
    this.fileSystem = fileSystem;
    this.file = file;
    this.access = access;
    this.interrupts = interrupts;
    uid = file.attributes().uid();
    fileSystem.opened(this);
  }

  // ---- what every operation does before and after

  /** An operation that answers a number. */
  private interface Operation {
    long run() throws IOException;
  }

  /**
   * Carries an operation out. An interrupt is seen before and after it, by the interrupted thread
   * itself: to close in the interrupting one, as {@code begin()} does, would take the engine's
   * locks while the interrupted thread may hold them.
   */
  private long run(Operation operation) throws IOException {
    requireOpen();
    closeIfInterrupted();
    long result;
    try {
      result = operation.run();
    } catch (ClosedChannelException e) {
      closeIfInterrupted();
      if (isOpen()) {
        throw e;
      }
      throw new AsynchronousCloseException();
    }
    closeIfInterrupted();
    return result;
  }

  private void closeIfInterrupted() throws IOException {
    if (interrupts == Interrupts.CLOSE && Thread.currentThread().isInterrupted()) {
      close();
      throw new ClosedByInterruptException();
    }
  }

  private void requireOpen() throws ClosedChannelException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
  }

  private void requireReadable() throws ClosedChannelException {
    requireOpen();
    if (!access.readable()) {
      throw new NonReadableChannelException();
    }
  }

  private void requireWritable() throws ClosedChannelException {
    requireOpen();
    if (!access.writable()) {
      throw new NonWritableChannelException();
    }
  }

  private static void requireNotNegative(String what, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(what + " is negative: " + value);
    }
  }

  // ---- reading

  @Override
  public int read(ByteBuffer target) throws IOException {
    requireReadable();
    synchronized (positionLock) {
      int read = (int) run(() -> file.pread(position, target));
      position += Math.max(0, read);
      return read;
    }
  }

  @Override
  public int read(ByteBuffer target, long at) throws IOException {
    Objects.requireNonNull(target, "target");
    requireNotNegative("position", at);
    requireReadable();
    return (int) run(() -> file.pread(at, target));
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, targets.length);
    requireReadable();
    synchronized (positionLock) {
      return run(
          () -> {
            long total = 0;
            for (int i = offset; i < offset + length; i++) {
              int wanted = targets[i].remaining();
              int read = wanted == 0 ? 0 : file.pread(position, targets[i]);
              if (read < 0) {
                return total == 0 ? -1 : total;
              }
              position += read;
              total += read;
              if (read < wanted) {
                break;
              }
            }
            return total;
          });
    }
  }

  // ---- writing

  @Override
  public int write(ByteBuffer source) throws IOException {
    requireWritable();
    synchronized (positionLock) {
      int written = (int) run(() -> writeNext(source));
      changed(written);
      return written;
    }
  }

  @Override
  public int write(ByteBuffer source, long at) throws IOException {
    Objects.requireNonNull(source, "source");
    requireNotNegative("position", at);
    requireWritable();
    int written = (int) run(() -> writeAt(at, source));
    changed(written);
    return written;
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, sources.length);
    requireWritable();
    synchronized (positionLock) {
      long written =
          run(
              () -> {
                long total = 0;
                for (int i = offset; i < offset + length; i++) {
                  total += writeNext(sources[i]);
                }
                return total;
              });
      changed(written);
      return written;
    }
  }

  private int writeNext(ByteBuffer source) throws IOException {
    int written;
    if (access.append()) {
      written = writeAppending(source);
      position = file.position();
    } else {
      written = writeAt(position, source);
      position += written;
    }
    return written;
  }

  /** One call of the engine, so that what is appended stays together. */
  private int writeAppending(ByteBuffer source) throws IOException {
    int length = source.remaining();
    return length == 0 ? 0 : file.write(source);
  }

  private int writeAt(long at, ByteBuffer source) throws IOException {
    if (access.append()) {
      return writeAppending(source);
    }
    return file.pwrite(at, source);
  }

  private void changed(long bytes) {
    if (bytes > 0) {
      fileSystem.changes().modified(file);
    }
  }

  // ---- position and size

  @Override
  public long position() throws IOException {
    requireOpen();
    synchronized (positionLock) {
      return run(() -> access.append() ? file.size() : position);
    }
  }

  @Override
  public FileChannel position(long newPosition) throws IOException {
    requireOpen();
    requireNotNegative("position", newPosition);
    synchronized (positionLock) {
      run(() -> position = newPosition);
    }
    return this;
  }

  @Override
  public long size() throws IOException {
    requireOpen();
    return run(file::size);
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    requireOpen();
    requireNotNegative("size", size);
    requireWritable();
    synchronized (positionLock) {
      long before =
          run(
              () -> {
                long length = file.size();
                if (size < length) {
                  file.truncate(size);
                }
                position = Math.min(position, size);
                return length;
              });
      changed(before - size);
    }
    return this;
  }

  @Override
  public void force(boolean metaData) throws IOException {
    requireOpen();
    run(
        () -> {
          file.sync();
          return 0;
        });
  }

  // ---- between channels

  @Override
  public long transferTo(long at, long count, WritableByteChannel target) throws IOException {
    requireOpen();
    if (!target.isOpen()) {
      throw new ClosedChannelException();
    }
    requireReadable();
    if (target instanceof SecureFileChannel that) {
      that.requireWritable();
    }
    requireNotNegative("position", at);
    requireNotNegative("count", count);
    byte[] chunk = new byte[(int) Math.min(CHUNK, count)];
    long total = 0;
    try {
      while (total < count) {
        ByteBuffer part = ByteBuffer.wrap(chunk, 0, (int) Math.min(chunk.length, count - total));
        long from = at + total;
        if (run(() -> file.pread(from, part)) <= 0) {
          break;
        }
        part.flip();
        int length = part.remaining();
        int written = target.write(part);
        total += written;
        if (written < length) {
          break;
        }
      }
      return total;
    } finally {
      Arrays.fill(chunk, (byte) 0);
    }
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long at, long count) throws IOException {
    requireOpen();
    if (!source.isOpen()) {
      throw new ClosedChannelException();
    }
    requireWritable();
    if (source instanceof SecureFileChannel that) {
      that.requireReadable();
    }
    requireNotNegative("position", at);
    requireNotNegative("count", count);
    long size = size(); // sees an interrupt before the source does
    if (!SINCE_21 && at > size) {
      return 0;
    }
    byte[] chunk = new byte[(int) Math.min(CHUNK, count)];
    long total = 0;
    try {
      while (total < count) {
        ByteBuffer part = ByteBuffer.wrap(chunk, 0, (int) Math.min(chunk.length, count - total));
        if (source.read(part) <= 0) {
          break;
        }
        part.flip();
        long to = at + total;
        total += run(() -> writeAt(to, part));
      }
      changed(total);
      return total;
    } finally {
      Arrays.fill(chunk, (byte) 0);
    }
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long at, long size) throws IOException {
    requireOpen();
    Objects.requireNonNull(mode, "mode");
    throw new UnsupportedOperationException(
        "secure files cannot be mapped: their clear content would stay in memory; read them");
  }

  // ---- locks

  boolean isReadable() {
    return access.readable();
  }

  boolean isWritable() {
    return access.writable();
  }

  /** Takes a lock for the channel that uses this one; it ends when this one closes. */
  FileLock lock(AsynchronousFileChannel user, long at, long size, FileLocks.Mode mode)
      throws IOException {
    requireLockable(mode);
    return held(fileSystem.locks().acquire(uid, this, user, at, size, mode));
  }

  private void requireLockable(FileLocks.Mode mode) throws ClosedChannelException {
    if (mode == FileLocks.Mode.SHARED) {
      requireReadable();
    } else {
      requireWritable();
    }
  }

  @Override
  public FileLock lock(long at, long size, boolean shared) throws IOException {
    FileLock lock = tryLock(at, size, shared);
    try {
      run(() -> 0);
    } catch (ClosedByInterruptException e) {
      throw new FileLockInterruptionException();
    }
    return lock;
  }

  /** Within one process an overlap is an exception, so this never answers null. */
  @Override
  public FileLock tryLock(long at, long size, boolean shared) throws IOException {
    FileLocks.Mode mode = FileLocks.Mode.of(shared);
    requireLockable(mode);
    return held(fileSystem.locks().acquire(uid, this, at, size, mode));
  }

  private FileLock held(FileLock lock) throws AsynchronousCloseException {
    if (!isOpen()) { // closed meanwhile, perhaps before there was a lock to end
      fileSystem.locks().releaseAll(uid, this);
      throw new AsynchronousCloseException();
    }
    return lock;
  }

  @Override
  protected void implCloseChannel() throws IOException {
    fileSystem.locks().releaseAll(uid, this);
    fileSystem.closed(this);
    file.close();
  }
}
