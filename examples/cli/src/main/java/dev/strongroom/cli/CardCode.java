// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.identity.Fingerprint;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the QR code of an element's card says: which element, and the fingerprint of its keys. It is
 * compared with a card; it does not replace one.
 *
 * <p>As text {@code STRONGROOM-CARD:1:serial:fingerprint}, both in upper-case hexadecimal, so that
 * all of it is in the code's alphanumeric set.
 *
 * @param serialNumber 16 bytes
 * @param fingerprint of its signing and agreement keys
 *     <p>Thread safety: immutable.
 */
record CardCode(Bytes serialNumber, Fingerprint fingerprint) {

  private static final Pattern TEXT =
      Pattern.compile("STRONGROOM-CARD:1:([0-9A-F]{32}):([0-9A-F]{32})");

  /** What is in the code. */
  String text() {
    return ("STRONGROOM-CARD:1:" + serialNumber + ":" + fingerprint.value())
        .toUpperCase(Locale.ROOT);
  }

  /** Reads what a scanner made of a code; empty if it is no card's. */
  static Optional<CardCode> parse(String scanned) {
    Matcher matcher = TEXT.matcher(scanned.strip().toUpperCase(Locale.ROOT));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new CardCode(
            Bytes.parse(matcher.group(1).toLowerCase(Locale.ROOT)),
            Fingerprint.parse(matcher.group(2))));
  }
}
