// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.ResponseApdu;
import dev.strongroom.core.transport.FrameException;
import dev.strongroom.core.transport.LinkLostException;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportException;
import java.util.Arrays;

/**
 * The lowest layer: encodes, hands to the transport, decodes, and tames drivers.
 *
 * <p>Thread safety: confined, as every {@link ApduLayer}.
 */
final class TransportLink implements ApduLayer {

  private final Transport transport;

  TransportLink(Transport transport) {
    this.transport = transport;
  }

  @Override
  public ResponseApdu transmit(CommandApdu command) throws TransportException {
    byte[] request = command.encode();
    byte[] answer;
    try {
      answer = transport.transmit(request);
    } catch (RuntimeException e) {
      // Smart card drivers report a pulled card or a dead service in any way they like.
      LinkLostException.Outcome outcome =
          transport.lostAnswer() == Transport.LostAnswer.NOT_EXECUTED
              ? LinkLostException.Outcome.NOT_EXECUTED
              : LinkLostException.Outcome.UNKNOWN;
      throw new LinkLostException(transport.name(), outcome, e);
    } finally {
      Arrays.fill(request, (byte) 0);
    }
    try {
      return ResponseApdu.parse(answer);
    } catch (IllegalArgumentException e) {
      throw new FrameException(answer.length + " bytes are no response APDU", e);
    } finally {
      Arrays.fill(answer, (byte) 0);
    }
  }
}
