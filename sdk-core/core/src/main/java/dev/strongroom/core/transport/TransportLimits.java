// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.transport;

import dev.strongroom.core.apdu.CommandApdu;

/**
 * The largest APDUs that a transport moves in one piece.
 *
 * <p>Longer ones are cut by command chaining and GET RESPONSE above the transport.
 *
 * <p>Thread safety: immutable.
 *
 * @param maxCommand largest encoded command APDU in bytes, at least 261 (short case 4)
 * @param maxResponse largest encoded response APDU in bytes, SW1 and SW2 included, at least 258
 */
public record TransportLimits(int maxCommand, int maxResponse) {

  /** Header, Lc and Le of an extended command. */
  private static final int EXTENDED_FIELDS = 9;

  /** Short length fields only: 261 and 258 bytes. */
  public static final TransportLimits SHORT = new TransportLimits(261, 258);

  /** All that extended length fields can say: 65544 and 65538 bytes. */
  public static final TransportLimits EXTENDED = new TransportLimits(65_544, 65_538);

  /**
   * Checks the range.
   *
   * @param maxCommand largest encoded command APDU in bytes
   * @param maxResponse largest encoded response APDU in bytes
   */
  public TransportLimits {
    if (maxCommand < 261 || maxResponse < 258) {
      throw new IllegalArgumentException(
          "limits below short APDUs: " + maxCommand + " and " + maxResponse);
    }
  }

  /**
   * Whether a command goes over the transport in one piece, and so does its answer.
   *
   * @param command any command
   * @return true for every short command, and for an extended one within both limits
   */
  public boolean takes(CommandApdu command) {
    return !command.isExtended()
        || (command.dataLength() + EXTENDED_FIELDS <= maxCommand
            && command.expected() + 2 <= maxResponse);
  }
}
