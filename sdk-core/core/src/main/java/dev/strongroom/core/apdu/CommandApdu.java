// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.apdu;

import java.util.Arrays;

/**
 * A command APDU: the header CLA INS P1 P2, a data field, and the number of response bytes
 * expected.
 *
 * <p>All four cases of ISO/IEC 7816-3:2006, 12.1 in short and extended length. {@link #encode()}
 * writes short fields where they suffice (Nc up to 255, Ne up to 256) and extended ones otherwise;
 * a command that was read has the fields that it came with. The data may be secret: {@link
 * #close()} zeroes it, and it is never printed.
 *
 * <p>Thread safety: immutable until closed; confined to the thread that closes it.
 */
public final class CommandApdu implements AutoCloseable {

  /** Most data bytes with a short Lc. */
  public static final int MAX_SHORT_DATA = 255;

  /** Most response bytes with a short Le. */
  public static final int MAX_SHORT_RESPONSE = 256;

  /** Most data bytes with an extended Lc. */
  public static final int MAX_EXTENDED_DATA = 65_535;

  /** Most response bytes with an extended Le. */
  public static final int MAX_EXTENDED_RESPONSE = 65_536;

  private static final int HEADER = 4;

  private final int cla;
  private final int ins;
  private final int p1;
  private final int p2;
  private final byte[] data;
  private final int expected;
  private final boolean extended;

  private CommandApdu(
      int cla, int ins, int p1, int p2, byte[] data, int expected, boolean cameExtended) {
    this.cla = octet("CLA", cla);
    this.ins = octet("INS", ins);
    this.p1 = octet("P1", p1);
    this.p2 = octet("P2", p2);
    if (data.length > MAX_EXTENDED_DATA) {
      throw new IllegalArgumentException("Nc is at most 65535, not " + data.length);
    }
    if (expected < 0 || expected > MAX_EXTENDED_RESPONSE) {
      throw new IllegalArgumentException("Ne is 0 to 65536, not " + expected);
    }
    this.data = data;
    this.expected = expected;
    this.extended = cameExtended || data.length > MAX_SHORT_DATA || expected > MAX_SHORT_RESPONSE;
  }

  /**
   * A command without data.
   *
   * @param cla class byte, 0 to 255
   * @param ins instruction byte, 0 to 255
   * @param p1 first parameter, 0 to 255
   * @param p2 second parameter, 0 to 255
   * @param expected Ne: the most response bytes, 0 (case 1) to 65536 (case 2)
   * @return the command
   */
  public static CommandApdu of(int cla, int ins, int p1, int p2, int expected) {
    return new CommandApdu(cla, ins, p1, p2, new byte[0], expected, false);
  }

  /**
   * A command with data.
   *
   * @param cla class byte, 0 to 255
   * @param ins instruction byte, 0 to 255
   * @param p1 first parameter, 0 to 255
   * @param p2 second parameter, 0 to 255
   * @param data copied; empty is the same as no data
   * @param expected Ne: the most response bytes, 0 (case 3) to 65536 (case 4)
   * @return the command
   */
  public static CommandApdu of(int cla, int ins, int p1, int p2, byte[] data, int expected) {
    return new CommandApdu(cla, ins, p1, p2, data.clone(), expected, false);
  }

  /**
   * The same command with another class byte.
   *
   * @param otherClass class byte, 0 to 255
   * @return a command with a copy of the data, closed apart from this one
   */
  public CommandApdu withClass(int otherClass) {
    return new CommandApdu(otherClass, ins, p1, p2, data.clone(), expected, extended);
  }

