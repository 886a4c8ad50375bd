// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

/**
 * Another process, or another open in this one, holds the volume.
 *
 * <p>Thread safety: immutable.
 */
public final class VolumeInUseException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final String volume;
  private final long pid;

  /**
   * Reports it.
   *
   * @param volume the volume's place
   * @param pid the process that holds it, or -1 when it is not known
   */
  public VolumeInUseException(String volume, long pid) {
    super(
        volume
            + ": the volume is in use"
            + (pid < 0 ? "" : " by process " + pid)
            + "; a volume is open in one process at a time",
        null);
    this.volume = volume;
    this.pid = pid;
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
   * The process that holds it, or -1 when it is not known.
   *
   * @return the value
   */
  public long pid() {
    return pid;
  }
}
