// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import dev.strongroom.file.NoSpaceException;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.util.List;

/**
 * A store on a medium that can be full: a write that would make a file longer than there is room
 * for is refused and leaves nothing.
 *
 * <p>Thread safety: thread-safe.
 */
public final class LimitedStore implements Store {

  private static final long BLOCK = 4096;

  private final MemoryStore medium;
  private volatile long capacity = Long.MAX_VALUE;

  /**
   * Wraps a store; there is room for everything until a capacity is set.
   *
   * @param medium the store underneath
   */
  public LimitedStore(MemoryStore medium) {
    this.medium = medium;
  }

  /**
   * Sets how much fits on the medium, what lies there included.
   *
   * @param bytes the capacity, counted in blocks of 4096 bytes; {@link Long#MAX_VALUE} for no limit
   */
  public void limit(long bytes) {
    capacity = bytes;
  }

  @Override
  public StoreFile open(String name, Access access) throws IOException {
    return new LimitedFile(medium.open(name, access));
  }

  @Override
  public boolean exists(String name) {
    return medium.exists(name);
  }

  @Override
  public void createDirectory(String name) throws IOException {
    medium.createDirectory(name);
  }

  @Override
  public void move(String from, String to) throws IOException {
    medium.move(from, to);
  }

  @Override
  public void delete(String name) throws IOException {
    medium.delete(name);
  }

  @Override
  public List<String> list(String directory) throws IOException {
    return medium.list(directory);
  }

  @Override
  public void syncDirectory(String directory) throws IOException {
    medium.syncDirectory(directory);
  }

  @Override
  public long usableSpace() {
    return capacity == Long.MAX_VALUE
        ? medium.usableSpace()
        : Math.max(0, capacity - medium.allocatedBytes());
  }

  @Override
  public AutoCloseable lock(LockMode mode) throws IOException {
    return medium.lock(mode);
  }

  @Override
  public String toString() {
    return "limited " + medium;
  }

  @Override
  public void close() {
    medium.close();
  }

  private static long blocks(long bytes) {
    return (bytes + BLOCK - 1) / BLOCK * BLOCK;
  }

  private final class LimitedFile implements StoreFile {

    private final StoreFile file;

    LimitedFile(StoreFile file) {
      this.file = file;
    }

    private void requireRoom(long end) throws IOException {
      long more = blocks(end) - blocks(file.size());
      if (more > 0 && more > usableSpace()) {
        throw new NoSpaceException(LimitedStore.this.toString(), more, usableSpace(), null);
      }
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public int read(long position, byte[] target, int offset, int length) throws IOException {
      return file.read(position, target, offset, length);
    }

    @Override
    public void write(long position, byte[] source, int offset, int length) throws IOException {
      requireRoom(position + length);
      file.write(position, source, offset, length);
    }

    @Override
    public void truncate(long size) throws IOException {
      requireRoom(size);
      file.truncate(size);
    }

    @Override
    public void sync() throws IOException {
      file.sync();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
