// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.apdu;

/**
 * The two bytes SW1 SW2 that end every response APDU.
 *
 * <p>The constants are those of ISO/IEC 7816-4:2020, 5.6; which of them an element gives, and when,
 * stands in {@code docs/spec/element-protocol.md}.
 *
 * <p>Thread safety: immutable.
 *
 * @param value SW1 and SW2 as one number, 0x0000 to 0xFFFF
 */
public record StatusWord(int value) {

  /** Normal processing. */
  public static final StatusWord SUCCESS = new StatusWord(0x9000);

  /** Memory failure: a write to persistent memory did not succeed. */
  public static final StatusWord MEMORY_FAILURE = new StatusWord(0x6581);

  /** Wrong length. */
  public static final StatusWord WRONG_LENGTH = new StatusWord(0x6700);

  /** Logical channel not supported. */
  public static final StatusWord CHANNEL_NOT_SUPPORTED = new StatusWord(0x6881);

  /** Secure messaging not supported. */
  public static final StatusWord SECURE_MESSAGING_NOT_SUPPORTED = new StatusWord(0x6882);

  /** The last command of a chain was expected. */
  public static final StatusWord LAST_OF_CHAIN_EXPECTED = new StatusWord(0x6883);

  /** Security status not satisfied. */
  public static final StatusWord SECURITY_STATUS_NOT_SATISFIED = new StatusWord(0x6982);

  /** Authentication method blocked. */
  public static final StatusWord AUTHENTICATION_BLOCKED = new StatusWord(0x6983);

  /** Conditions of use not satisfied. */
  public static final StatusWord CONDITIONS_NOT_SATISFIED = new StatusWord(0x6985);

  /** Incorrect secure messaging data objects. */
  public static final StatusWord SECURE_MESSAGING_WRONG = new StatusWord(0x6988);

  /** Incorrect parameters in the command data field. */
  public static final StatusWord WRONG_DATA = new StatusWord(0x6A80);

  /** Function not supported. */
  public static final StatusWord FUNCTION_NOT_SUPPORTED = new StatusWord(0x6A81);

  /** File or application not found. */
  public static final StatusWord NOT_FOUND = new StatusWord(0x6A82);

  /** Not enough memory space. */
  public static final StatusWord NOT_ENOUGH_MEMORY = new StatusWord(0x6A84);

  /** Incorrect parameters P1 P2. */
  public static final StatusWord WRONG_P1_P2 = new StatusWord(0x6A86);

  /** Referenced data or reference data not found. */
  public static final StatusWord REFERENCE_NOT_FOUND = new StatusWord(0x6A88);

  /** File already exists; here what was received before. */
  public static final StatusWord ALREADY_EXISTS = new StatusWord(0x6A89);

  /** Instruction code not supported or invalid. */
  public static final StatusWord INS_NOT_SUPPORTED = new StatusWord(0x6D00);

  /** Class not supported. */
  public static final StatusWord CLA_NOT_SUPPORTED = new StatusWord(0x6E00);

  /** No precise diagnosis. */
  public static final StatusWord UNKNOWN = new StatusWord(0x6F00);

  private static final int MAX_TRIES = 15;

  /**
   * Checks the range.
   *
   * @param value SW1 and SW2 as one number
   */
  public StatusWord {
    if (value < 0 || value > 0xFFFF) {
      throw new IllegalArgumentException("a status word has two bytes, not 0x" + hex(value));
    }
  }

  /**
   * Takes the two bytes.
   *
   * @param sw1 the first byte
   * @param sw2 the second byte
   * @return the status word
   */
  public static StatusWord of(byte sw1, byte sw2) {
    return new StatusWord((sw1 & 0xFF) << 8 | (sw2 & 0xFF));
  }

  /**
   * The status word of a failed comparison, 63Cx.
   *
   * @param left tries left, 0 to 15
   * @return the status word
   */
  public static StatusWord triesLeft(int left) {
    if (left < 0 || left > MAX_TRIES) {
      throw new IllegalArgumentException("63Cx counts 0 to 15 tries, not " + left);
    }
    return new StatusWord(0x63C0 | left);
  }

  /**
   * The status word that announces more response bytes, 61xx.
   *
   * @param available bytes still to be fetched, at least 1; 256 and more are written as 6100
   * @return the status word
   */
  public static StatusWord moreData(int available) {
    return new StatusWord(0x6100 | (available > 0xFF ? 0 : available));
  }

  /**
   * The first byte.
   *
   * @return SW1, 0 to 255
   */
  public int sw1() {
    return value >>> 8;
  }

  /**
   * The second byte.
   *
   * @return SW2, 0 to 255
   */
  public int sw2() {
    return value & 0xFF;
  }

  /**
   * Whether the command was carried out normally.
   *
   * @return true for 9000
   */
  public boolean isSuccess() {
    return value == 0x9000;
  }

  /**
   * Whether it counts tries, 63Cx.
   *
   * @return true for 63C0 to 63CF, whose last digit is the number of tries left
   */
  public boolean isTriesLeft() {
    return (value & 0xFFF0) == 0x63C0;
  }

  /**
   * Whether GET RESPONSE fetches more bytes, 61xx.
   *
   * @return true for SW1 61; SW2 is the number of bytes, 0 for 256 or more
   */
  public boolean isMoreData() {
    return sw1() == 0x61;
  }

  /**
   * Whether the command is to be repeated with another Le, 6Cxx.
   *
   * @return true for SW1 6C; SW2 is that Le, 0 for 256
   */
  public boolean isWrongLe() {
    return sw1() == 0x6C;
  }

  @Override
  public String toString() {
    return hex(value);
  }

  private static String hex(int value) {
    return String.format("%04X", value);
  }
}
