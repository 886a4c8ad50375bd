// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import dev.strongroom.core.Bytes;

/**
 * The volume belongs to another element.
 *
 * <p>Thread safety: immutable.
 */
public final class WrongElementException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final String volume;
  private final transient Bytes expected;
  private final transient Bytes found;

  /**
   * Reports it.
   *
   * @param volume the volume's place
   * @param expected serial number of the element that the volume was made with
   * @param found serial number of the element that was offered
   */
  public WrongElementException(String volume, Bytes expected, Bytes found) {
    super(
        volume
            + ": the volume belongs to element "
            + expected
            + ", this is element "
            + found
            + "; use an element that the volume names",
        null);
    this.volume = volume;
    this.expected = expected;
    this.found = found;
  }

  /**
   * The volume's place.
   *
   * @return the value
   */
  public String volume() {
    return volume;
  }

  /**
   * Serial number of the element that the volume was made with.
   *
   * @return the value
   */
  public Bytes expected() {
    return expected;
  }

  /**
   * Serial number of the element that was offered.
   *
   * @return the value
   */
  public Bytes found() {
    return found;
  }
}
