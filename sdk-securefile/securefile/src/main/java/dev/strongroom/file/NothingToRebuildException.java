// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

/**
 * The root directory is lost, and not one file of the volume is there that it could be rebuilt
 * from: most likely the folder with the files is not mounted, or is not restored yet. Nothing was
 * changed.
 *
 * <p>Thread safety: immutable.
 */
public final class NothingToRebuildException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final String volume;

  /**
   * Reports it.
   *
   * @param volume the volume's place
   */
  public NothingToRebuildException(String volume) {
    super(
        volume
            + ": there is no file of this volume, so nothing to rebuild from: restore"
            + " strongroom.files first; nothing was changed",
        null);
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
