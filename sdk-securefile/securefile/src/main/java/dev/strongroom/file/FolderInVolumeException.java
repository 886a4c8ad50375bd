// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

/**
 * Clear data is not written to a folder that lies within the volume's own directory.
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
            + ": lies within the volume; clear data must not be written there;"
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
