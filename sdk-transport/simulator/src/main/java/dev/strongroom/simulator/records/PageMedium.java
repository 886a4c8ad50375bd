// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator.records;

import dev.strongroom.core.StrongroomException;

/**
 * The element's store, as the key memory writes to it.
 *
 * <p>Thread safety: confined; guarded by the lock of the element application.
 */
public interface PageMedium {

  /**
   * How much there is.
   *
   * @return size in bytes
   * @throws StrongroomException if the medium fails
   */
  long size() throws StrongroomException;

  /**
   * Reads; what is behind the end is zero.
   *
   * @param position from which byte on
   * @param target filled whole
   * @throws StrongroomException if the medium fails
   */
  void read(long position, byte[] target) throws StrongroomException;

  /**
   * Writes. What was written is durable when {@link #sync} has returned.
   *
   * @param position from which byte on
   * @param content all of it is written
   * @throws StrongroomException if the medium fails
   */
  void write(long position, byte[] content) throws StrongroomException;

  /**
   * Makes what was written durable.
   *
   * @throws StrongroomException if the medium fails
   */
  void sync() throws StrongroomException;
}
