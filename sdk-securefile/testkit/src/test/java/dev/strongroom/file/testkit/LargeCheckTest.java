// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.check.CheckListener;
import dev.strongroom.file.store.PathStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A check of a large file reads each byte once, in long runs. */
class LargeCheckTest {

  private static final int CALL = 1 << 20;

  @TempDir Path temporary;

  @Test
  void aHundredth() throws IOException {
    check((10L << 30) / 100);
  }

  @Test
  @Tag("growth")
  void theWhole() throws IOException {
    check(10L << 30);
  }

  private void check(long bytes) throws IOException {
    Path directory = temporary.resolve("volume");
    VolumeOptions options = VolumeOptions.defaults();
    byte[] content = SampleBytes.of(1, CALL);
    String host;
    try (TestElement element = TestElement.create();
        ElementSession session = element.login()) {
      try (SecureFileSystem volume = SecureFileSystem.create(session, directory, options);
          SecureFile file =
              volume.openFile("large", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        for (long done = 0; done < bytes; done += CALL) {
          content[(int) (done >> 20) % CALL] ^= 1; // no two calls alike
          file.write(content, 0, (int) Math.min(CALL, bytes - done));
        }
      }
      FaultyStore store = new FaultyStore(new PathStore(directory));
      try (SecureFileSystem volume = SecureFileSystem.open(session, store, options)) {
        host = volume.stat("large").hostName();
        StoreCounters before = store.counters();
        long start = System.nanoTime();
        assertThat(volume.check("large", CheckListener.SILENT).findings()).isEmpty();
        double seconds = (System.nanoTime() - start) / 1e9;
        StoreCounters spent = store.counters().since(before);
        long read = spent.bytes(StoreOperation.READ, host::equals);
        long reads = spent.count(StoreOperation.READ, host::equals);
        System.out.printf(
            "LargeCheckTest: %d bytes in %d reads of %d bytes, %.1f s%n",
            bytes, reads, read, seconds);
        // The header is read at the opening of the file as well.
        assertThat(read)
            .isBetween(
                Files.size(directory.resolve(host)), Files.size(directory.resolve(host)) + 8192);
        assertThat(reads).isLessThanOrEqualTo(10 + read / (64 << 10));
      }
    }
  }
}
