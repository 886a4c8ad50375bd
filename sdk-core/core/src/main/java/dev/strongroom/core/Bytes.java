// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * An immutable sequence of bytes that is no secret: a serial number, a file's UID, an AID.
 *
 * <p>Bytes are copied in and out, equality is by content, and the text form is lower-case
 * hexadecimal.
 *
 * <p>Thread safety: immutable.
 */
public final class Bytes implements Comparable<Bytes> {

  private final byte[] content;

  private Bytes(byte[] content) {
    this.content = content;
  }

  /**
   * Copies a whole array.
   *
   * @param content the bytes
   * @return the value
   */
  public static Bytes copyOf(byte[] content) {
    return new Bytes(content.clone());
  }

  /**
   * Copies a part of an array.
   *
   * @param content the array
   * @param offset where the part begins
   * @param length how many bytes it has
   * @return the value
   * @throws IndexOutOfBoundsException if the part is not within the array
   */
  public static Bytes copyOf(byte[] content, int offset, int length) {
    java.util.Objects.checkFromIndexSize(offset, length, content.length);
    return new Bytes(Arrays.copyOfRange(content, offset, offset + length));
  }

  /**
   * Reads hexadecimal text.
   *
   * @param text an even number of hexadecimal digits, upper or lower case
   * @return the value
   * @throws IllegalArgumentException if the text is not hexadecimal
   */
  public static Bytes parse(String text) {
    return new Bytes(HexFormat.of().parseHex(text));
  }

  /**
   * The number of bytes.
   *
   * @return the length
   */
  public int length() {
    return content.length;
  }

  /**
   * One byte.
   *
   * @param index from 0
   * @return the byte there
   */
  public byte at(int index) {
    return content[index];
  }

  /**
   * A fresh copy of the content.
   *
   * @return the bytes
   */
  public byte[] toByteArray() {
    return content.clone();
  }

  /**
   * Copies the content into an array.
   *
   * @param target where to
   * @param offset from which index on
   * @throws IndexOutOfBoundsException if it does not fit
   */
  public void copyTo(byte[] target, int offset) {
    System.arraycopy(content, 0, target, offset, content.length);
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(content, other.content);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(content, that.content);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(content);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(content);
  }
}
