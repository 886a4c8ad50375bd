// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.ResponseApdu;

/**
 * One stage between a command and the wire. {@link Conversation} stacks them; a layer knows only
 * the one below it.
 *
 * <p>Thread safety: confined; called under the lock of {@link ApduElement}.
 */
interface ApduLayer {

  /**
   * Sends a command and returns its response.
   *
   * @param command stays with the caller, who closes it
   * @return the response, which the caller closes
   * @throws StrongroomException if the link fails, or the secure channel on it
   */
  ResponseApdu transmit(CommandApdu command) throws StrongroomException;
}
