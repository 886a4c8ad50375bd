// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.core.identity.Fingerprint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * How a person says that a card is that of the element they mean: a card proves that its keys
 * belong together, and nothing about whose they are.
 *
 * <p>Thread safety: confined to one thread.
 */
final class CardConfirmation {

  @Option(
      names = "--fingerprint",
      paramLabel = "TEXT",
      description =
          "The fingerprint that its owner has told: 32 hexadecimal digits, the twelve words, or"
              + " what a scanner read from the QR code. Another card is refused.")
  private @Nullable String expected;

  @Option(
      names = "--yes",
      description = "The fingerprint has been compared already, or need not be.")
  private boolean agreed;

  /** Returns if the card is confirmed. */
  void require(Settings settings, ElementCard card, Path file) throws IOException {
    if (expected != null) {
      compare(card, file, expected);
      return;
    }
    if (agreed) {
      return;
    }
    Console console = settings.console();
    PinPrompt prompt = console.prompt();
    if (prompt == null) {
      throw CommandException.usage(
          file
              + ": nobody has said that the card is its owner's, and there is no terminal to ask;"
              + " give --fingerprint TEXT, or --yes");
    }
    CardFile.describe(card).forEach(console.err()::println);
    if (!prompt.agrees("Does its owner read the same fingerprint?")) {
      throw CommandException.usage(file + ": not confirmed; nothing was done");
    }
  }

  /** Reads a fingerprint in digits, in words, or as a scanner read it. */
  static Fingerprint told(String option, String typed) throws IOException {
    Optional<CardCode> scanned = CardCode.parse(typed);
    if (scanned.isPresent()) {
      return scanned.get().fingerprint();
    }
    try {
      return Fingerprint.parse(typed);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(option + ": " + e.getMessage());
    }
  }

  private static void compare(ElementCard card, Path file, String expected) throws IOException {
    Optional<CardCode> scanned = CardCode.parse(expected);
    boolean same =
        told("--fingerprint", expected).equals(CardFile.fingerprint(card))
            && scanned
                .map(CardCode::serialNumber)
                .orElse(card.serialNumber())
                .equals(card.serialNumber());
    if (!same) {
      throw new CommandException(
          ExitCode.WRONG_ELEMENT,
          file
              + ": this is the card of an element with the fingerprint "
              + CardFile.fingerprint(card)
              + ", not the one given; nothing was done; have the card sent again, and find out who"
              + " has exchanged it");
    }
  }
}
