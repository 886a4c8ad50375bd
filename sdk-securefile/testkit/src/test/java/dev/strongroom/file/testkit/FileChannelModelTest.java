// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import dev.strongroom.core.device.ElementSession;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file in a volume, through {@link java.nio.channels.FileChannel}, beside a plain one. */
class FileChannelModelTest {

  private static final long SEED = Long.getLong("channel.seed", 20260301);

  @TempDir Path directory;

  static LongStream seeds() {
    return LongStream.range(SEED, SEED + 4);
  }

  static LongStream moreSeeds() {
    return LongStream.range(SEED + 100, SEED + 120);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aFileInVolumeIsWhatPlainOneIs(long seed) throws IOException {
    run(seed, 3, 100, Map.of());
  }

  /** So little memory that changed sectors leave it before they are committed. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = 1)
  void itIsWithLittleMemory(long add) throws IOException {
    run(SEED + add, 2, 100, Map.of("cacheBytes", 1 << 20));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("moreSeeds")
  @Tag("growth")
  void itIsForLonger(long seed) throws IOException {
    run(seed, 5, 1000, seed % 2 == 0 ? Map.of() : Map.of("cacheBytes", 1 << 20));
  }

  private void run(long seed, int rounds, int steps, Map<String, ?> options) throws IOException {
    System.out.println("FileChannelModelTest: seed " + seed);
    URI uri = URI.create("strongroom:" + directory.resolve("volume"));
    try (TestElement element = TestElement.create();
        ElementSession session = element.login()) {
      Map<String, Object> env = new java.util.HashMap<>(options);
      env.put("session", session);
      env.put("create", "true");
      FileSystem volume = FileSystems.newFileSystem(uri, env);
      try (ChannelProgram program =
          new ChannelProgram(seed, directory.resolve("plain"), volume.getPath("/file"))) {
        for (int round = 0; round < rounds; round++) {
          program.steps(steps);
          program.closeFound();
          volume.close();
          volume = FileSystems.newFileSystem(uri, env);
          program.moved(volume.getPath("/file"));
        }
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      } finally {
        volume.close();
      }
    }
  }
}
