// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.vfs;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * New content for all of a database, written by a connection of its own while another one holds
 * EXCLUSIVE. It counts when it is committed; that lock, given back before, ends it.
 *
 * <p>Connections know by two numbers in the first page whether what they remember of a database is
 * still true; they are greater than before in the new content. See <a
 * href="https://sqlite.org/fileformat2.html#file_change_counter">Database File Format</a>.
 *
 * <p>Thread safety: as {@link DatabaseFile}, by SQLite's locks.
 */
public final class DatabaseReplacement implements VfsDatabase, Closeable {

  private static final int HEADER_BYTES = 100;
  private static final int CHANGE_COUNTER = 24;
  private static final int SCHEMA_COOKIE = 40;
  private static final int VERSION_VALID_FOR = 92;

  private final DatabaseFile file;
  private final ScratchFile journal;
  private final byte[] before;

  DatabaseReplacement(DatabaseFile file, ScratchFile journal) throws IOException {
    this.file = file;
    this.journal = journal;
    before = header();
    file.cut(0);
  }

  private byte[] header() throws IOException {
    byte[] header = new byte[HEADER_BYTES];
    file.get(0, header, HEADER_BYTES);
    return header;
  }

  /** Makes the new content count, durably. */
  public void commit() throws IOException {
    if (file.size() > 0) {
      ByteBuffer header = ByteBuffer.wrap(header());
      ByteBuffer old = ByteBuffer.wrap(before);
      for (int at : new int[] {CHANGE_COUNTER, SCHEMA_COOKIE}) {
        header.putInt(at, Math.max(header.getInt(at), old.getInt(at)) + 1);
      }
      header.putInt(VERSION_VALID_FOR, header.getInt(CHANGE_COUNTER));
      file.put(0, header.array(), HEADER_BYTES);
      Arrays.fill(header.array(), (byte) 0);
    }
    file.publish();
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

  /** Gives back what its connections needed; what was not committed is not. */
  @Override
  public void close() throws IOException {
    journal.close();
  }

  /** One connection's opening, whose own commits publish nothing. */
  private final class Main implements VfsFile {

    @Override
    public int read(long position, byte[] target, int length) throws IOException {
      return file.get(position, target, length);
    }

    @Override
    public void write(long position, byte[] source, int length) throws IOException {
      file.put(position, source, length);
    }

    @Override
    public void truncate(long newSize) throws IOException {
      file.cut(newSize);
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void close() {}
  }
}
