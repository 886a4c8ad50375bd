// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

/**
 * A volume cannot be made because the place is taken.
 *
 * <p>Thread safety: immutable.
 */
public final class VolumeExistsException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final String volume;
  private final String detail;

  /**
   * Reports it.
   *
   * @param volume the place
   * @param detail what is in the way
   */
  public VolumeExistsException(String volume, String detail) {
    super(volume + ": cannot make a volume here: " + detail, null);
    this.volume = volume;
    this.detail = detail;
  }

  /**
   * The place.
   *
   * @return the value
   */
  public String volume() {
    return volume;
  }

  /**
   * What is in the way.
   *
   * @return the value
   */
  public String detail() {
    return detail;
  }
}
