// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.ResponseApdu;
import dev.strongroom.core.transport.LinkLostException;
import dev.strongroom.core.transport.TransportException;

/**
 * The top layer: repeats, at most twice and on a new conversation, what may be repeated when the
 * link broke.
 *
 * <p>That is what leads to a command, before it is sent; and a command whose outcome is not known
 * only if a second execution changes nothing and no login is lost by the new conversation. Nothing
 * else is ever sent a second time.
 *
 * <p>Thread safety: confined, as every {@link ApduLayer}.
 */
final class Retry implements ApduLayer {

  /** Where conversations come from. */
  interface Conversations {

    /** One that is ready for a command, the present one if there is one. */
    Conversation readyFor(CommandApdu command) throws StrongroomException;
  }

  private static final int MOST = 2;

  private final Conversations conversations;

  Retry(Conversations conversations) {
    this.conversations = conversations;
  }

  @Override
  public ResponseApdu transmit(CommandApdu command) throws StrongroomException {
    for (int again = 0; ; again++) {
      Conversation conversation = readyFor(command);
      boolean login = conversation.hasLogin();
      try {
        return conversation.transmit(command);
      } catch (TransportException e) {
        if (login || again == MOST || !isUnknown(e) || !isIdempotent(command)) {
          throw e;
        }
      }
    }
  }

  /** Makes everything ready for a command. */
  Conversation readyFor(CommandApdu command) throws StrongroomException {
    for (int again = 0; ; again++) {
      try {
        return conversations.readyFor(command);
      } catch (TransportException e) {
        if (again == MOST || !isUnknown(e)) {
          throw e;
        }
      }
    }
  }

  /** Not a timeout: waiting three times as long helps nobody. Nor what came in a wrong form. */
  private static boolean isUnknown(TransportException failure) {
    return failure instanceof LinkLostException lost
        && lost.outcome() == LinkLostException.Outcome.UNKNOWN;
  }

  private static boolean isIdempotent(CommandApdu command) {
    return command.ins() == ElementProtocol.INS_SELECT
        || command.ins() == ElementProtocol.INS_GET_DATA
        || command.ins() == ElementProtocol.INS_GET_CHALLENGE;
  }
}
