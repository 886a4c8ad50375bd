// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

/**
 * The volume stopped after an error of its medium; what was not committed durably before is not
 * known to be written. Close it and open it again.
 *
 * <p>Thread safety: immutable.
 */
public final class VolumeFailedException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final String volume;

  /**
   * Reports it.
   *
   * @param volume the volume's place
   * @param cause the error that stopped it
   */
  public VolumeFailedException(String volume, Throwable cause) {
    super(
        volume
            + ": stopped after an error of its medium: "
            + cause
            + "; close the volume and open it again",
        cause);
    this.volume = volume;
  }

  /**
   * The volume's place.
   *
   * @return the value
   */
  public String volume() {
    return volume;
  }
}
