// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import java.util.Arrays;
import java.util.Optional;

/**
 * How a key is wrapped with AES (NIST SP 800-38F).
 *
 * <p>Thread safety: immutable.
 */
public enum KeyWrapForm {
  /** RFC 3394, KW: multiples of 8 bytes. */
  RFC_3394(1),
  /** RFC 5649, KWP: any length. */
  RFC_5649(2);

  private final int number;

  KeyWrapForm(int number) {
    this.number = number;
  }

  /**
   * Its number on the wire.
   *
   * @return 1 or 2
   */
  public int number() {
    return number;
  }

  /**
   * The form of a number.
   *
   * @param number as on the wire
   * @return the form, or empty if there is none of that number
   */
  public static Optional<KeyWrapForm> of(int number) {
    return Arrays.stream(values()).filter(form -> form.number == number).findFirst();
  }

  /** Length of the wrapped form of a key, in bytes. */
  int wrappedLength(int length) {
    return this == RFC_3394 ? length + 8 : (length + 7) / 8 * 8 + 8;
  }
}
