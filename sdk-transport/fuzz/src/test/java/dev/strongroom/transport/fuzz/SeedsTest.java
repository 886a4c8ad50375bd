// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.transport.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.channel.ChannelCertificateFuzzTest;
import dev.strongroom.core.channel.SecureMessagesFuzzTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Real conversations, from which fuzzing starts: each target takes them, or it would test nothing
 * but refusals. {@code -Dfuzz.seeds=write} writes them to the corpus.
 */
class SeedsTest {

  /** What a target does with an input. */
  private interface Check {
    boolean accepts(byte[] input) throws Exception;
  }

  /** A target, the method that is fuzzed, and real inputs of it. */
  private record Target(Class<?> type, String method, Check check, Map<String, byte[]> seeds) {
    @Override
    public String toString() {
      return method;
    }
  }

  static Stream<Target> targets() throws Exception {
    return Stream.of(
        new Target(
            ProtocolFuzzTest.class,
            "protocol",
            ProtocolFuzzTest::accepts,
            ProtocolFuzzTest.seeds()),
        new Target(
            IdentityFuzzTest.class,
            "identity",
            IdentityFuzzTest::accepts,
            IdentityFuzzTest.seeds()),
        new Target(
            ChannelCertificateFuzzTest.class,
            "channelCertificate",
            ChannelCertificateFuzzTest::accepts,
            ChannelCertificateFuzzTest.seeds()),
        new Target(
            SecureMessagesFuzzTest.class,
            "secureMessages",
            SecureMessagesFuzzTest::accepts,
            SecureMessagesFuzzTest.seeds()),
        new Target(
            ElementFuzzTest.class, "element", ElementFuzzTest::accepts, ElementFuzzTest.seeds()),
        new Target(HostFuzzTest.class, "host", HostFuzzTest::accepts, HostFuzzTest.seeds()));
  }

  @ParameterizedTest
  @MethodSource("targets")
  void realConversationsAreTaken(Target target) throws Exception {
    assertThat(target.seeds).isNotEmpty();
    for (Map.Entry<String, byte[]> seed : target.seeds.entrySet()) {
      assertThat(target.check.accepts(seed.getValue())).as(seed.getKey()).isTrue();
      write(target, seed.getKey(), seed.getValue());
    }
  }

  @Test
  void aRecordedSecureChannelIsNotTakenOnceMore() throws Exception {
    byte[] recorded = HostFuzzTest.recordedInSecureChannel();
    assertThat(HostFuzzTest.accepts(recorded)).isFalse();
    write(
        new Target(HostFuzzTest.class, "host", HostFuzzTest::accepts, Map.of()),
        "secure-channel",
        recorded);
  }

  @ParameterizedTest
  @MethodSource("targets")
  void theCorpusIsReplayed(Target target) throws Exception {
    try (Stream<Path> inputs = Files.list(corpus(target))) {
      assertThat(inputs).as("inputs of %s", target).hasSizeGreaterThanOrEqualTo(3);
    }
  }

  private static void write(Target target, String name, byte[] seed) throws Exception {
    if ("write".equals(System.getProperty("fuzz.seeds"))) {
      Files.createDirectories(corpus(target));
      Files.write(corpus(target).resolve(name), seed);
    }
  }

  private static Path corpus(Target target) {
    return Path.of("src/test/resources")
        .resolve(target.type.getPackageName().replace('.', '/'))
        .resolve(target.type.getSimpleName() + "Inputs")
        .resolve(target.method);
  }
}
