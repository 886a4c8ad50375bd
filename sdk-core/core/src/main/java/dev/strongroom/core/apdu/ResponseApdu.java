// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.apdu;

import java.util.Arrays;

/**
 * A response APDU: a data field and a status word (ISO/IEC 7816-4:2020, 5.1).
 *
 * <p>The data may be secret: {@link #close()} zeroes it, and it is never printed.
 *
 * <p>Thread safety: immutable until closed; confined to the thread that closes it.
 */
public final class ResponseApdu implements AutoCloseable {

  private final byte[] data;
  private final StatusWord status;

  private ResponseApdu(byte[] data, StatusWord status) {
    this.data = data;
    this.status = status;
  }

  /**
   * A response without data.
   *
   * @param status its status word
   * @return the response
   */
  public static ResponseApdu of(StatusWord status) {
    return new ResponseApdu(new byte[0], status);
  }

  /**
   * A response with data.
   *
   * @param data copied
   * @param status its status word
   * @return the response
   */
  public static ResponseApdu of(byte[] data, StatusWord status) {
    return new ResponseApdu(data.clone(), status);
  }

  /**
   * Reads a response as it stands on the wire.
   *
   * @param wire the whole response, SW1 and SW2 last
   * @return the response
   * @throws IllegalArgumentException if it has fewer than 2 or more than 65538 bytes
   */
  public static ResponseApdu parse(byte[] wire) {
    if (wire.length < 2 || wire.length > CommandApdu.MAX_EXTENDED_RESPONSE + 2) {
      throw new IllegalArgumentException(
          "a response APDU has 2 to 65538 bytes, not " + wire.length);
    }
    return new ResponseApdu(
        Arrays.copyOf(wire, wire.length - 2),
        StatusWord.of(wire[wire.length - 2], wire[wire.length - 1]));
  }

  /**
   * A copy of the data field, which the caller zeroes if it is secret.
   *
   * @return Nr bytes
   */
  public byte[] data() {
    return data.clone();
  }

  /**
   * The length of the data field.
   *
   * @return Nr in bytes
   */
  public int dataLength() {
    return data.length;
  }

  /**
   * The status word.
   *
   * @return SW1 SW2
   */
  public StatusWord status() {
    return status;
  }

  /**
   * The wire form, which the caller zeroes if it is secret.
   *
   * @return data, SW1, SW2
   */
  public byte[] encode() {
    byte[] wire = Arrays.copyOf(data, data.length + 2);
    wire[data.length] = (byte) status.sw1();
    wire[data.length + 1] = (byte) status.sw2();
    return wire;
  }

  /** Zeroes the data field. Idempotent. */
  @Override
  public void close() {
    Arrays.fill(data, (byte) 0);
  }

  @Override
  public String toString() {
    return status + " Nr=" + data.length;
  }
}
