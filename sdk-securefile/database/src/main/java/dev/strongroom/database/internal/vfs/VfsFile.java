// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.vfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One opening of a file by SQLite.
 *
 * <p>Thread safety: SQLite uses an opening from one thread at a time.
 */
interface VfsFile {

  /**
   * Reads at a position.
   *
   * @return how many bytes were read, fewer than wanted only at the end
   */
  int read(long position, byte[] target, int length) throws IOException;

  /**
   * What a read would answer, if it lies in memory already; until the next call.
   *
   * @return the bytes, backed by an array; null if they have to be read
   */
  default @Nullable ByteBuffer known(long position, int length) {
    return null;
  }

  /** Writes at a position. */
  void write(long position, byte[] source, int length) throws IOException;

  /** Cuts or grows the file. */
  void truncate(long size) throws IOException;

  /** The file's length in bytes. */
  long size() throws IOException;

  /** Ends the opening. */
  void close() throws IOException;

  /** Publishes what was written, durably. Nothing to do for a file that dies with the process. */
  default void commit() throws IOException {}

  /**
   * Takes a lock.
   *
   * @return whether it was given; a file that nobody shares always gives it
   */
  default boolean lock(LockLevel level) {
    return true;
  }

  /** Goes back to a lesser lock. */
  default void unlock(LockLevel level) throws IOException {}

  /** Whether somebody means to write. */
  default boolean isReserved() {
    return false;
  }
}
