// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A store in memory that logs every change and every sync, in order.
 *
 * <p>The program under test, or the test around it, may put {@linkplain #mark marks} into the log,
 * such as "this commit returned"; a crash state then says which marks had been left by then. Reads
 * are not logged.
 *
 * <p>Thread safety: thread-safe; changes of several threads are logged in the order in which they
 * were applied.
 */
public final class RecordingStore implements Store {

  private final MemoryStore disk;
  private MemoryStore base;
  private final List<StoreEvent> events = new ArrayList<>();

  private RecordingStore(MemoryStore disk) {
    this.disk = disk;
    this.base = disk.copy();
  }

  /**
   * Records what is done to a store from now on; what it holds already counts as durable.
   *
   * @param disk the store, which must be used through the recording one only
   * @return the recording store
   */
  public static RecordingStore over(MemoryStore disk) {
    return new RecordingStore(disk);
  }

  /**
   * Puts a mark into the log.
   *
   * @param mark anything that the test understands
   */
  public synchronized void mark(Object mark) {
    events.add(new StoreEvent.Marked(mark));
  }

  /**
   * What was done so far.
   *
   * @return the log
   */
  public synchronized StoreLog log() {
    return new StoreLog(base.copy(), events);
  }

  /** Forgets the log; what the store holds now counts as durable. */
  public synchronized void restart() {
    events.clear();
    base = disk.copy();
  }

  /**
   * The store as it is now, with nothing lost.
   *
   * @return a copy
   */
  public synchronized MemoryStore disk() {
    return disk.copy();
  }

  @Override
  public synchronized StoreFile open(String name, Access access) throws IOException {
    boolean created = access == Access.CREATE && !disk.exists(name);
    StoreFile file = disk.open(name, access);
    long id = number(name);
    if (created) {
      events.add(new StoreEvent.FileCreated(name, id, disk.place(name).directory().id()));
    }
    return new RecordedFile(name, id, file);
  }

  @Override
  public boolean exists(String name) {
    return disk.exists(name);
  }

  @Override
  public synchronized void createDirectory(String name) throws IOException {
    boolean created = !disk.exists(name);
    disk.createDirectory(name);
    if (created) {
      events.add(
          new StoreEvent.DirectoryCreated(name, number(name), disk.place(name).directory().id()));
    }
  }

  @Override
  public synchronized void move(String from, String to) throws IOException {
    disk.move(from, to);
    events.add(
        new StoreEvent.Moved(
            from,
            to,
            number(to),
            disk.place(from).directory().id(),
            disk.place(to).directory().id()));
  }

  @Override
  public synchronized void delete(String name) throws IOException {
    MemoryStore.Node node = disk.find(name);
    disk.delete(name);
    if (node != null) {
      events.add(new StoreEvent.Deleted(name, node.id(), disk.place(name).directory().id()));
    }
  }

  @Override
  public List<String> list(String directory) throws IOException {
    return disk.list(directory);
  }

  @Override
  public synchronized void syncDirectory(String directory) throws IOException {
    events.add(new StoreEvent.DirectorySynced(directory, disk.directory(directory).id()));
  }

  @Override
  public long usableSpace() {
    return disk.usableSpace();
  }

  @Override
  public AutoCloseable lock(LockMode mode) throws IOException {
    return disk.lock(mode);
  }

  @Override
  public String toString() {
    return "recorded memory";
  }

  @Override
  public void close() {}

  private long number(String name) throws IOException {
    MemoryStore.Node node = disk.find(name);
    if (node == null) {
      throw new IllegalStateException(name + " vanished");
    }
    return node.id();
  }

  private final class RecordedFile implements StoreFile, LosesSync {

    private final String name;
    private final long id;
    private final StoreFile file;

    RecordedFile(String name, long id, StoreFile file) {
      this.name = name;
      this.id = id;
      this.file = file;
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
      synchronized (RecordingStore.this) {
        file.write(position, source, offset, length);
        if (length > 0) {
          events.add(
              new StoreEvent.Written(name, id, position, Bytes.copyOf(source, offset, length)));
        }
      }
    }

    @Override
    public void truncate(long size) throws IOException {
      synchronized (RecordingStore.this) {
        file.truncate(size);
        events.add(new StoreEvent.Truncated(name, id, size));
      }
    }

    @Override
    public void sync() throws IOException {
      synchronized (RecordingStore.this) {
        file.sync();
        events.add(new StoreEvent.Synced(name, id));
      }
    }

    @Override
    public void syncFailed() {
      synchronized (RecordingStore.this) {
        events.add(new StoreEvent.SyncFailed(name, id));
      }
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
