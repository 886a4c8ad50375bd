// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.ResponseApdu;
import dev.strongroom.core.transport.LinkLostException;

/**
 * Sends an APDU again, at most twice, when the transport is certain that the element has not
 * received it.
 *
 * <p>It lies right above the wire, because only there are the bytes the same the second time: a
 * part of a chain stays that part, and a protected command keeps its place in the secure channel.
 *
 * <p>Thread safety: confined, as every {@link ApduLayer}.
 */
final class Resend implements ApduLayer {

  private static final int MOST = 2;

  private final ApduLayer next;

  Resend(ApduLayer next) {
    this.next = next;
  }

  @Override
  public ResponseApdu transmit(CommandApdu command) throws StrongroomException {
    for (int again = 0; ; again++) {
      try {
        return next.transmit(command);
      } catch (LinkLostException e) {
        if (e.outcome() != LinkLostException.Outcome.NOT_EXECUTED || again == MOST) {
          throw e;
        }
      }
    }
  }
}
