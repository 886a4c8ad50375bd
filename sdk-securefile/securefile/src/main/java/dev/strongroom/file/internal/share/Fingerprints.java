// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.share;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.ReceiveId;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.file.internal.format.v1.Stanza;
import java.util.Locale;

/**
 * What elements are known by: SHA-256 of signing key | agreement key, of which people compare the
 * first 16 bytes and stanzas show the first 8.
 *
 * <p>Thread safety: stateless.
 */
final class Fingerprints {

  private Fingerprints() {}

  static Bytes of(ElementCard card) {
    return Digests.of(card.signingKey(), card.agreementKey());
  }

  static Bytes keyId(ElementCard card) {
    return Bytes.copyOf(of(card).toByteArray(), 0, Stanza.KEY_ID);
  }

  /** What receivers' registers know a sender and one of its outboxes by. */
  static Bytes senderId(ElementCard sender, Bytes outboxId) {
    Bytes digest = Digests.of(sender.signingKey(), outboxId);
    return Bytes.copyOf(digest.toByteArray(), 0, ReceiveId.SENDER_LENGTH);
  }

  /** Whether a text is what people compare of a card. */
  static boolean isOf(String text, ElementCard card) {
    return plain(text).equals(plain(card.fingerprint()));
  }

  private static String plain(String text) {
    return text.replaceAll("\\s", "").toLowerCase(Locale.ROOT);
  }
}
