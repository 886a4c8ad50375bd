// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.model;

import dev.strongroom.core.Bytes;

/**
 * Who a user is in the system, drawn at random by the administrator.
 *
 * <p>Thread safety: immutable.
 *
 * @param bytes {@value #LENGTH} bytes, not all zero
 */
public record UserId(Bytes bytes) implements Comparable<UserId> {

  /** Length in bytes. */
  public static final int LENGTH = 16;

  private static final Bytes NONE = Bytes.copyOf(new byte[LENGTH]);

  /**
   * Checks the length.
   *
   * @param bytes as above
   */
  public UserId {
    if (bytes.length() != LENGTH) {
      throw new IllegalArgumentException("a user id has 16 bytes, not " + bytes.length());
    }
    if (bytes.equals(NONE)) {
      throw new IllegalArgumentException("a user id is not zero");
    }
  }

  /**
   * Reads hexadecimal text.
   *
   * @param text 32 hexadecimal digits
   * @return the id
   * @throws IllegalArgumentException if it is something else
   */
  public static UserId parse(String text) {
    return new UserId(Bytes.parse(text));
  }

  @Override
  public int compareTo(UserId other) {
    return bytes.compareTo(other.bytes);
  }

  /**
   * The id in hexadecimal digits.
   *
   * @return 32 digits
   */
  @Override
  public String toString() {
    return bytes.toString();
  }
}
