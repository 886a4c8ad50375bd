// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page with all figures: the method, and a section for each release of Java. A run replaces the
 * section of its own release and keeps the others.
 *
 * <p>Thread safety: confined to one thread.
 */
final class Page {

  private static final String METHOD = "method.md";
  private static final String SECTION = "## Java ";
  private static final String PART = "### ";

  /** A section begins at its heading and ends before the next one. */
  private static final Pattern SECTIONS =
      Pattern.compile("(?ms)^" + SECTION + "(\\d+)$.*?(?=^" + SECTION + "\\d+$|\\z)");

  private Page() {}

  /** Puts a section into a page, which need not be there yet. */
  static void write(Path page, int release, String section) throws IOException {
    SortedMap<Integer, String> sections = sections(page);
    sections.put(release, SECTION + release + "\n\n" + section.strip());
    write(page, sections);
  }

  /** Puts a part of third level into a section; the others stay as they are. */
  static void writePart(Path page, int release, String title, String text) throws IOException {
    SortedMap<Integer, String> sections = sections(page);
    String section = sections.getOrDefault(release, SECTION + release);
    String part = PART + title + "\n\n" + text.strip();
    Matcher old =
        Pattern.compile("(?ms)^" + Pattern.quote(PART + title) + "$.*?(?=^" + PART + "|\\z)")
            .matcher(section);
    sections.put(
        release,
        old.find()
            ? section.substring(0, old.start()) + part + "\n\n" + section.substring(old.end())
            : section.strip() + "\n\n" + part);
    sections.replaceAll((key, whole) -> whole.strip());
    write(page, sections);
  }

  private static SortedMap<Integer, String> sections(Path page) throws IOException {
    TreeMap<Integer, String> sections = new TreeMap<>();
    if (Files.exists(page)) {
      Matcher found = SECTIONS.matcher(Files.readString(page));
      while (found.find()) {
        sections.put(Integer.valueOf(found.group(1)), found.group().strip());
      }
    }
    return sections;
  }

  private static void write(Path page, SortedMap<Integer, String> sections) throws IOException {
    Files.writeString(
        page, method().strip() + "\n\n" + String.join("\n\n", sections.values()) + "\n");
  }

  private static String method() throws IOException {
    try (InputStream in = Page.class.getResourceAsStream(METHOD)) {
      if (in == null) {
        throw new IOException(METHOD + " is missing from the program");
      }
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
