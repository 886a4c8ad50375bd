// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.share;

import dev.strongroom.file.SecureFileException;

/**
 * Only the sender can change the recipients of a transient file, from the volume it was sent from.
 *
 * <p>Thread safety: immutable.
 */
public final class NotTheSenderException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final String file;
  private final String detail;

  /**
   * Reports it.
   *
   * @param file the transient file
   * @param detail what is not the sender's
   */
  public NotTheSenderException(String file, String detail) {
    super(file + ": its recipients cannot be changed here: " + detail, null);
    this.file = file;
    this.detail = detail;
  }

  /**
   * The transient file.
   *
   * @return the value
   */
  public String file() {
    return file;
  }

  /**
   * What is not the sender's.
   *
   * @return the value
   */
  public String detail() {
    return detail;
  }
}
