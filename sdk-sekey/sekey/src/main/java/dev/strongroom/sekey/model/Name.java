// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.model;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/**
 * What people call a user or a group: any Unicode text, normalised to NFC (Unicode Standard Annex
 * 15) and compared exactly, character by character. It only ever names; no path and no statement is
 * made of it.
 *
 * <p>Thread safety: immutable.
 *
 * @param text in NFC, 1 to {@value #MAX_BYTES} bytes of UTF-8, without U+0000
 */
public record Name(String text) implements Comparable<Name> {

  /** Most bytes of a name in UTF-8. */
  public static final int MAX_BYTES = 255;

  /**
   * Normalises and checks.
   *
   * @param text in any normal form
   * @throws IllegalArgumentException if it is empty or too long, or has U+0000 or half of a
   *     surrogate pair
   */
  public Name {
    if (!isAscii(text)) { // which is in NFC, and most names are
      text = Normalizer.normalize(text, Normalizer.Form.NFC);
    }
    if (text.isEmpty()) {
      throw new IllegalArgumentException("a name is not empty");
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        throw new IllegalArgumentException("a name does not have U+0000");
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw new IllegalArgumentException("a name has half of a surrogate pair");
      }
    }
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          "a name has up to " + MAX_BYTES + " bytes of UTF-8, not " + bytes);
    }
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }

  @Override
  public int compareTo(Name other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
