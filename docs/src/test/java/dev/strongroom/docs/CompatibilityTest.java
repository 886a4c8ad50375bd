// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * docs/compatibility.md is what the contracts of this build gave. It is written anew by {@code
 * -Dcompatibility.write=true}.
 */
class CompatibilityTest {

  private static final Path REPOSITORY = Path.of("..");
  private static final Path PAGE = REPOSITORY.resolve("docs/compatibility.md");

  /** All ways, in the order of the columns. */
  private static final List<String> WAYS =
      List.of(
          "simulator, in process",
          "simulator, by APDU",
          "simulator, by APDU and secure channel",
          "simulator, through vpcd and pcscd");

  private static final String HEAD =
      """
      # Compatibility

      Written by the tests; do not edit. A whole build compares it with what came out; to write it anew after one:

          mvn -o -pl docs -am test -Dtest=CompatibilityTest -Dcompatibility.write=true

      Rows are the tests of a contract, columns the ways to an element. yes: the test passes on JDK 17; where the tests are
      tagged jdk25, on JDK 25 as well. no: it fails. \u2013: the element does not declare what is tested.
      vpcd is a virtual reader in the real pcscd; APDUs take the whole way through the operating system's PC/SC stack.
      """;

  @Test
  void thePageIsWhatTheContractsGave() throws IOException {
    Map<String, Map<String, Map<String, String>>> results = results();
    Set<String> ran =
        results.values().stream()
            .flatMap(tests -> tests.values().stream())
            .flatMap(ways -> ways.keySet().stream())
            .collect(Collectors.toSet());
    assertThat(WAYS).containsAll(ran);
    for (String way : WAYS) {
      assumeTrue(ran.contains(way), "no results of: " + way);
    }
    StringBuilder page = new StringBuilder(HEAD);
    for (Map.Entry<String, Map<String, Map<String, String>>> contract : results.entrySet()) {
      List<String> ways =
          WAYS.stream()
              .filter(
                  way -> contract.getValue().values().stream().anyMatch(t -> t.containsKey(way)))
              .toList();
      page.append("\n## ").append(words(contract.getKey())).append("\n\n");
      page.append("| test | ").append(String.join(" | ", ways)).append(" |\n");
      page.append("|---|").append("---|".repeat(ways.size())).append('\n');
      for (Map.Entry<String, Map<String, String>> test : contract.getValue().entrySet()) {
        List<String> cells = new ArrayList<>();
        for (String way : ways) {
          String result = test.getValue().get(way);
          assumeTrue(result != null, way + " was run in part only");
          cells.add(cell(Objects.requireNonNull(result)));
        }
        page.append("| ").append(words(test.getKey())).append(" | ");
        page.append(String.join(" | ", cells)).append(" |\n");
      }
    }
    if (Boolean.getBoolean("compatibility.write")) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE)).isEqualTo(page.toString());
    assertThat(page.toString()).doesNotContain("| no |");
  }

  /** Contract to test to way to result. */
  private static Map<String, Map<String, Map<String, String>>> results() throws IOException {
    Path here = Path.of("").toAbsolutePath();
    Path folder = here.relativize(Path.of(System.getProperty("contract.results", "target/none")));
    Map<String, Map<String, Map<String, String>>> results = new TreeMap<>();
    try (Stream<Path> modules = Files.list(REPOSITORY.resolve("sdk-transport"))) {
      for (Path module : modules.filter(Files::isDirectory).toList()) {
        Path written = module.resolve(folder);
        if (Files.isDirectory(written)) {
          try (Stream<Path> files = Files.list(written)) {
            for (Path file : files.toList()) {
              for (String line : Files.readAllLines(file)) {
                String[] parts = line.split("\t", 4);
                results
                    .computeIfAbsent(parts[1], key -> new TreeMap<>())
                    .computeIfAbsent(parts[2], key -> new TreeMap<>())
                    .put(parts[0], parts[3]);
              }
            }
          }
        }
      }
    }
    return results;
  }

  private static String cell(String result) {
    return switch (result) {
      case "passed" -> "yes";
      case "skipped" -> "\u2013";
      default -> "no";
    };
  }

  /** A name of Java as words. */
  private static String words(String name) {
    String spaced =
        name.replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ")
            .toLowerCase(Locale.ROOT)
            .replaceAll("\\b(pin|rnd|apdu)(?=s?\\b)", "#$1#");
    StringBuilder words = new StringBuilder();
    String[] parts = spaced.split("#", -1);
    for (int i = 0; i < parts.length; i++) {
      words.append(i % 2 == 0 ? parts[i] : parts[i].toUpperCase(Locale.ROOT));
    }
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }
}
