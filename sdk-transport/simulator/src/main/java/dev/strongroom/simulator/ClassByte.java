// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.channel.ScpSession;
import dev.strongroom.core.device.ElementProtocol;

/**
 * What a class byte says (ISO/IEC 7816-4:2020, 5.4.1; GPC_SPE_034, 11.1.4).
 *
 * <p>Channels 0 to 3 stand in bits 1 and 2 of classes 0x, 1x, 8x and 9x, with secure messaging in
 * bit 04; channels 4 to 19 in bits 1 to 4 of classes 4x to 7x and Cx to Fx, with bit 20.
 *
 * <p>Thread safety: immutable.
 *
 * @param channel logical channel, 0 to 19
 * @param plain the class without what is said here: 00 or 80
 * @param secured whether the command is protected by SCP03 messaging
 * @param chained whether more commands of its chain follow
 */
record ClassByte(int channel, int plain, boolean secured, boolean chained) {

  private static final int FURTHER = 0x40;
  private static final int RESERVED = 0x20;
  private static final int FURTHER_SECURED = 0x20;
  private static final int ISO_SECURED = 0x08;
  private static final int FIRST_CHANNELS = 0x03;
  private static final int FURTHER_CHANNELS = 0x0F;
  private static final int INVALID = 0xFF;

  static ClassByte of(int cla) throws Refusal {
    int plain = cla & ElementProtocol.CLA_PROPRIETARY;
    boolean chained = (cla & ElementProtocol.CLA_CHAINING) != 0;
    if ((cla & FURTHER) != 0) {
      Refusal.unless(cla != INVALID, StatusWord.CLA_NOT_SUPPORTED);
      int channel = FIRST_CHANNELS + 1 + (cla & FURTHER_CHANNELS);
      return new ClassByte(channel, plain, (cla & FURTHER_SECURED) != 0, chained);
    }
    Refusal.unless((cla & RESERVED) == 0, StatusWord.CLA_NOT_SUPPORTED);
    Refusal.unless((cla & ISO_SECURED) == 0, StatusWord.SECURE_MESSAGING_NOT_SUPPORTED);
    boolean secured = (cla & ScpSession.CLA_PROTECTED) != 0;
    return new ClassByte(cla & FIRST_CHANNELS, plain, secured, chained);
  }

  /** The class as it stands on logical channel 0 in the last command of a chain. */
  int joined() {
    return secured ? plain | ScpSession.CLA_PROTECTED : plain;
  }
}
