// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

/**
 * A salvage or a copy of a volume is not written to a folder that lies within the volume's own
 * directory.
 *
 * <p>Thread safety: immutable.
 */
public final class FolderInVolumeException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final String folder;

  /**
   * Reports it.
   *
   * @param folder the folder
   */
  public FolderInVolumeException(String folder) {
    super(
        folder
            + ": lies within the volume's directory, where nothing but the volume may be;"
            + " name a folder outside",
        null);
    this.folder = folder;
  }

  /**
   * The folder.
   *
   * @return the value
   */
  public String folder() {
    return folder;
  }
}
