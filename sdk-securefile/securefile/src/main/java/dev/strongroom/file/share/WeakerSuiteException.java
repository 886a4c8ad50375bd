// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.share;

import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.file.SecureFileException;

/**
 * A recipient's card offers only a weaker suite than those of the other recipients of the file, and
 * would make the whole file as weak. Nothing was sent or changed.
 *
 * <p>Thread safety: immutable.
 */
public final class WeakerSuiteException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final String contact;
  private final HpkeSuite suite;
  private final HpkeSuite others;

  /**
   * Reports it.
   *
   * @param contact the recipient
   * @param suite the strongest suite of its card
   * @param others what the other recipients have at least
   */
  public WeakerSuiteException(String contact, HpkeSuite suite, HpkeSuite others) {
    super(
        "the card of \""
            + contact
            + "\" offers at most the suite "
            + suite
            + ", the other recipients have "
            + others
            + "; the file would be as weak as its weakest copy of the key. Allow weaker suites, or"
            + " send to this recipient separately",
        null);
    this.contact = contact;
    this.suite = suite;
    this.others = others;
  }

  /**
   * The recipient.
   *
   * @return name of the contact
   */
  public String contact() {
    return contact;
  }

  /**
   * What the recipient's card offers.
   *
   * @return its strongest suite
   */
  public HpkeSuite suite() {
    return suite;
  }

  /**
   * What the other recipients have.
   *
   * @return the weakest of their suites
   */
  public HpkeSuite others() {
    return others;
  }
}
