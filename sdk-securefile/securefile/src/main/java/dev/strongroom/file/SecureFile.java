// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.internal.engine.OpenFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * An open secure file: bytes, a position, and the operations that POSIX has words for.
 *
 * <pre>{@code
 * try (SecureFile file = SecureFile.open(session, directory, "notes.txt", CREATE, READ, WRITE)) {
 *   file.write("kept in the strongroom".getBytes(UTF_8));
 *   file.sync();
 * }
 * }</pre>
 *
 * <p>A read belongs to one whole state of the file or fails: damaged, moved, cut or rolled-back
 * data is an {@link IntegrityException} with file, sector and byte range, and no data. Changes are
 * published together: by {@link #commit()}, {@link #sync()}, and, outside transaction mode, by the
 * engine itself, a second after the first change at the latest. After a crash the file is one of
 * its published states, and not older than the last {@code sync} that returned.
 *
 * <p>Positions and lengths are 64-bit numbers; a file has at most 2^60 bytes. After {@link
 * #close()}, every method throws {@link java.nio.channels.ClosedChannelException}; a {@link
 * FileGoneException}, which is one, when volume or session were closed, or the element has gone.
 *
 * <p>Thread safety: thread-safe; operations that use the position are done one after the other.
 */
public final class SecureFile implements Closeable {

  /** Bytes that are copied at once to and from a buffer that is no array. */
  private static final int STEP = 128 << 10;

  private final OpenFile file;
  private long position; // guarded by this

  SecureFile(OpenFile file) {
    this.file = file;
  }

  /**
   * Opens a file in a directory that serves as a small volume, which is made when it is not there
   * and {@code CREATE} or {@code CREATE_NEW} is given. The session keeps the volume open until it
   * closes, so only the first open pays for that. Files in the directory that are not secure files
   * are left alone.
   *
   * @param session a session of the element that holds the keys
   * @param directory the directory on the host
   * @param name the file's name; a path leads through directories of the volume
   * @param options {@link java.nio.file.StandardOpenOption}s and {@link java.nio.file.LinkOption},
   *     with the meaning they have for a {@link java.nio.channels.FileChannel} on Linux ({@code
   *     DELETE_ON_CLOSE} takes the name away at once), {@link SecureOpenOption}s, at most one
   *     {@link SecureCreateMode} and at most one {@link KeyScope}; none means reading; an option
   *     may be given twice
   * @return the open file, at position 0
   * @throws java.nio.file.NoSuchFileException if it is not there and is not to be made
   * @throws java.nio.file.FileAlreadyExistsException if it is there and was to be made
   * @throws java.nio.file.FileSystemException if it is a directory, or a symbolic link with {@code
   *     NOFOLLOW_LINKS}, something on the way is no directory, or the file is open in transaction
   *     mode and not here, or the other way round
   * @throws IllegalArgumentException if options exclude each other, or need {@code WRITE} and have
   *     it not, as in {@link SecureFileSystem#openFile}
   * @throws UnsupportedOperationException if an option is of another kind
   * @throws PageKeysUnsupportedException if the file has, or would get, keys for its pages, and the
   *     element does not derive such keys
   * @throws WrongElementException if the volume belongs to another element
   * @throws VolumeInUseException if another process has it open
   * @throws IntegrityException if its header or its last sector is damaged
   * @throws IOException if the store or the element fails
   */
  public static SecureFile open(
      ElementSession session, Path directory, String name, OpenOption... options)
      throws IOException {
    return SessionVolumes.of(session).open(directory, options).openFile(name, options);
  }

  /**
   * Reads at the position and moves it.
   *
   * @param target the array
   * @param offset where in the array
   * @param length how many bytes are wanted
   * @return how many were read, fewer than wanted only at the end; -1 at the end
   * @throws IntegrityException if a sector is damaged; the position has not moved
   * @throws java.nio.channels.NonReadableChannelException if the file was not opened for reading
   * @throws IOException if the store fails
   */
  public synchronized int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    int read = file.read(position, target, offset, length);
    position += Math.max(0, read);
    return read;
  }

  /**
   * Reads at the position and moves it.
   *
   * @param target the array to fill
   * @return how many were read; -1 at the end
   * @throws IOException as {@link #read(byte[], int, int)}
   */
  public int read(byte[] target) throws IOException {
    return read(target, 0, target.length);
  }

  /**
   * Reads at the position and moves it.
   *
   * @param target the buffer to fill
   * @return how many were read; -1 at the end
   * @throws IllegalArgumentException if the buffer is read-only
   * @throws IOException as {@link #read(byte[], int, int)}
   * @see #pread(long, ByteBuffer)
   */
  public synchronized int read(ByteBuffer target) throws IOException {
    int read = pread(position, target);
    position += Math.max(0, read);
    return read;
  }

  /**
   * Writes all bytes at the position, or at the end of a file opened to append, and moves it. Past
   * the end, the gap becomes a hole that reads as zeros.
   *
   * @param source the array
   * @param offset where in the array
   * @param length how many bytes
   * @throws NoSpaceException if the medium is full; nothing else has changed
   * @throws IntegrityException if a sector that is written in part is damaged, and the file was not
   *     opened with {@link SecureOpenOption#FORCE_WRITE}
   * @throws CommitTooLargeException if what waits must be published first to make room, and does
   *     not fit into the journal
   * @throws IllegalArgumentException if the file would get longer than 2^60 bytes
   * @throws java.nio.channels.NonWritableChannelException if the file was not opened for writing
   * @throws IOException if the store fails
   */
  public synchronized void write(byte[] source, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, source.length);
    position = file.write(position, source, offset, length);
  }

  /**
   * Writes all bytes at the position and moves it.
   *
   * @param source the bytes
   * @throws IOException as {@link #write(byte[], int, int)}
   */
  public void write(byte[] source) throws IOException {
    write(source, 0, source.length);
  }

  /**
   * Writes all of a buffer at the position and moves it.
   *
   * @param source the buffer
   * @return how many bytes were written, which is all
   * @throws IOException as {@link #write(byte[], int, int)}
   * @see #pwrite(long, ByteBuffer)
   */
  public synchronized int write(ByteBuffer source) throws IOException {
    int length = source.remaining();
    position = put(position, source);
    return length;
  }

  /**
   * Reads at a given position; the file's own is neither used nor moved.
   *
   * @param position where in the file, from 0
   * @param target the array
   * @param offset where in the array
   * @param length how many bytes are wanted
   * @return how many were read; -1 at or beyond the end
   * @throws IOException as {@link #read(byte[], int, int)}
   */
  public int pread(long position, byte[] target, int offset, int length) throws IOException {
    requirePosition(position);
    Objects.checkFromIndexSize(offset, length, target.length);
    return file.read(position, target, offset, length);
  }

  /**
   * Writes at a given position; the file's own is neither used nor moved. A file opened to append
   * is written at its end.
   *
   * @param position where in the file, from 0
   * @param source the array
   * @param offset where in the array
   * @param length how many bytes
   * @throws IOException as {@link #write(byte[], int, int)}
   */
  public void pwrite(long position, byte[] source, int offset, int length) throws IOException {
    requirePosition(position);
    Objects.checkFromIndexSize(offset, length, source.length);
    file.write(position, source, offset, length);
  }

  /**
   * Reads at a given position into a buffer; the file's own position is neither used nor moved. A
   * buffer that is no array gets its bytes in steps of 128 KiB, and each of them belongs to one
   * whole state of the file.
   *
   * @param position where in the file, from 0
   * @param target the buffer to fill; after an error its position has not moved
   * @return how many were read; -1 at or beyond the end
   * @throws IllegalArgumentException if the position is negative or the buffer is read-only
   * @throws IOException as {@link #read(byte[], int, int)}
   */
  public int pread(long position, ByteBuffer target) throws IOException {
    requirePosition(position);
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("the buffer is read-only");
    }
    int wanted = target.remaining();
    if (target.hasArray()) {
      int at = target.arrayOffset() + target.position();
      int read = file.read(position, target.array(), at, wanted);
      target.position(target.position() + Math.max(0, read));
      return read;
    }
    ByteBuffer rest = target.duplicate();
    byte[] step = new byte[Math.min(STEP, wanted)];
    try {
      int total = 0;
      int part;
      int read;
      do {
        part = Math.min(step.length, wanted - total);
        read = file.read(position + total, step, 0, part);
        if (read > 0) {
          rest.put(step, 0, read);
          total += read;
        }
      } while (read == part && total < wanted);
      target.position(rest.position());
      return total > 0 ? total : read;
    } finally {
      Arrays.fill(step, (byte) 0);
    }
  }

  /**
   * Writes all of a buffer at a given position; the file's own is neither used nor moved. A buffer
   * that is no array is written in steps of 128 KiB, but a file opened to append is written at its
   * end, by one step.
   *
   * @param position where in the file, from 0
   * @param source the buffer; after an error its position has not moved, and some steps may be done
   * @return how many bytes were written, which is all
   * @throws IllegalArgumentException if the position is negative or the file would get longer than
   *     2^60 bytes
   * @throws IOException as {@link #write(byte[], int, int)}
   */
  public int pwrite(long position, ByteBuffer source) throws IOException {
    requirePosition(position);
    int length = source.remaining();
    put(position, source);
    return length;
  }

  /** Writes a buffer; answers the position behind it. */
  private long put(long position, ByteBuffer source) throws IOException {
    int length = source.remaining();
    if (source.hasArray()) {
      int from = source.arrayOffset() + source.position();
      long end = file.write(position, source.array(), from, length);
      source.position(source.limit());
      return end;
    }
    ByteBuffer rest = source.duplicate();
    byte[] step = new byte[file.isAppending() ? length : Math.min(STEP, length)];
    try {
      long end = position;
      do {
        int part = Math.min(step.length, rest.remaining());
        rest.get(step, 0, part);
        end = file.write(end, step, 0, part);
      } while (rest.hasRemaining());
      source.position(source.limit());
      return end;
    } finally {
      Arrays.fill(step, (byte) 0);
    }
  }

  /**
   * Where the next read or write takes place.
   *
   * @return bytes from the beginning
   * @throws IOException if the file is closed
   */
  public synchronized long position() throws IOException {
    file.size();
    return position;
  }

  /**
   * Moves the position, also beyond the end.
   *
   * @param newPosition bytes from the beginning
   * @throws IOException if the file is closed
   */
  public synchronized void seek(long newPosition) throws IOException {
    requirePosition(newPosition);
    file.size();
    position = newPosition;
  }

  /**
   * The first byte from a position on that is not in a hole of what has been committed, or the
   * length.
   */
  long nextData(long from) throws IOException {
    return file.nextData(from);
  }

  /** Where the next hole begins behind such a byte, or a limit. */
  long dataEnd(long from, long limit) throws IOException {
    return file.dataEnd(from, limit);
  }

  /**
   * The file's length.
   *
   * @return bytes
   * @throws IOException if the file is closed
   */
  public long size() throws IOException {
    return file.size();
  }

  /**
   * Cuts the file, or grows it by a hole that reads as zeros. The position stays.
   *
   * @param size the new length in bytes
   * @throws IOException as {@link #write(byte[], int, int)}
   */
  public void truncate(long size) throws IOException {
    requirePosition(size);
    file.truncate(size);
  }

  /**
   * Publishes all changes since the last commit as one. Not durable by itself: that follows within
   * a second, or with {@link #sync()}. In transaction mode nothing else publishes.
   *
   * @throws IOException if the store fails; then the volume stops, see {@link
   *     VolumeFailedException}
   */
  public void commit() throws IOException {
    file.commit();
  }

  /**
   * Goes back to what is committed, in transaction mode: what all who have the file open have
   * changed since is forgotten. The position stays.
   *
   * @throws IllegalStateException if the file was not opened in transaction mode
   * @throws IOException if the file is closed
   */
  public void discard() throws IOException {
    file.discard();
  }

  /**
   * Publishes all changes and makes them durable, with one fdatasync that concurrent callers share.
   * In transaction mode, and on a file opened for reading, it makes durable what has been published
   * before.
   *
   * @throws IOException if the store fails; then the volume stops, see {@link
   *     VolumeFailedException}
   */
  public void sync() throws IOException {
    file.sync();
  }

  /**
   * Gives the file new keys, while this is its only opening: all of it is encrypted again, and
   * takes the old one's place in one commit, durably. Nothing else may be done with the file
   * meanwhile. See {@link SecureFileSystem#rekey}.
   *
   * @throws java.nio.file.FileSystemException if the file is open elsewhere, too, no longer has the
   *     name by which it was opened, or has changes in transaction mode that are not committed
   * @throws java.nio.channels.NonWritableChannelException if the file was not opened for writing
   * @throws IOException if the file is damaged, or the store or the element fails; it keeps its
   *     keys, or has the new ones if the store fails behind the commit
   */
  public void rekey() throws IOException {
    file.rekey();
  }

  /**
   * The parts of the file that were damaged, and have been written by force since, but not as whole
   * sectors: what of them was not written reads as zeros. The mark goes when the sector is
   * overwritten as a whole, by one call.
   *
   * @return whole sectors, ascending, joined where they meet
   * @throws IOException if the file is closed
   */
  public List<ByteRange> partlyPurified() throws IOException {
    return file.partlyPurified();
  }

  /**
   * What is known of the file.
   *
   * @return its attributes
   * @throws IOException if the file is closed
   */
  public SecureFileAttributes attributes() throws IOException {
    return file.attributes();
  }

  /**
   * Whether neither the file, nor its volume, nor the session has been closed.
   *
   * @return whether it is open
   */
  public boolean isOpen() {
    return file.isOpen();
  }

  /**
   * Closes the file. Its changes are published, and durable within a second; opened with {@link
   * SecureOpenOption#DURABLE_CLOSE}, they are durable on return. In transaction mode, changes that
   * were not committed are discarded when the last one closes it. Idempotent.
   *
   * @throws IOException if the store fails
   */
  @Override
  public void close() throws IOException {
    file.close();
  }

  private static void requirePosition(long position) {
    if (position < 0) {
      throw new IllegalArgumentException("a position or length is not negative, as " + position);
    }
  }
}
