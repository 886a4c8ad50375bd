// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.vfs;

import dev.strongroom.file.SecureFile;
import java.io.Closeable;
import java.io.IOException;

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
public final class DatabaseFile implements Closeable {

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
  private final ScratchFile journal;
  private final LockTable locks = new LockTable();
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
    journal = scratchFiles.create();
  }

  /** Opens the database for one connection. */
  VfsFile openMain() {
    return new Main();
  }

  /** Opens the journal for one connection. */
  VfsFile openJournal() {
    return new Journal();
  }

  /** Whether there is anything that could be rolled back. */
  boolean hasJournal() {
    return journal.size() > 0;
  }

  /** Empties the journal. */
  void deleteJournal() throws IOException {
    journal.truncate(0);
  }

  @Override
  public void close() throws IOException {
    try (journal) {
      file.close();
    }
  }

  private void endExclusive() throws IOException {
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
      return pages.read(position, target, length);
    }

    @Override
    public void write(long position, byte[] source, int length) throws IOException {
      pages.forget();
      changes = Changes.CONTENT;
      file.pwrite(position, source, 0, length);
    }

    @Override
    public void truncate(long size) throws IOException {
      pages.forget();
      boolean cut = committed && changes != Changes.CONTENT && size <= file.size();
      changes = cut ? Changes.CUT : Changes.CONTENT;
      file.truncate(size);
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void commit() throws IOException {
      if (changes != Changes.NONE) {
        file.commit();
        changes = Changes.NONE;
        committed = true;
        file.sync();
      }
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

  /** One connection's opening of the journal, which outlives it. */
  private final class Journal implements VfsFile {

    @Override
    public int read(long position, byte[] target, int length) throws IOException {
      return journal.read(position, target, length);
    }

    @Override
    public void write(long position, byte[] source, int length) throws IOException {
      journal.write(position, source, length);
    }

    @Override
    public void truncate(long size) throws IOException {
      journal.truncate(size);
    }

    @Override
    public long size() {
      return journal.size();
    }

    @Override
    public void close() {}
  }
}
