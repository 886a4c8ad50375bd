// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.StatusWord;
import org.jspecify.annotations.Nullable;

/**
 * The logical channels of a card that is switched on: the basic one, always open, and supplementary
 * ones that MANAGE CHANNEL opens and closes (ISO/IEC 7816-4:2020, 11.1.2).
 *
 * <p>Thread safety: confined, as its dispatcher.
 */
final class ChannelTable {

  /** As many as the card capabilities in the Answer to Reset say. */
  static final int CHANNELS = 4;

  private static final int BASIC = 0;
  private static final int P1_OPEN = 0x00;
  private static final int P1_CLOSE = 0x80;

  private final ElementApplication application;
  private final @Nullable LogicalChannel[] open = new LogicalChannel[CHANNELS];
  private int closing;

  ChannelTable(ElementApplication application) {
    this.application = application;
    occupy(BASIC);
  }

  LogicalChannel at(int number) throws Refusal {
    LogicalChannel channel = number < CHANNELS ? open[number] : null;
    if (channel == null) {
      throw new Refusal(StatusWord.CHANNEL_NOT_SUPPORTED);
    }
    return channel;
  }

  /**
   * MANAGE CHANNEL. A channel that is to be closed may be the one that the command came on and that
   * still has to answer, so it is closed by {@link #sweep}.
   *
   * @param from on which channel the command came
   */
  byte[] manage(int from, CommandApdu command) throws Refusal {
    Refusal.unless(command.dataLength() == 0, StatusWord.WRONG_LENGTH);
    if (command.p1() == P1_OPEN) {
      Refusal.unless(command.p2() == 0, StatusWord.WRONG_P1_P2);
      return new byte[] {(byte) occupyFree()};
    }
    Refusal.unless(command.p1() == P1_CLOSE, StatusWord.WRONG_P1_P2);
    int number = command.p2() == 0 ? from : command.p2();
    Refusal.unless(number != BASIC, StatusWord.WRONG_P1_P2);
    at(number);
    closing = number;
    return new byte[0];
  }

  /** Closes the channel that the last MANAGE CHANNEL said. */
  void sweep() {
    if (closing != BASIC) {
      release(closing);
      closing = BASIC;
    }
  }

  /** Closes every channel, the basic one too. */
  void close() {
    for (int number = 0; number < CHANNELS; number++) {
      release(number);
    }
  }

  private int occupyFree() throws Refusal {
    for (int number = BASIC + 1; number < CHANNELS; number++) {
      if (open[number] == null) {
        occupy(number);
        return number;
      }
    }
    throw new Refusal(StatusWord.CHANNEL_NOT_SUPPORTED);
  }

  private void occupy(int number) {
    open[number] = new LogicalChannel(number, this, new ElementChannel(application));
  }

  private void release(int number) {
    LogicalChannel channel = open[number];
    open[number] = null;
    if (channel != null) {
      channel.close();
    }
  }
}
