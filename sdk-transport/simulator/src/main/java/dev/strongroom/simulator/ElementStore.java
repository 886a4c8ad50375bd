// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import java.io.IOException;

/**
 * SPI: the medium on which a simulated element keeps its state, a few ten thousand bytes, and its
 * keys behind that, up to 64 MiB.
 *
 * <p>What was written before a {@link #sync()} that returned is there after a loss of power; what
 * was written since may be there, missing, or there in part.
 *
 * <p>Thread safety: implementations are confined; the element calls one method at a time.
 */
public interface ElementStore extends AutoCloseable {

  /**
   * How much there is.
   *
   * @return size in bytes, 0 for a store that does not exist yet
   * @throws IOException if the medium fails
   */
  long size() throws IOException;

  /**
   * Reads.
   *
   * @param position from which byte on
   * @param target filled from its beginning
   * @return how many bytes were read, fewer than asked for at the end of the store
   * @throws IOException if the medium fails
   */
  int read(long position, byte[] target) throws IOException;

  /**
   * Writes; the first write makes the store.
   *
   * @param position from which byte on
   * @param content all of it is written
   * @throws IOException if the medium fails or the store cannot be made
   */
  void write(long position, byte[] content) throws IOException;

  /**
   * Makes what has been written survive a loss of power.
   *
   * @throws IOException if the medium fails; what of the writes is there is then not known
   */
  void sync() throws IOException;

  /**
   * Lets go of the medium. Idempotent.
   *
   * @throws IOException if the medium fails
   */
  @Override
  void close() throws IOException;
}
