// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.CardCapabilities;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.ResponseApdu;
import dev.strongroom.core.transport.FrameException;

/**
 * Puts the number of its logical channel into the class byte of every command (ISO/IEC 7816-4:2020,
 * 5.4.1).
 *
 * <p>Classes 0x and 8x have room for channels 0 to 3 and say secure messaging by bit 04; channels 4
 * to 19 have classes 4x and Cx, and bit 20.
 *
 * <p>Thread safety: confined, as every {@link ApduLayer}.
 */
final class LogicalChannel implements ApduLayer {

  private static final int P1_CLOSE = 0x80;
  private static final int BASIC = 0;
  private static final int MOST_IN_FIRST_CLASSES = 3;
  private static final int MOST = 19;
  private static final int CLA_FURTHER = 0x40;
  private static final int CLA_PROTECTED = 0x04;
  private static final int CLA_FURTHER_PROTECTED = 0x20;

  private final ApduLayer next;
  private final int number;

  private LogicalChannel(ApduLayer next, int number) {
    this.next = next;
    this.number = number;
  }

  /**
   * Opens a supplementary channel, so that other programs keep the basic one, or stays on the basic
   * one where the card announces no other or has none left.
   */
  static LogicalChannel open(ApduLayer next, CardCapabilities capabilities)
      throws StrongroomException {
    if (capabilities.logicalChannels() == 1) {
      return new LogicalChannel(next, BASIC);
    }
    try (CommandApdu open =
            CommandApdu.of(ElementProtocol.CLA_ISO, ElementProtocol.INS_MANAGE_CHANNEL, 0, 0, 1);
        ResponseApdu response = next.transmit(open)) {
      if (!response.status().isSuccess()) {
        return new LogicalChannel(next, BASIC);
      }
      byte[] answer = response.data();
      if (answer.length != 1 || answer[0] < 1 || answer[0] > MOST) {
        throw new FrameException("MANAGE CHANNEL answers no channel from 1 to 19");
      }
      return new LogicalChannel(next, answer[0]);
    }
  }

  @Override
  public ResponseApdu transmit(CommandApdu command) throws StrongroomException {
    if (number == BASIC) {
      return next.transmit(command);
    }
    try (CommandApdu numbered = command.withClass(classByte(command.cla()))) {
      return next.transmit(numbered);
    }
  }

  /** Closes a supplementary channel, and with it everything that belongs to it. */
  void close() throws StrongroomException {
    if (number == BASIC) {
      return;
    }
    try (CommandApdu close =
        CommandApdu.of(
            ElementProtocol.CLA_ISO, ElementProtocol.INS_MANAGE_CHANNEL, P1_CLOSE, number, 0)) {
      next.transmit(close).close();
    }
  }

  /** The class of GET RESPONSE for an answer to a command of class {@code cla}. */
  static int interindustry(int cla) {
    return (cla & CLA_FURTHER) == 0 ? cla & 0x03 : CLA_FURTHER | (cla & 0x0F);
  }

  private int classByte(int cla) {
    if (number <= MOST_IN_FIRST_CLASSES) {
      return cla | number;
    }
    int kept = cla & (ElementProtocol.CLA_PROPRIETARY | ElementProtocol.CLA_CHAINING);
    int secured = (cla & CLA_PROTECTED) == 0 ? 0 : CLA_FURTHER_PROTECTED;
    return kept | CLA_FURTHER | secured | (number - MOST_IN_FIRST_CLASSES - 1);
  }
}
