// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import dev.strongroom.core.Bytes;

/**
 * The name of a group, which managed keys belong to, drawn at random by who makes it.
 *
 * <p>Thread safety: immutable.
 *
 * @param bytes {@value #LENGTH} bytes, not all zero
 */
public record GroupId(Bytes bytes) implements Comparable<GroupId> {

  /** Length in bytes. */
  public static final int LENGTH = 16;

  private static final Bytes NONE = Bytes.copyOf(new byte[LENGTH]);

  /**
   * Checks the length.
   *
   * @param bytes as above
   */
  public GroupId {
    if (bytes.length() != LENGTH) {
      throw new IllegalArgumentException("a group id has 16 bytes, not " + bytes.length());
    }
    if (bytes.equals(NONE)) {
      throw new IllegalArgumentException("a group id is not zero");
    }
  }

  /**
   * Reads hexadecimal text.
   *
   * @param text 32 hexadecimal digits
   * @return the id
   * @throws IllegalArgumentException if it is something else
   */
  public static GroupId parse(String text) {
    return new GroupId(Bytes.parse(text));
  }

  @Override
  public int compareTo(GroupId other) {
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
