// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.ResponseApdu;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.transport.TransportException;

/**
 * The element application as a card shows it: command APDUs in, response APDUs out. Reads the class
 * byte, refuses what must not come in clear, and hands the rest to its logical channel.
 *
 * <p>Thread safety: confined; guarded by the lock of {@link SimulatedElement}.
 */
final class ApduDispatcher {

  private final ElementApplication application;
  private final ChannelTable channels;

  ApduDispatcher(ElementApplication application) {
    this.application = application;
    this.channels = new ChannelTable(application);
  }

  /** Executes a command; what breaks the link instead of being answered is thrown. */
  byte[] transmit(byte[] wire, Exposure exposure) throws TransportException {
    application.requirePower();
    CommandApdu command;
    try {
      command = CommandApdu.parse(wire);
    } catch (IllegalArgumentException e) {
      return ResponseApdu.of(StatusWord.WRONG_LENGTH).encode();
    }
    try (command;
        ResponseApdu response = route(command, exposure)) {
      return response.encode();
    } catch (Refusal refusal) {
      return ResponseApdu.of(refusal.status()).encode();
    }
  }

  /** Forgets every channel, as the card does when it is reset. */
  void reset() {
    channels.close();
  }

  private ResponseApdu route(CommandApdu command, Exposure exposure)
      throws Refusal, TransportException {
    ClassByte cla = ClassByte.of(command.cla());
    LogicalChannel channel = channels.at(cla.channel());
    if (exposure == Exposure.EXPOSED && !cla.secured()) {
      refuseProtected(cla, command);
    }
    return channel.receive(cla, command);
  }

  /** Before anything else of the command is looked at, and before a part of a chain is kept. */
  private static void refuseProtected(ClassByte cla, CommandApdu command) throws Refusal {
    try (CommandApdu plain = command.withClass(cla.plain())) {
      Refusal.unless(!ElementProtocol.isProtected(plain), StatusWord.SECURITY_STATUS_NOT_SATISFIED);
    }
  }
}
