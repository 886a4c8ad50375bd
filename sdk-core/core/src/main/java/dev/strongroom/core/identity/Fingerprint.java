// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.identity;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.crypto.P256;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * What two people compare before they trust an element: the first 16 bytes of SHA-256 over signing
 * key | agreement key.
 *
 * <p>It is shown in two ways, as eight groups of four hexadecimal digits and as twelve English
 * words, which are easier to read out. The words are those of BIP-39 for an entropy of 128 bits: 11
 * bits each, most significant first, the last four bits being the first four of SHA-256 over the
 * fingerprint. They are no secret, and no wallet's seed.
 *
 * @param value 16 bytes
 *     <p>Thread safety: immutable.
 */
public record Fingerprint(Bytes value) {

  /** Bytes of a fingerprint. */
  public static final int LENGTH = 16;

  /** Words of a fingerprint. */
  public static final int WORDS = 12;

  private static final int BITS_IN_WORD = 11;
  private static final int CHECK_BITS = 4;

  /**
   * Checks the length.
   *
   * @param value 16 bytes
   */
  public Fingerprint {
    if (value.length() != LENGTH) {
      throw new IllegalArgumentException(
          "fingerprint: " + value.length() + " bytes, must be " + LENGTH);
    }
  }

  /**
   * The fingerprint of an element.
   *
   * @param signingKey a point of P-256, 65 bytes
   * @param agreementKey a point of P-256, 65 bytes
   * @return its fingerprint
   */
  public static Fingerprint of(Bytes signingKey, Bytes agreementKey) {
    byte[] keys = new byte[2 * P256.PUBLIC_KEY_LENGTH];
    signingKey.copyTo(keys, 0);
    agreementKey.copyTo(keys, P256.PUBLIC_KEY_LENGTH);
    return new Fingerprint(Bytes.copyOf(IdentitySignature.digest(keys).toByteArray(), 0, LENGTH));
  }

  /**
   * Reads what a person typed or pasted: 32 hexadecimal digits or twelve words, in any case, with
   * spaces, line ends, colons or hyphens anywhere between digits and between words.
   *
   * @param text digits or words
   * @return the fingerprint
   * @throws IllegalArgumentException if it is neither, a word is not in the list, or the words do
   *     not belong together
   */
  public static Fingerprint parse(String text) {
    String[] parts = text.strip().toLowerCase(Locale.ROOT).split("[\\s:-]+");
    String joined = String.join("", parts);
    if (joined.matches("[0-9a-f]{" + 2 * LENGTH + "}")) {
      return new Fingerprint(Bytes.parse(joined));
    }
    if (parts.length != WORDS) {
      throw new IllegalArgumentException(
          "a fingerprint has " + 2 * LENGTH + " hexadecimal digits or " + WORDS + " words");
    }
    return ofWords(parts);
  }

  private static Fingerprint ofWords(String[] words) {
    byte[] bits = new byte[LENGTH + 1];
    for (int i = 0; i < WORDS; i++) {
      int number = WordList.ENGLISH.number(words[i]);
      if (number < 0) {
        throw new IllegalArgumentException(
            "fingerprint: word " + (i + 1) + ", \"" + words[i] + "\", is not in the list");
      }
      for (int bit = 0; bit < BITS_IN_WORD; bit++) {
        int at = i * BITS_IN_WORD + bit;
        int set = (number >> (BITS_IN_WORD - 1 - bit)) & 1;
        bits[at / 8] |= (byte) (set << (7 - at % 8));
      }
    }
    Fingerprint fingerprint = new Fingerprint(Bytes.copyOf(bits, 0, LENGTH));
    if (bits[LENGTH] != fingerprint.check()) {
      throw new IllegalArgumentException(
          "fingerprint: the words do not belong together; one of them is wrong or misplaced");
    }
    return fingerprint;
  }

  /**
   * The fingerprint as words.
   *
   * @return twelve words of the English list of BIP-39
   */
  public List<String> words() {
    byte[] bits = new byte[LENGTH + 1];
    value.copyTo(bits, 0);
    bits[LENGTH] = check();
    List<String> words = new ArrayList<>();
    for (int i = 0; i < WORDS; i++) {
      int number = 0;
      for (int bit = 0; bit < BITS_IN_WORD; bit++) {
        int at = i * BITS_IN_WORD + bit;
        number = (number << 1) | ((bits[at / 8] >> (7 - at % 8)) & 1);
      }
      words.add(WordList.ENGLISH.word(number));
    }
    return List.copyOf(words);
  }

  private byte check() {
    return (byte)
        (IdentitySignature.digest(value.toByteArray()).at(0) & (0xFF << (8 - CHECK_BITS)));
  }

  /** Eight groups of four hexadecimal digits. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(value.toByteArray()).replaceAll("(.{4})(?=.)", "$1 ");
  }
}
