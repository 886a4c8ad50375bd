// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.ResponseApdu;
import dev.strongroom.core.transport.Transport;
import java.util.Arrays;

/**
 * Cuts a command that is longer than the transport takes into a chain of short ones, and asks for
 * no more than a short answer at a time (ISO/IEC 7816-4:2020, 5.3.3).
 *
 * <p>Thread safety: confined, as every {@link ApduLayer}.
 */
final class CommandChaining implements ApduLayer {

  private final Transport transport;
  private final ApduLayer next;

  CommandChaining(Transport transport, ApduLayer next) {
    this.transport = transport;
    this.next = next;
  }

  @Override
  public ResponseApdu transmit(CommandApdu command) throws StrongroomException {
    if (transport.limits().takes(command)) {
      return next.transmit(command);
    }
    byte[] data = command.data();
    try {
      int from = 0;
      for (; data.length - from > CommandApdu.MAX_SHORT_DATA; from += CommandApdu.MAX_SHORT_DATA) {
        int to = from + CommandApdu.MAX_SHORT_DATA;
        try (CommandApdu link =
            part(command, command.cla() | ElementProtocol.CLA_CHAINING, data, from, to, 0)) {
          ResponseApdu response = next.transmit(link);
          if (!response.status().isSuccess()) {
            return response;
          }
          response.close();
        }
      }
      int expected = Math.min(command.expected(), CommandApdu.MAX_SHORT_RESPONSE);
      try (CommandApdu last = part(command, command.cla(), data, from, data.length, expected)) {
        return next.transmit(last);
      }
    } finally {
      Arrays.fill(data, (byte) 0);
    }
  }

  private static CommandApdu part(
      CommandApdu command, int cla, byte[] data, int from, int to, int expected) {
    byte[] part = Arrays.copyOfRange(data, from, to);
    try {
      return CommandApdu.of(cla, command.ins(), command.p1(), command.p2(), part, expected);
    } finally {
      Arrays.fill(part, (byte) 0);
    }
  }
}
