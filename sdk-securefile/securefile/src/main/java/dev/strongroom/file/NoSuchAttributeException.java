// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

/**
 * A file has no user attribute of that name.
 *
 * <p>Thread safety: immutable.
 */
public final class NoSuchAttributeException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final String file;
  private final String attribute;

  /**
   * Reports it.
   *
   * @param file the file's path in the volume
   * @param attribute the attribute's name
   */
  public NoSuchAttributeException(String file, String attribute) {
    super(file + ": has no user attribute \"" + attribute + "\"", null);
    this.file = file;
    this.attribute = attribute;
  }

  /**
   * The file's path in the volume.
   *
   * @return the value
   */
  public String file() {
    return file;
  }

  /**
   * The attribute's name.
   *
   * @return the value
   */
  public String attribute() {
    return attribute;
  }
}
