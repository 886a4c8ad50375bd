// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.share;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.SecureFileException;

/**
 * The transient file comes from an element that is no contact. Whoever has confirmed the
 * fingerprint can add its card, or confirm it for this file.
 *
 * <p>Thread safety: immutable.
 */
public final class ForeignSenderException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final String file;
  private final transient Bytes element;
  private final String fingerprint;

  /**
   * Reports it.
   *
   * @param file the transient file
   * @param element serial number that the sender's card claims
   * @param fingerprint fingerprint of the sender's card
   */
  public ForeignSenderException(String file, Bytes element, String fingerprint) {
    super(
        file
            + ": sent by element "
            + element
            + " with fingerprint "
            + fingerprint
            + ", which is no contact; compare the fingerprint with its owner before you confirm it",
        null);
    this.file = file;
    this.element = element;
    this.fingerprint = fingerprint;
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
   * Serial number that the sender's card claims.
   *
   * @return the value
   */
  public Bytes element() {
    return element;
  }

  /**
   * Fingerprint of the sender's card.
   *
   * @return the value
   */
  public String fingerprint() {
    return fingerprint;
  }
}
