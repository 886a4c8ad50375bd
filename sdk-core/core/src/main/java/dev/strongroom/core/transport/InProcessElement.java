// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.transport;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.ElementCommands;

/**
 * SPI: an element in this process, which takes commands as method calls beside APDUs.
 *
 * <p>{@link dev.strongroom.core.device.SecureElement} prefers the method calls: no APDU is encoded
 * on that way. Both ways reach the same application and have the same effect.
 *
 * <p>Thread safety: {@link #openChannel()} is thread-safe, for the rest see {@link Transport}.
 */
public interface InProcessElement extends Transport {

  /**
   * Opens a channel with a security status of its own.
   *
   * @return the element's commands on that channel
   * @throws StrongroomException if the element is closed or its state cannot be read
   */
  ElementCommands openChannel() throws StrongroomException;

  /**
   * The same element as those outside of this process may see it, for a program that hands its
   * APDUs on to them.
   *
   * @return a transport that {@linkplain Transport#leavesProcess() leaves the process} and insists
   *     on the secure channel; closing it closes this
   */
  Transport exposed();
}
