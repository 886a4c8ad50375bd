// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Why rows miss their targets, written by hand in {@code explanations.md}: a second-level heading
 * with a row's key, or with key and release of Java, and below it the text.
 *
 * <p>Thread safety: immutable.
 */
public final class Explanations {

  private static final String FILE = "explanations.md";
  private static final String HEADING = "## ";

  private final Map<String, String> texts;

  private Explanations(Map<String, String> texts) {
    this.texts = texts;
  }

  /** Reads the file that comes with the program. */
  public static Explanations load() throws IOException {
    try (InputStream in = Explanations.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IOException(FILE + " is missing from the program");
      }
      return parse(new String(in.readAllBytes(), UTF_8));
    }
  }

  static Explanations parse(String text) {
    Map<String, String> texts = new LinkedHashMap<>();
    String[] parts = text.split("(?m)^" + HEADING, -1);
    for (int i = 1; i < parts.length; i++) {
      int end = parts[i].indexOf('\n');
      String key = parts[i].substring(0, end < 0 ? parts[i].length() : end).strip();
      String body = end < 0 ? "" : parts[i].substring(end).strip();
      if (body.isEmpty() || texts.putIfAbsent(key, body) != null) {
        throw new IllegalArgumentException(FILE + ": " + key + " is empty, or there twice");
      }
    }
    return new Explanations(texts);
  }

  /** The keys that have a text, releases cut off. */
  Set<String> keys() {
    Set<String> keys = new TreeSet<>();
    texts.keySet().forEach(key -> keys.add(key.split(" ", -1)[0]));
    return keys;
  }

  /** The text for a row on a release of Java. */
  public String of(String key, int release) {
    String general = texts.getOrDefault(key, "Not explained yet.");
    return texts.getOrDefault(key + " " + release, general);
  }
}
