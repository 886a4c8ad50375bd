// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.vfs;

import dev.strongroom.file.SecureFile;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A database as it was at one moment, while it goes on changing: pages are read from its file until
 * somebody changes them, who puts the old ones into a scratch file first.
 *
 * <p>A page that cannot be put there ends the snapshot, not the change.
 *
 * <p>Thread safety: thread-safe.
 */
public final class DatabaseSnapshot implements VfsDatabase, Closeable {

  private static final int PAGE = 4096;
  private static final int GROUP = 1024;

  private final SecureFile file;
  private final ScratchFile kept;
  private final Consumer<DatabaseSnapshot> ended;
  private final long size;

  /** Where in the scratch file a page is, counted in pages from 1, in groups of 1024 pages. */
  private final int[][] places; // guarded by this

  private final byte[] page = new byte[PAGE]; // guarded by this
  private int last; // guarded by this
  private @Nullable Throwable failure; // guarded by this
  private boolean closed; // guarded by this

  DatabaseSnapshot(SecureFile file, ScratchFile kept, Consumer<DatabaseSnapshot> ended)
      throws IOException {
    this.file = file;
    this.kept = kept;
    this.ended = ended;
    size = file.size();
    places = new int[Math.toIntExact((size + (long) PAGE * GROUP - 1) / ((long) PAGE * GROUP))][];
  }

  /** The database's length in bytes. */
  public long size() {
    return size;
  }

  /**
   * Reads.
   *
   * @return how many bytes, fewer than wanted only at the end
   */
  public synchronized int read(long position, byte[] target, int length) throws IOException {
    if (failure != null) {
      throw new IOException("a page that was overwritten could not be kept for the copy", failure);
    }
    int total = (int) Math.max(0, Math.min(length, size - position));
    for (int done = 0; done < total; ) {
      long at = position + done;
      long end = (at / PAGE + 1) * PAGE;
      int place = place(at / PAGE);
      while (place == 0 && end < position + total && place(end / PAGE) == 0) {
        end += PAGE; // as many as possible by one read
      }
      int part = (int) (Math.min(end, position + total) - at);
      if (place == 0) {
        file.pread(at, target, done, part);
      } else {
        kept.read((place - 1L) * PAGE, page, PAGE);
        System.arraycopy(page, (int) (at % PAGE), target, done, part);
      }
      done += part;
    }
    return total;
  }

  /** Keeps pages that are about to be changed, those that a range touches. */
  synchronized void keep(long from, long to) {
    try {
      for (long number = from / PAGE; number * PAGE < Math.min(to, size); number++) {
        if (failure == null && !closed && place(number) == 0) {
          int length = file.pread(number * PAGE, page, 0, PAGE);
          kept.write((long) last * PAGE, page, length);
          int group = (int) (number / GROUP);
          if (places[group] == null) {
            places[group] = new int[GROUP];
          }
          places[group][(int) (number % GROUP)] = ++last;
        }
      }
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      failure = e;
    }
  }

  private int place(long number) {
    int[] group = places[(int) (number / GROUP)];
    return group == null ? 0 : group[(int) (number % GROUP)];
  }

  @Override
  public VfsFile openMain() {
    return new Main();
  }

  @Override
  public VfsFile openJournal() throws IOException {
    throw new IOException("a snapshot has no journal");
  }

  @Override
  public boolean hasJournal() {
    return false;
  }

  @Override
  public void deleteJournal() {}

  @Override
  public void close() throws IOException {
    ended.accept(this);
    synchronized (this) {
      closed = true;
      Arrays.fill(page, (byte) 0);
      kept.close();
    }
  }

  /** One connection's opening. */
  private final class Main implements VfsFile {

    @Override
    public int read(long position, byte[] target, int length) throws IOException {
      return DatabaseSnapshot.this.read(position, target, length);
    }

    @Override
    public void write(long position, byte[] source, int length) throws IOException {
      throw new IOException("a snapshot is for reading only");
    }

    @Override
    public void truncate(long newSize) throws IOException {
      throw new IOException("a snapshot is for reading only");
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public void close() {}
  }
}
