// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import dev.strongroom.core.Bytes;

/**
 * The name of a managed key, drawn at random by who makes it.
 *
 * <p>Thread safety: immutable.
 *
 * @param bytes {@value #LENGTH} bytes, not all zero
 */
public record KeyId(Bytes bytes) implements Comparable<KeyId> {

  /** Length in bytes. */
  public static final int LENGTH = 16;

  private static final Bytes NONE = Bytes.copyOf(new byte[LENGTH]);

  /**
   * Checks the length.
   *
   * @param bytes as above
   */
  public KeyId {
    if (bytes.length() != LENGTH) {
      throw new IllegalArgumentException("a key id has 16 bytes, not " + bytes.length());
    }
    if (bytes.equals(NONE)) {
      throw new IllegalArgumentException("a key id is not zero");
    }
  }

  /**
   * Reads hexadecimal text.
   *
   * @param text 32 hexadecimal digits
   * @return the id
   * @throws IllegalArgumentException if it is something else
   */
  public static KeyId parse(String text) {
    return new KeyId(Bytes.parse(text));
  }

  @Override
  public int compareTo(KeyId other) {
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
