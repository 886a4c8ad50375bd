// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

/**
 * A structure was written in a format that this release does not read.
 *
 * <p>Thread safety: immutable.
 */
public final class FormatVersionException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final String file;
  private final String found;
  private final String supported;

  /**
   * Reports it.
   *
   * @param file the file
   * @param found the format found
   * @param supported the formats that this release reads
   */
  public FormatVersionException(String file, String found, String supported) {
    super(file + ": format " + found + " is not supported; this release reads " + supported, null);
    this.file = file;
    this.found = found;
    this.supported = supported;
  }

  /**
   * The file.
   *
   * @return the value
   */
  public String file() {
    return file;
  }

  /**
   * The format found.
   *
   * @return the value
   */
  public String found() {
    return found;
  }

  /**
   * The formats that this release reads.
   *
   * @return the value
   */
  public String supported() {
    return supported;
  }
}
