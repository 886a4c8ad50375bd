// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.share;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.SecureFileException;

/**
 * The transient file was sent to other elements than this one.
 *
 * <p>Thread safety: immutable.
 */
public final class WrongRecipientException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final String file;
  private final transient Bytes element;
  private final int recipients;

  /**
   * Reports it.
   *
   * @param file the transient file
   * @param element serial number of this element
   * @param recipients to how many it was sent
   */
  public WrongRecipientException(String file, Bytes element, int recipients) {
    super(
        file
            + ": sent to "
            + recipients
            + " other elements, not to element "
            + element
            + "; ask the sender to add it",
        null);
    this.file = file;
    this.element = element;
    this.recipients = recipients;
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
   * Serial number of this element.
   *
   * @return the value
   */
  public Bytes element() {
    return element;
  }

  /**
   * To how many it was sent.
   *
   * @return the value
   */
  public int recipients() {
    return recipients;
  }
}
