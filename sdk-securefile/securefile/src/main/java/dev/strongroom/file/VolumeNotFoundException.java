// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

/**
 * There is no volume at that place.
 *
 * <p>Thread safety: immutable.
 */
public final class VolumeNotFoundException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final String volume;
  private final String detail;

  /**
   * Reports it.
   *
   * @param volume the place that was looked at
   * @param detail what is missing there
   */
  public VolumeNotFoundException(String volume, String detail) {
    super(volume + ": no volume here: " + detail, null);
    this.volume = volume;
    this.detail = detail;
  }

  /**
   * The place that was looked at.
   *
   * @return the value
   */
  public String volume() {
    return volume;
  }

  /**
   * What is missing there.
   *
   * @return the value
   */
  public String detail() {
    return detail;
  }
}
