// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

/**
 * The place of a volume cannot be written: a medium or directory that is read-only, or belongs to
 * somebody else.
 *
 * <p>Thread safety: immutable.
 */
public final class VolumeNotWritableException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final String volume;

  /**
   * Reports it.
   *
   * @param volume the volume's place
   * @param cause what the store reported
   */
  public VolumeNotWritableException(String volume, Throwable cause) {
    super(
        volume
            + ": cannot be written: "
            + cause.getMessage()
            + "; open it for reading only, or change its permissions",
        cause);
    this.volume = volume;
  }

  /**
   * The volume's place.
   *
   * @return the place
   */
  public String volume() {
    return volume;
  }
}
