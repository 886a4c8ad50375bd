// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.share;

import dev.strongroom.file.SecureFileException;

/**
 * The card is not the one whose fingerprint was confirmed.
 *
 * <p>Thread safety: immutable.
 */
public final class UnconfirmedCardException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final String name;
  private final String confirmed;
  private final String found;

  /**
   * Reports it.
   *
   * @param name the name that the contact would have got
   * @param confirmed the fingerprint that was confirmed
   * @param found the fingerprint of the card
   */
  public UnconfirmedCardException(String name, String confirmed, String found) {
    super(
        "the card for \""
            + name
            + "\" has the fingerprint "
            + found
            + ", confirmed was "
            + confirmed
            + "; ask the owner of the element for both",
        null);
    this.name = name;
    this.confirmed = confirmed;
    this.found = found;
  }

  /**
   * The name that the contact would have got.
   *
   * @return the value
   */
  public String name() {
    return name;
  }

  /**
   * The fingerprint that was confirmed.
   *
   * @return the value
   */
  public String confirmed() {
    return confirmed;
  }

  /**
   * The fingerprint of the card.
   *
   * @return the value
   */
  public String found() {
    return found;
  }
}
