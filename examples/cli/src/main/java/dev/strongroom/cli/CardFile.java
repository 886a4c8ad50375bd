// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.identity.CardFormatException;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.core.identity.Fingerprint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Cards of elements as files, and as a person compares them. */
final class CardFile {

  private CardFile() {}

  /** Reads and verifies a card. */
  static ElementCard read(Path file) throws IOException {
    byte[] content;
    try (InputStream in = Files.newInputStream(file)) {
      content = in.readNBytes(ElementCard.MAX_FILE_LENGTH + 1);
    }
    try {
      return ElementCard.parseFile(Bytes.copyOf(content));
    } catch (CardFormatException e) {
      throw new LocatedException(file.toString(), e);
    }
  }

  /** Writes a card to a new file, which is whole or not there. */
  static void write(ElementCard card, Path file) throws IOException {
    OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
    boolean whole = false;
    try (out) {
      out.write(card.encodeFile().toByteArray());
      whole = true;
    } finally {
      if (!whole) {
        Files.deleteIfExists(file);
      }
    }
  }

  static Fingerprint fingerprint(ElementCard card) {
    return Fingerprint.of(card.signingKey(), card.agreementKey());
  }

  /** What the QR code of a card says. */
  static CardCode code(ElementCard card) {
    return new CardCode(card.serialNumber(), fingerprint(card));
  }

  /** What is compared, a line each. */
  static List<String> describe(ElementCard card) {
    List<String> lines = new ArrayList<>();
    lines.add("serial number    " + card.serialNumber());
    lines.add("class            " + card.elementClass());
    lines.add(
        "suites           "
            + card.suites().stream().map(HpkeSuite::name).collect(Collectors.joining(", ")));
    lines.addAll(describe(fingerprint(card)));
    return lines;
  }

  /** A fingerprint in digits and in words. */
  static List<String> describe(Fingerprint fingerprint) {
    List<String> words = fingerprint.words();
    int half = words.size() / 2;
    return List.of(
        "fingerprint      " + fingerprint,
        "in words         " + String.join(" ", words.subList(0, half)),
        "                 " + String.join(" ", words.subList(half, words.size())));
  }
}
