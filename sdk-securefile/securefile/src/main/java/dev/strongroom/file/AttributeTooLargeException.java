// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

/**
 * A user attribute, or all of a file together, would be larger than they may be: 65,536 bytes a
 * value, 1 MiB a file with names and values. Nothing has changed.
 *
 * <p>Thread safety: immutable.
 */
public final class AttributeTooLargeException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final String file;
  private final String attribute;
  private final long bytes;
  private final long limit;

  /**
   * Reports it.
   *
   * @param file the file's path in the volume
   * @param attribute the attribute's name
   * @param bytes how many bytes it, or all of the file's attributes, would have
   * @param limit how many they may have
   */
  public AttributeTooLargeException(String file, String attribute, long bytes, long limit) {
    super(
        file
            + ": user attribute \""
            + attribute
            + "\" does not fit: "
            + bytes
            + " bytes, at most "
            + limit
            + " are allowed",
        null);
    this.file = file;
    this.attribute = attribute;
    this.bytes = bytes;
    this.limit = limit;
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

  /**
   * How many bytes it, or all of the file's attributes, would have.
   *
   * @return the value
   */
  public long bytes() {
    return bytes;
  }

  /**
   * How many they may have.
   *
   * @return the value
   */
  public long limit() {
    return limit;
  }
}
