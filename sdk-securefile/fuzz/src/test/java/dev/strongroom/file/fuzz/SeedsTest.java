// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.file.internal.engine.CatalogueFuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Real structures, from which fuzzing starts: each target takes them, or it would test nothing but
 * refusals. {@code -Dfuzz.seeds=write} writes them to the corpus.
 */
class SeedsTest {

  /** What a target does with an input. */
  private interface Check {
    boolean accepts(byte[] input) throws IOException;
  }

  /** A target, the method that is fuzzed, and real inputs of it. */
  private record Target(Class<?> type, String method, Check check, Map<String, byte[]> seeds) {
    @Override
    public String toString() {
      return method;
    }
  }

  static Stream<Target> targets() throws IOException {
    return Stream.of(
        new Target(HeaderFuzzTest.class, "header", HeaderFuzzTest::accepts, HeaderFuzzTest.seeds()),
        new Target(
            TagPageFuzzTest.class, "tagPage", TagPageFuzzTest::accepts, TagPageFuzzTest.seeds()),
        new Target(
            JournalFuzzTest.class, "journal", JournalFuzzTest::accepts, JournalFuzzTest.seeds()),
        new Target(
            RecoveryFuzzTest.class,
            "recovery",
            RecoveryFuzzTest::accepts,
            RecoveryFuzzTest.seeds()),
        new Target(
            CatalogueFuzzTest.class,
            "catalogue",
            CatalogueFuzzTest::accepts,
            CatalogueFuzzTest.seeds()),
        new Target(
            PreludeFuzzTest.class, "prelude", PreludeFuzzTest::accepts, PreludeFuzzTest.seeds()),
        new Target(
            ContactsFuzzTest.class,
            "contacts",
            ContactsFuzzTest::accepts,
            ContactsFuzzTest.seeds()),
        new Target(
            VolumeFileFuzzTest.class,
            "volumeFile",
            VolumeFileFuzzTest::accepts,
            VolumeFileFuzzTest.seeds()));
  }

  @ParameterizedTest
  @MethodSource("targets")
  void realStructuresAreTaken(Target target) throws IOException {
    assertThat(target.seeds).isNotEmpty();
    for (Map.Entry<String, byte[]> seed : target.seeds.entrySet()) {
      assertThat(target.check.accepts(seed.getValue())).as(seed.getKey()).isTrue();
      if ("write".equals(System.getProperty("fuzz.seeds"))) {
        Path file = corpus(target).resolve(seed.getKey());
        Files.createDirectories(corpus(target));
        Files.write(file, seed.getValue());
      }
    }
  }

  private static Path corpus(Target target) {
    return Path.of("src/test/resources")
        .resolve(target.type.getPackageName().replace('.', '/'))
        .resolve(target.type.getSimpleName() + "Inputs")
        .resolve(target.method);
  }

  @ParameterizedTest
  @MethodSource("targets")
  void theCorpusIsReplayed(Target target) throws IOException {
    try (Stream<Path> inputs = Files.list(corpus(target))) {
      assertThat(inputs).as("inputs of %s", target).hasSizeGreaterThanOrEqualTo(3);
    }
  }
}
