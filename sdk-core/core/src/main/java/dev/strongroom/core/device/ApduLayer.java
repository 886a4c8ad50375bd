// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.ResponseApdu;
import dev.strongroom.core.transport.TransportException;

/**
 * One stage between a command and the wire. {@link ApduElement} stacks them; a layer knows only the
 * one below it.
 *
 * <p>Thread safety: confined; called under the lock of {@link ApduElement}.
 */
interface ApduLayer {

  /**
   * Sends a command and returns its response.
   *
   * @param command stays with the caller, who closes it
   * @return the response, which the caller closes
   */
  ResponseApdu transmit(CommandApdu command) throws TransportException;
}
