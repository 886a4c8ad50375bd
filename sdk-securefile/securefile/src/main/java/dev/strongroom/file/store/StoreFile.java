// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.store;

import java.io.Closeable;
import java.io.IOException;

/**
 * An open host file with positional access.
 *
 * <p>An interrupt of the calling thread neither closes the file nor ends the operation; the
 * thread's interrupt status is kept.
 *
 * <p>Thread safety: thread-safe; overlapping writes from several threads have no defined order.
 */
public interface StoreFile extends Closeable {

  /**
   * The file's length.
   *
   * @return bytes
   * @throws IOException if the store fails
   */
  long size() throws IOException;

  /**
   * Reads until the buffer part is full or the file ends.
   *
   * @param position where in the file
   * @param target the array
   * @param offset where in the array
   * @param length how many bytes are wanted
   * @return how many were read; fewer than wanted only at the end of the file, 0 beyond it
   * @throws IOException if the store fails
   */
  int read(long position, byte[] target, int offset, int length) throws IOException;

  /**
   * Writes all bytes; a gap before {@code position} reads as zeros.
   *
   * @param position where in the file
   * @param source the array
   * @param offset where in the array
   * @param length how many bytes
   * @throws IOException if the store fails; then any part may have been written
   */
  void write(long position, byte[] source, int offset, int length) throws IOException;

  /**
   * Cuts the file or extends it by zeros.
   *
   * @param size the new length
   * @throws IOException if the store fails
   */
  void truncate(long size) throws IOException;

  /**
   * Makes all earlier writes of this file durable, with its length (fdatasync).
   *
   * @throws IOException if that failed; then nothing is known about the writes since the last one
   */
  void sync() throws IOException;

  /**
   * Says that much was written that will have to be durable: the store may begin to bring it to the
   * medium, while the caller goes on. If that fails, the next {@link #sync} fails.
   */
  default void beginSync() {}
}
