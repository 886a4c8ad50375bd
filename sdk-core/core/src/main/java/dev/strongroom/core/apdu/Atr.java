// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.apdu;

import dev.strongroom.core.Bytes;

/**
 * The Answer to Reset: what an element says when it is powered on (ISO/IEC 7816-3:2006, 8.2).
 *
 * <p>TS, T0, interface bytes, up to 15 historical bytes and, unless T=0 is the only protocol, the
 * check byte TCK, whose exclusive-or over T0 to TCK is zero. At most 33 bytes.
 *
 * <p>Thread safety: immutable.
 */
public final class Atr {

  /** Most bytes of an Answer to Reset, TS included. */
  public static final int MAX_LENGTH = 33;

  private static final int DIRECT = 0x3B;
  private static final int INVERSE = 0x3F;

  private final Bytes bytes;
  private final Bytes historicalBytes;

  private Atr(Bytes bytes, Bytes historicalBytes) {
    this.bytes = bytes;
    this.historicalBytes = historicalBytes;
  }

  /**
   * Checks and takes an Answer to Reset.
   *
   * @param bytes all of it, TS first
   * @return the Answer to Reset
   * @throws IllegalArgumentException if TS is not 3B or 3F, a byte is missing or left over, or TCK
   *     is wrong
   */
  public static Atr of(Bytes bytes) {
    if (bytes.length() < 2 || bytes.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("an ATR has 2 to 33 bytes, not " + bytes.length());
    }
    int ts = bytes.at(0) & 0xFF;
    if (ts != DIRECT && ts != INVERSE) {
      throw new IllegalArgumentException(String.format("TS is 3B or 3F, not %02X", ts));
    }
    int t0 = bytes.at(1) & 0xFF;
    int at = 2;
    boolean checked = false;
    for (int present = t0 >>> 4; present != 0; ) {
      at += Integer.bitCount(present & 0x7);
      if ((present & 0x8) == 0) {
        break;
      }
      if (at >= bytes.length()) {
        throw new IllegalArgumentException("the ATR ends within its interface bytes");
      }
      int td = bytes.at(at++) & 0xFF;
      checked |= (td & 0x0F) != 0;
      present = td >>> 4;
    }
    int historical = t0 & 0x0F;
    int expected = at + historical + (checked ? 1 : 0);
    if (bytes.length() != expected) {
      throw new IllegalArgumentException(
          "the ATR announces " + expected + " bytes and has " + bytes.length());
    }
    if (checked) {
      int sum = 0;
      for (int i = 1; i < bytes.length(); i++) {
        sum ^= bytes.at(i);
      }
      if ((sum & 0xFF) != 0) {
        throw new IllegalArgumentException(
            String.format("the ATR's check byte TCK is wrong by %02X", sum & 0xFF));
      }
    }
    return new Atr(bytes, Bytes.copyOf(bytes.toByteArray(), at, historical));
  }

  /**
   * Reads hexadecimal text.
   *
   * @param text the whole Answer to Reset
   * @return the Answer to Reset
   * @throws IllegalArgumentException if the text is not hexadecimal or not an ATR
   */
  public static Atr parse(String text) {
    return of(Bytes.parse(text));
  }

  /**
   * All bytes, TS first.
   *
   * @return 2 to 33 bytes
   */
  public Bytes bytes() {
    return bytes;
  }

  /**
   * The bytes that say what the element is, in words of its maker.
   *
   * @return up to 15 bytes
   */
  public Bytes historicalBytes() {
    return historicalBytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Atr that && bytes.equals(that.bytes);
  }

  @Override
  public int hashCode() {
    return bytes.hashCode();
  }

  @Override
  public String toString() {
    return bytes.toString();
  }
}
