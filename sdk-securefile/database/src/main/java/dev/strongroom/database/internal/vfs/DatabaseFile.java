// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.vfs;

import dev.strongroom.file.SecureFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A database in a secure file, shared by all connections: the file in transaction mode, its locks,
 * and the rollback journal, which dies with the process.
 *
 * <p>Nobody but the holder of EXCLUSIVE sees what is not committed. When that lock is given back
 * with changes that were not committed, because a rollback has failed too, the file goes back to
 * what is committed.
 *
 * <p>Thread safety: thread-safe, by SQLite's locks: the file is changed under EXCLUSIVE, the
 * journal under RESERVED.
 */
public final class DatabaseFile implements VfsDatabase, Closeable {

  private static final String MAGIC = "SQLite format 3\0";
  private static final int WRITE_VERSION = 18;
  private static final int READ_VERSION = 19;

  /** What the file has that is not published. */
  private enum Changes {
    /** Nothing. */
    NONE,
    /** Only a cut after a commit: pages that the committed database does not use. */
    CUT,
    /** Content. */
    CONTENT
  }

  private final SecureFile file;
  private final ScratchFiles scratchFiles;
  private final ScratchFile journal;
  private final List<DatabaseSnapshot> snapshots = new CopyOnWriteArrayList<>();
  private final LockTable locks = new LockTable();
  private final ChangeCounter counter = new ChangeCounter();
  private volatile Changes changes = Changes.NONE;
  private volatile boolean committed; // since EXCLUSIVE was taken

  /**
   * Takes a file over.
   *
   * @param file open in transaction mode, or for reading
   * @param scratchFiles where its journal goes
   */
  public DatabaseFile(SecureFile file, ScratchFiles scratchFiles) {
    this.file = file;
    this.scratchFiles = scratchFiles;
    journal = scratchFiles.create();
  }

  @Override
  public VfsFile openMain() {
    return new Main();
  }

  @Override
  public VfsFile openJournal() {
    return new KeptFile(journal);
  }

  @Override
  public boolean hasJournal() {
    return journal.size() > 0;
  }

  @Override
  public void deleteJournal() throws IOException {
    journal.truncate(0);
  }

  /**
   * Whether the header asks for a write-ahead log, by its versions; see <a
   * href="https://sqlite.org/fileformat2.html#file_format_version_numbers">Database File
   * Format</a>.
   */
  public boolean hasWriteAheadLog() throws IOException {
    byte[] header = new byte[MAGIC.length() + 4];
    return get(0, header, header.length) == header.length
        && new String(header, 0, MAGIC.length(), StandardCharsets.ISO_8859_1).equals(MAGIC)
        && (header[WRITE_VERSION] == 2 || header[READ_VERSION] == 2);
  }

  /**
   * What is committed now. A connection holds SHARED while this is called, so nothing else is in
   * the file.
   */
  public DatabaseSnapshot snapshot() throws IOException {
    DatabaseSnapshot taken = new DatabaseSnapshot(file, scratchFiles.create(), snapshots::remove);
    snapshots.add(taken);
    return taken;
  }

  /** Whether anybody uses a snapshot. */
  public boolean hasSnapshots() {
    return !snapshots.isEmpty();
  }

  /** Begins anew. A connection holds EXCLUSIVE until it is committed, or is not to be. */
  public DatabaseReplacement replace() throws IOException {
    return new DatabaseReplacement(this, scratchFiles.create());
  }

  /** Gives the file new keys. A connection holds EXCLUSIVE, and there are no snapshots. */
  public void rekey() throws IOException {
    file.rekey();
  }

  /** Reads; answers how many bytes, fewer than wanted only at the end. */
  int get(long position, byte[] target, int length) throws IOException {
    int read = Math.max(0, file.pread(position, target, 0, length));
    counter.showIn(position, target, read);
    return read;
  }

  /** Writes what is not committed yet. */
  void put(long position, byte[] source, int length) throws IOException {
    if (ChangeCounter.isIn(position, length) && isCounterAlone(source, length)) {
      return;
    }
    changes = Changes.CONTENT;
    keep(position, position + length);
    file.pwrite(position, source, 0, length);
  }

  private boolean isCounterAlone(byte[] page, int length) {
    byte[] inFile = new byte[length];
    try {
      if (file.pread(0, inFile, 0, length) == length) {
        return counter.take(page, inFile, length);
      }
    } catch (IOException e) {
      // A first page that cannot be read is written anew.
    } finally {
      Arrays.fill(inFile, (byte) 0);
    }
    counter.drop();
    return false;
  }

  /** Cuts or grows the file, which is not committed yet. */
  void cut(long newSize) throws IOException {
    if (newSize == 0) {
      counter.drop();
    }
    boolean after = committed && changes != Changes.CONTENT && newSize <= file.size();
    changes = after ? Changes.CUT : Changes.CONTENT;
    keep(newSize, Long.MAX_VALUE);
    file.truncate(newSize);
  }

  private void keep(long from, long to) {
    for (DatabaseSnapshot each : snapshots) {
      each.keep(from, to);
    }
  }

  /** The file's length in bytes. */
  long size() throws IOException {
    return file.size();
  }

  /** Publishes changes, durably. */
  void publish() throws IOException {
    if (changes != Changes.NONE) {
      file.commit();
      changes = Changes.NONE;
      committed = true;
      counter.publish(); // also where the sync fails, since the content counts
      file.sync();
    }
    counter.publish();
  }

  @Override
  public void close() throws IOException {
    try (journal) {
      file.close();
    }
  }

  private void endExclusive() throws IOException {
    counter.discard();
    switch (changes) {
      case NONE -> {}
      case CUT -> file.commit();
      case CONTENT -> {
        file.discard();
        journal.truncate(0);
      }
    }
    changes = Changes.NONE;
  }

  /** One connection's opening. */
  private final class Main implements VfsFile {

    private final ReadAhead pages = new ReadAhead(file);

    @Override
    public int read(long position, byte[] target, int length) throws IOException {
      int read = pages.read(position, target, length);
      counter.showIn(position, target, read);
      return read;
    }

    @Override
    public @Nullable ByteBuffer known(long position, int length) {
      return ChangeCounter.isShownIn(position) ? null : pages.known(position, length);
    }

    @Override
    public void write(long position, byte[] source, int length) throws IOException {
      pages.forget();
      put(position, source, length);
    }

    @Override
    public void truncate(long newSize) throws IOException {
      pages.forget();
      cut(newSize);
    }

    @Override
    public long size() throws IOException {
      return DatabaseFile.this.size();
    }

    @Override
    public void commit() throws IOException {
      publish();
    }

    @Override
    public boolean lock(LockLevel level) {
      boolean given = locks.acquire(this, level);
      if (given && level == LockLevel.EXCLUSIVE) {
        committed = false;
      }
      return given;
    }

    @Override
    public void unlock(LockLevel level) throws IOException {
      pages.forget();
      try {
        if (locks.level(this) == LockLevel.EXCLUSIVE && level != LockLevel.EXCLUSIVE) {
          endExclusive();
        }
      } finally {
        locks.release(this, level);
      }
    }

    @Override
    public boolean isReserved() {
      return locks.isReserved();
    }

    @Override
    public void close() throws IOException {
      unlock(LockLevel.NONE);
    }
  }
}
