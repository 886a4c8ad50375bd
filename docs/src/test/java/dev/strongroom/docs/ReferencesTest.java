// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the documents name is there, and what is there they name. */
class ReferencesTest {

  private static final Path REPOSITORY = Path.of("..");

  /** Keys, labels, kinds of tests, and a test of Lucene, which look like names of classes. */
  private static final Set<String> TERMS =
      Set.of(
          "EncGrub",
          "SigGrub",
          "ElementMac",
          "ElementSeal",
          "ManagedDataKey",
          "ManagedKeyProof",
          "ElementPage",
          "InteropIT",
          "BaseDirectoryTestCase");

  /** Where the JDK's classes that the documents speak of are. */
  private static final List<String> PACKAGES =
      List.of(
          "java.lang.",
          "java.io.",
          "java.nio.file.",
          "java.nio.channels.",
          "java.util.",
          "java.security.");

  /** Source files by the name of their class. */
  private static final Map<String, List<Path>> SOURCES = new HashMap<>();

  private static final List<Path> POMS = new ArrayList<>();
  private static final List<Path> PAGES = new ArrayList<>();

  /** A kind of thing that the pages name, and how to see that it is there. */
  private enum Reference {
    /** Classes, or what the names of classes end with; with the name of a member. */
    CLASS(
        "`([A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+(?:\\.[a-z]\\w*)?)(?:\\(\\))?`",
        named -> isClass(named)),
    /** Maven profiles. */
    PROFILE("`-P(\\w+)`", named -> inPoms("<id>" + named + "</id>")),
    /** Files and folders of the repository. */
    PATH(
        "`((?:docs|examples|sdk-[a-z]+|\\.ci)/[\\w./-]*)`",
        named -> Files.exists(REPOSITORY.resolve(named))),
    /** Jars. */
    ARTIFACT("`(strongroom-[a-z-]+)`", named -> inPoms("<artifactId>" + named + "</artifactId>")),
    /** Packages. */
    PACKAGE(
        "`(dev\\.strongroom(?:\\.[a-z]+)*)`",
        named ->
            SOURCES.values().stream()
                .flatMap(List::stream)
                .anyMatch(source -> folder(source).endsWith(Path.of(named.replace('.', '/'))))),
    /** Decisions. */
    DECISION(
        "(?:ADR |adr/)(\\d{4})",
        named -> PAGES.stream().anyMatch(page -> page.getFileName().toString().startsWith(named)));

    private final Pattern pattern;

    @SuppressWarnings("ImmutableEnumChecker") // looks at files only
    private final Predicate<String> there;

    Reference(String pattern, Predicate<String> there) {
      this.pattern = Pattern.compile(pattern);
      this.there = there;
    }
  }

  @BeforeAll
  static void findFiles() throws IOException {
    Files.walkFileTree(
        REPOSITORY,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            String name = String.valueOf(directory.getFileName());
            return name.equals("target") || name.equals(".git")
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = file.getFileName().toString();
            if (name.endsWith(".java")) {
              SOURCES
                  .computeIfAbsent(
                      name.substring(0, name.length() - ".java".length()), key -> new ArrayList<>())
                  .add(file);
            } else if (name.equals("pom.xml")) {
              POMS.add(file);
            } else if (name.endsWith(".md") && !file.toString().contains("src")) {
              PAGES.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void whatAPageNamesIsThere(Reference reference) throws IOException {
    List<String> missing = new ArrayList<>();
    int found = 0;
    for (Path page : PAGES) {
      // A decision speaks of its own time.
      if (!folder(page).endsWith("adr")) {
        Matcher matcher = reference.pattern.matcher(Files.readString(page));
        while (matcher.find()) {
          found++;
          if (!reference.there.test(matcher.group(1))) {
            missing.add(page + ": " + matcher.group(1));
          }
        }
      }
    }
    assertThat(found).as("the pattern finds something").isPositive();
    assertThat(missing).isEmpty();
  }

  @Test
  void everyModuleHasItsLineInTheArchitecture() throws IOException {
    String architecture = Files.readString(REPOSITORY.resolve("docs/architecture.md"));
    List<String> missing = new ArrayList<>();
    for (Path pom : POMS) {
      String text = Files.readString(pom);
      if (!text.contains("<packaging>pom</packaging>")) {
        String folder = REPOSITORY.relativize(pom.getParent()).toString();
        if (!architecture.contains("| `" + folder + "` |")) {
          missing.add(folder);
        }
      }
    }
    assertThat(POMS).hasSizeGreaterThan(8);
    assertThat(missing).isEmpty();
  }

  @Test
  void everyDecisionHasItsOwnNumberAndAllParts() throws IOException {
    Set<String> numbers = new HashSet<>();
    for (Path page : PAGES) {
      String name = page.getFileName().toString();
      if (folder(page).endsWith("adr") && !name.startsWith("0000")) {
        String number = name.substring(0, 4);
        assertThat(numbers.add(number)).as("%s is the only one of its number", name).isTrue();
        assertThat(Files.readString(page))
            .as(name)
            .startsWith("# " + number + ": ")
            .containsPattern("\nDate: \\d{4}-\\d\\d-\\d\\d\\. Status: (accepted|proposed|replaced)")
            .contains(
                "\n## Context\n", "\n## Decision\n", "\n## Rejected\n", "\n## Consequences\n");
      }
    }
    assertThat(numbers).isNotEmpty();
  }

  @Test
  void theEnvironmentOfTheProviderIsWrittenDown() throws IOException {
    String source = read(java.util.Objects.requireNonNull(SOURCES.get("VolumeAccess")).get(0));
    Matcher keys = Pattern.compile("KEYS =\\s+Set\\.of\\(([^)]+)\\)").matcher(source);
    assertThat(keys.find()).isTrue();
    String readme = Files.readString(REPOSITORY.resolve("README.md"));
    Matcher key = Pattern.compile("\"(\\w+)\"").matcher(keys.group(1));
    int found = 0;
    while (key.find()) {
      assertThat(readme).contains("\n| `" + key.group(1) + "` |");
      found++;
    }
    assertThat(found).isPositive();
  }

  @Test
  void everyMissedTargetIsExplained() throws IOException {
    assertThat(Files.readString(REPOSITORY.resolve("docs/performance.md")))
        .doesNotContain("Not explained yet");
  }

  private static boolean isClass(String named) {
    int dot = named.indexOf('.');
    String name = dot < 0 ? named : named.substring(0, dot);
    List<Path> sources = SOURCES.get(name);
    if (sources != null) {
      return dot < 0
          || sources.stream()
              .anyMatch(source -> read(source).contains(" " + named.substring(dot + 1)));
    }
    return TERMS.contains(name)
        || SOURCES.keySet().stream().anyMatch(other -> other.endsWith(name))
        || PACKAGES.stream().anyMatch(home -> isKnown(home + name));
  }

  private static boolean isKnown(String name) {
    try {
      Class.forName(name, false, ReferencesTest.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static boolean inPoms(String text) {
    return POMS.stream().anyMatch(pom -> read(pom).contains(text));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path folder(Path file) {
    return java.util.Objects.requireNonNull(file.getParent());
  }
}
