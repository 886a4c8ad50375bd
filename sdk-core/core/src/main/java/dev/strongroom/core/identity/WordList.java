// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;

/**
 * 2048 words in alphabetical order, none of which is another's beginning by four letters.
 *
 * <p>Source: BIP-39, English word list.
 *
 * <p>Thread safety: immutable.
 */
final class WordList {

  /** The list in the resource beside this class, which names its licence. */
  static final WordList ENGLISH = read("bip39-english.txt");

  private static final int SIZE = 2048;

  private final List<String> words;

  private WordList(List<String> words) {
    this.words = words;
  }

  private static WordList read(String resource) {
    try (InputStream in = WordList.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the jar has lost " + resource);
      }
      List<String> words = new String(in.readAllBytes(), US_ASCII).lines().toList();
      if (words.size() != SIZE) {
        throw new IllegalStateException(resource + " has " + words.size() + " words");
      }
      return new WordList(words);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The word of a number from 0 to 2047. */
  String word(int number) {
    return words.get(number);
  }

  /** The number of a word, or a negative one. */
  int number(String word) {
    return Collections.binarySearch(words, word);
  }
}
