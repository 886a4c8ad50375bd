// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.share;

import dev.strongroom.file.SecureFileException;

/**
 * A recipient cannot be sent to under the suite that was asked for.
 *
 * <p>Thread safety: immutable.
 */
public final class SuiteMissingException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final String contact;
  private final String suite;

  /**
   * Reports it.
   *
   * @param contact the recipient
   * @param suite the suite
   */
  public SuiteMissingException(String contact, String suite) {
    super(
        "the card of \""
            + contact
            + "\" has no key of suite "
            + suite
            + "; leave the suite open, or ask for a newer card",
        null);
    this.contact = contact;
    this.suite = suite;
  }

  /**
   * The recipient.
   *
   * @return the value
   */
  public String contact() {
    return contact;
  }

  /**
   * The suite.
   *
   * @return the value
   */
  public String suite() {
    return suite;
  }
}
