// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.ReceiveId;

/**
 * The commands of the receive register as a card takes them, {@code docs/spec/element-protocol.md},
 * 2.11.
 *
 * <p>Thread safety: confined, as the dispatcher.
 */
final class ReceiveApdus {

  private static final byte[] NOTHING = {};

  private final ElementChannel channel;

  ReceiveApdus(ElementChannel channel) {
    this.channel = channel;
  }

  byte[] receive(CommandApdu command, byte[] data) throws Refusal, StrongroomException {
    Refusal.unless(command.p2() == 0, StatusWord.WRONG_P1_P2);
    CommandData in = new CommandData(data);
    switch (command.p1()) {
      case ElementProtocol.P1_RECEIVE_BEGIN -> {
        return begin(in);
      }
      case ElementProtocol.P1_RECEIVE_DONE -> {
        Bytes id = in.bytes(ReceiveId.LENGTH);
        in.end();
        channel.endReceive(CommandData.structure(id, ReceiveId::parse));
        return NOTHING;
      }
      case ElementProtocol.P1_RECEIVE_READ -> {
        in.end();
        return channel.receiveRegister().encode().toByteArray();
      }
      default -> throw new Refusal(StatusWord.WRONG_P1_P2);
    }
  }

  private byte[] begin(CommandData in) throws Refusal, StrongroomException {
    HpkeSuite suite =
        HpkeSuite.of(in.bytes(1).at(0) & 0xFF)
            .orElseThrow(() -> new Refusal(StatusWord.FUNCTION_NOT_SUPPORTED));
    Bytes id = in.bytes(ReceiveId.LENGTH);
    Bytes enc = in.bytes(suite.encLength());
    Bytes info = in.counted();
    Bytes exporterContext = in.counted();
    int length = in.exportLength();
    in.end();
    return IdentityApdus.taken(
        channel.beginReceive(
            suite,
            CommandData.structure(id, ReceiveId::parse),
            enc,
            info,
            exporterContext,
            length));
  }

  byte[] forget(CommandApdu command, byte[] data) throws Refusal, StrongroomException {
    Refusal.unless(command.p1() == 0 && command.p2() == 0, StatusWord.WRONG_P1_P2);
    CommandData in = new CommandData(data);
    try (SecretBytes administratorPin = in.pin()) {
      Bytes sender = in.bytes(ReceiveId.SENDER_LENGTH);
      in.end();
      channel.forgetSender(administratorPin, sender);
      return NOTHING;
    }
  }
}
