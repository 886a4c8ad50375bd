// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

/**
 * A name or path cannot stand in a volume.
 *
 * <p>Thread safety: immutable.
 */
public final class InvalidNameException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final String name;
  private final String reason;

  /**
   * Reports it.
   *
   * @param name the name, shortened when long
   * @param reason which rule it breaks
   */
  public InvalidNameException(String name, String reason) {
    super("invalid name \"" + name + "\": " + reason, null);
    this.name = name;
    this.reason = reason;
  }

  /**
   * The name, shortened when long.
   *
   * @return the value
   */
  public String name() {
    return name;
  }

  /**
   * Which rule it breaks.
   *
   * @return the value
   */
  public String reason() {
    return reason;
  }
}
