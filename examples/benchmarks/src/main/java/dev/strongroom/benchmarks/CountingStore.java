// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A store that counts the bytes written to the journal, the reads of all other files, and syncs.
 *
 * <p>Thread safety: thread-safe.
 */
public final class CountingStore implements Store {

  private static final String JOURNAL = "strongroom.journal";

  private final Store store;
  private final AtomicLong journalBytes = new AtomicLong();
  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong syncs = new AtomicLong();

  /** Counts what goes to a store. */
  public CountingStore(Store store) {
    this.store = store;
  }

  /** Bytes written to the journal. */
  public long journalBytes() {
    return journalBytes.get();
  }

  /** Syncs of files, the journal among them. */
  public long syncs() {
    return syncs.get();
  }

  long reads() {
    return reads.get();
  }

  @Override
  public StoreFile open(String name, Access access) throws IOException {
    return new CountingFile(store.open(name, access), name.equals(JOURNAL));
  }

  @Override
  public boolean exists(String name) throws IOException {
    return store.exists(name);
  }

  @Override
  public void createDirectory(String name) throws IOException {
    store.createDirectory(name);
  }

  @Override
  public void move(String from, String to) throws IOException {
    store.move(from, to);
  }

  @Override
  public void delete(String name) throws IOException {
    store.delete(name);
  }

  @Override
  public List<String> list(String directory) throws IOException {
    return store.list(directory);
  }

  @Override
  public void syncDirectory(String directory) throws IOException {
    store.syncDirectory(directory);
  }

  @Override
  public void syncAll(Collection<StoreFile> files) throws IOException {
    syncs.addAndGet(files.size());
    List<StoreFile> underneath = new ArrayList<>();
    for (StoreFile file : files) {
      underneath.add(((CountingFile) file).file);
    }
    store.syncAll(underneath);
  }

  @Override
  public long usableSpace() throws IOException {
    return store.usableSpace();
  }

  @Override
  public long totalSpace() throws IOException {
    return store.totalSpace();
  }

  @Override
  public AutoCloseable lock(LockMode mode) throws IOException {
    return store.lock(mode);
  }

  @Override
  public String toString() {
    return store.toString();
  }

  @Override
  public void close() throws IOException {
    store.close();
  }

  private final class CountingFile implements StoreFile {

    private final StoreFile file;
    private final boolean journal;

    CountingFile(StoreFile file, boolean journal) {
      this.file = file;
      this.journal = journal;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public int read(long position, byte[] target, int offset, int length) throws IOException {
      if (!journal) {
        reads.incrementAndGet();
      }
      return file.read(position, target, offset, length);
    }

    @Override
    public void write(long position, byte[] source, int offset, int length) throws IOException {
      if (journal) {
        journalBytes.addAndGet(length);
      }
      file.write(position, source, offset, length);
    }

    @Override
    public void truncate(long size) throws IOException {
      file.truncate(size);
    }

    @Override
    public void sync() throws IOException {
      syncs.incrementAndGet();
      file.sync();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
