// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.share;

import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.file.internal.format.v1.Stanza;
import dev.strongroom.file.share.Contact;
import dev.strongroom.file.share.RecipientOptions;
import dev.strongroom.file.share.SendOptions;
import dev.strongroom.file.share.SuiteMissingException;
import dev.strongroom.file.share.WeakerSuiteException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Under which suite the key of a file is wrapped for whom: the strongest that the card offers,
 * unless one is asked for. A file is as weak as the weakest of its recipients' suites, so one that
 * would be the weakest is taken only if that is allowed.
 *
 * <p>Thread safety: immutable.
 *
 * @param only the suite that was asked for, or null
 * @param allowsWeaker whether recipients with a weaker suite than others are taken
 */
record SuiteChoice(@Nullable HpkeSuite only, boolean allowsWeaker) {

  private static final List<HpkeSuite> WEAKEST_FIRST =
      List.of(HpkeSuite.P256, HpkeSuite.X25519, HpkeSuite.X25519_ML_KEM_768);
  private static final Comparator<HpkeSuite> BY_STRENGTH =
      Comparator.comparingInt(WEAKEST_FIRST::indexOf);

  static SuiteChoice of(SendOptions options) {
    return new SuiteChoice(options.onlySuite().orElse(null), options.allowsWeakerSuites());
  }

  static SuiteChoice of(RecipientOptions options) {
    return new SuiteChoice(options.onlySuite().orElse(null), options.allowsWeakerSuites());
  }

  /**
   * The suite for a recipient.
   *
   * @throws SuiteMissingException if the card has not the one that was asked for
   */
  HpkeSuite suite(String name, ElementCard card) throws SuiteMissingException {
    if (only == null) {
      return strongest(card);
    }
    if (!card.suites().contains(only)) {
      throw new SuiteMissingException(name, only.toString());
    }
    return only;
  }

  /** The suite for the sender's own stanza. */
  HpkeSuite ownSuite(ElementCard own) {
    return only != null && own.suites().contains(only) ? only : strongest(own);
  }

  private static HpkeSuite strongest(ElementCard card) {
    return card.suites().stream().max(BY_STRENGTH).orElse(HpkeSuite.P256);
  }

  /**
   * Makes sure that every recipient can be sent to.
   *
   * @param recipients those who are sent to or added
   * @param present stanzas of those who are recipients already
   * @throws SuiteMissingException if a card has not the suite that was asked for
   * @throws WeakerSuiteException if one's suite is weaker than the present ones', or where there
   *     are none, than another's
   */
  void require(List<Contact> recipients, List<Stanza> present)
      throws SuiteMissingException, WeakerSuiteException {
    Optional<HpkeSuite> others =
        present.stream()
            .flatMap(stanza -> HpkeSuite.of(stanza.suite()).stream())
            .min(BY_STRENGTH)
            .or(
                () ->
                    recipients.stream().map(contact -> strongest(contact.card())).max(BY_STRENGTH));
    for (Contact each : recipients) {
      HpkeSuite suite = suite(each.name(), each.card());
      boolean weaker = others.isPresent() && BY_STRENGTH.compare(suite, others.get()) < 0;
      if (weaker && only == null && !allowsWeaker) {
        throw new WeakerSuiteException(each.name(), suite, others.get());
      }
    }
  }
}
