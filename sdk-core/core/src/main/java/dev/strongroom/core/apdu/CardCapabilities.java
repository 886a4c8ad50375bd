// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.apdu;

import dev.strongroom.core.Bytes;

/**
 * What a card says of itself in the historical bytes of its Answer to Reset (ISO/IEC 7816-4:2020,
 * 12.1.1): the third software function table of the compact data object 73.
 *
 * <p>A card that says nothing has the least: one logical channel and short length fields.
 *
 * <p>Thread safety: immutable.
 */
public final class CardCapabilities {

  private static final int STATUS_APART = 0x00;
  private static final int STATUS_WITHIN = 0x80;
  private static final int STATUS_LENGTH = 3;
  private static final int CAPABILITIES_TAG = 7;
  private static final int COMMAND_CHAINING = 0x80;
  private static final int EXTENDED_LENGTH = 0x40;
  private static final int CHANNELS_BY_CARD = 0x10;
  private static final int MOST_CHANNELS = 0x07;

  private final int functions;

  private CardCapabilities(int functions) {
    this.functions = functions;
  }

  /**
   * Reads the historical bytes; what is malformed says nothing.
   *
   * @param atr the Answer to Reset
   * @return its card capabilities
   */
  public static CardCapabilities of(Atr atr) {
    Bytes historical = atr.historicalBytes();
    int end = historical.length();
    if (end == 0) {
      return new CardCapabilities(0);
    }
    int category = historical.at(0) & 0xFF;
    if (category == STATUS_APART) {
      end -= STATUS_LENGTH;
    } else if (category != STATUS_WITHIN) {
      return new CardCapabilities(0);
    }
    for (int at = 1; at < end; ) {
      int tag = (historical.at(at) & 0xFF) >>> 4;
      int length = historical.at(at) & 0x0F;
      at++;
      if (tag == CAPABILITIES_TAG && length == 3 && at + length <= end) {
        return new CardCapabilities(historical.at(at + 2) & 0xFF);
      }
      at += length;
    }
    return new CardCapabilities(0);
  }

  /**
   * Whether it takes a command in several parts.
   *
   * @return whether command chaining is announced
   */
  public boolean commandChaining() {
    return (functions & COMMAND_CHAINING) != 0;
  }

  /**
   * Whether it takes commands with more than 255 and gives answers with more than 256 data bytes.
   *
   * @return whether extended length fields are announced
   */
  public boolean extendedLength() {
    return (functions & EXTENDED_LENGTH) != 0;
  }

  /**
   * How many logical channels it has, the basic one included, if it gives out their numbers.
   *
   * @return 1 to 8, where 8 says eight or more
   */
  public int logicalChannels() {
    return (functions & CHANNELS_BY_CARD) == 0 ? 1 : (functions & MOST_CHANNELS) + 1;
  }

  @Override
  public String toString() {
    return String.format("CardCapabilities[%02X]", functions);
  }
}
