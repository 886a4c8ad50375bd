// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

/**
 * A file was invalidated, or another one has taken its name since: no copy of it, old or new, opens
 * again. It can be deleted, or the newest copy be put back where this is an old one.
 *
 * <p>Thread safety: immutable.
 */
public final class FileInvalidatedException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final String file;
  private final long version;

  /**
   * Reports it.
   *
   * @param file the file's path
   * @param version the version that it had, unsigned
   */
  public FileInvalidatedException(String file, long version) {
    super(
        file
            + ": was invalidated, or replaced by another; no such copy opens again: put the newest"
            + " copy back, or delete it",
        null);
    this.file = file;
    this.version = version;
  }

  /**
   * The file.
   *
   * @return its path in the volume
   */
  public String file() {
    return file;
  }

  /**
   * The version that it had.
   *
   * @return an unsigned number, 0 if it was never frozen
   */
  public long version() {
    return version;
  }
}