  /**
   * Reads a command as it stands on the wire.
   *
   * @param wire the whole command
   * @return the command
   * @throws IllegalArgumentException if the length fields do not fit the length
   */
  public static CommandApdu parse(byte[] wire) {
    if (wire.length < HEADER) {
      throw new IllegalArgumentException("a command APDU has at least 4 bytes, not " + wire.length);
    }
    int body = wire.length - HEADER;
    if (body == 0) {
      return parsed(wire, 0, 0, 0);
    }
    int first = wire[4] & 0xFF;
    if (body == 1) {
      return parsed(wire, 0, 0, first == 0 ? MAX_SHORT_RESPONSE : first);
    }
    if (first != 0) {
      if (body == 1 + first) {
        return parsed(wire, 5, first, 0);
      }
      if (body == 2 + first) {
        int le = wire[wire.length - 1] & 0xFF;
        return parsed(wire, 5, first, le == 0 ? MAX_SHORT_RESPONSE : le);
      }
      throw new IllegalArgumentException(
          "Lc is " + first + ", but " + (body - 1) + " bytes follow it");
    }
    if (body < 3) {
      throw new IllegalArgumentException("an extended length field has 3 bytes, not " + body);
    }
    int extended = u16(wire, 5);
    if (body == 3) {
      return parsed(wire, 0, 0, extended == 0 ? MAX_EXTENDED_RESPONSE : extended);
    }
    if (extended != 0 && body == 3 + extended) {
      return parsed(wire, 7, extended, 0);
    }
    if (extended != 0 && body == 5 + extended) {
      int le = u16(wire, wire.length - 2);
      return parsed(wire, 7, extended, le == 0 ? MAX_EXTENDED_RESPONSE : le);
    }
    throw new IllegalArgumentException(
        "extended Lc is " + extended + ", but " + (body - 3) + " bytes follow it");
  }

  private static CommandApdu parsed(byte[] wire, int from, int length, int expected) {
    return new CommandApdu(
        wire[0] & 0xFF,
        wire[1] & 0xFF,
        wire[2] & 0xFF,
        wire[3] & 0xFF,
        Arrays.copyOfRange(wire, from, from + length),
        expected,
        // An extended field begins with a zero byte; a short Lc is not zero, a short Le stands
        // alone.
        wire.length > HEADER + 1 && wire[HEADER] == 0);
  }

  /**
   * The class byte.
   *
   * @return CLA, 0 to 255
   */
  public int cla() {
    return cla;
  }

  /**
   * The instruction byte.
   *
   * @return INS, 0 to 255
   */
  public int ins() {
    return ins;
  }

  /**
   * The first parameter.
   *
   * @return P1, 0 to 255
   */
  public int p1() {
    return p1;
  }

  /**
   * The second parameter.
   *
   * @return P2, 0 to 255
   */
  public int p2() {
    return p2;
  }

  /**
   * A copy of the data field, which the caller zeroes if it is secret.
   *
   * @return Nc bytes
   */
  public byte[] data() {
    return data.clone();
  }

  /**
   * The length of the data field.
   *
   * @return Nc in bytes
   */
  public int dataLength() {
    return data.length;
  }

  /**
   * The most response bytes expected.
   *
   * @return Ne, 0 when there is no Le field
   */
  public int expected() {
    return expected;
  }

  /**
   * Whether the wire form has extended length fields.
   *
   * @return true if Nc is over 255 or Ne over 256, or the command was read with extended fields
   */
  public boolean isExtended() {
    return extended;
  }

  /**
   * The wire form, which the caller zeroes if it is secret.
   *
   * @return the encoded command
   */
  public byte[] encode() {
    int lcBytes = data.length == 0 ? 0 : extended ? 3 : 1;
    int leBytes = expected == 0 ? 0 : !extended ? 1 : data.length == 0 ? 3 : 2;
    byte[] wire = new byte[HEADER + lcBytes + data.length + leBytes];
    wire[0] = (byte) cla;
    wire[1] = (byte) ins;
    wire[2] = (byte) p1;
    wire[3] = (byte) p2;
    int at = HEADER;
    if (lcBytes == 3) {
      wire[at + 1] = (byte) (data.length >>> 8);
      wire[at + 2] = (byte) data.length;
    } else if (lcBytes == 1) {
      wire[at] = (byte) data.length;
    }
    at += lcBytes;
    System.arraycopy(data, 0, wire, at, data.length);
    at += data.length;
    // Ne = 256 (short) and 65536 (extended) are written as zero by the narrowing.
    if (leBytes > 1) {
      wire[wire.length - 2] = (byte) (expected >>> 8);
    }
    if (leBytes > 0) {
      wire[wire.length - 1] = (byte) expected;
    }
    return wire;
  }

  /** Zeroes the data field. Idempotent. */
  @Override
  public void close() {
    Arrays.fill(data, (byte) 0);
  }

  @Override
  public String toString() {
    return String.format(
        "%02X %02X %02X %02X Nc=%d Ne=%d", cla, ins, p1, p2, data.length, expected);
  }

  private static int octet(String name, int value) {
    if (value < 0 || value > 0xFF) {
      throw new IllegalArgumentException(name + " is 0 to 255, not " + value);
    }
    return value;
  }

  private static int u16(byte[] wire, int at) {
    return (wire[at] & 0xFF) << 8 | (wire[at + 1] & 0xFF);
  }
}
