// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

/**
 * A part of a file.
 *
 * @param from its first byte
 * @param to the byte after its last
 *     <p>Thread safety: immutable.
 */
public record ByteRange(long from, long to) {

  /**
   * Checks the order.
   *
   * @param from its first byte
   * @param to the byte after its last
   */
  public ByteRange {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("no range: " + from + " to " + to);
    }
  }

  /**
   * How long it is.
   *
   * @return bytes
   */
  public long length() {
    return to - from;
  }
}
