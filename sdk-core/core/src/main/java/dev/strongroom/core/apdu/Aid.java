// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.apdu;

import dev.strongroom.core.Bytes;

/**
 * The name of an application on an element, 5 to 16 bytes (ISO/IEC 7816-4:2020, 12.2.3).
 *
 * <p>The first half-byte is the category: A and D are registered, F is proprietary, without
 * registration.
 *
 * <p>Thread safety: immutable.
 *
 * @param bytes 5 to 16 bytes
 */
public record Aid(Bytes bytes) {

  /** Fewest bytes. */
  public static final int MIN_LENGTH = 5;

  /** Most bytes. */
  public static final int MAX_LENGTH = 16;

  /**
   * Checks the length.
   *
   * @param bytes 5 to 16 bytes
   */
  public Aid {
    if (bytes.length() < MIN_LENGTH || bytes.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("an AID has 5 to 16 bytes, not " + bytes.length());
    }
  }

  /**
   * Reads hexadecimal text.
   *
   * @param text 10 to 32 hexadecimal digits
   * @return the AID
   * @throws IllegalArgumentException if the text is not hexadecimal or has another length
   */
  public static Aid parse(String text) {
    return new Aid(Bytes.parse(text));
  }

  @Override
  public String toString() {
    return bytes.toString().toUpperCase(java.util.Locale.ROOT);
  }
}
