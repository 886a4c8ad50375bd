// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.file.KeyScope;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.internal.crypto.SectorKey;
import dev.strongroom.file.store.PathStore;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.IOException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which keys of pages are in memory, and for how long. */
class PageKeysTest {

  private static final int PAGE = 8 * 4096;
  private static final int PAGES = 250;
  private static final int MOST_AHEAD = 96;
  private static final Set<OpenOption> BOTH =
      Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);

  @TempDir Path folder;

  private SimulatedElement simulated;
  private SecureElement element;
  private ElementSession session;
  private Volume volume;
  private OpenFile file;
  private FileNode node;

  @BeforeEach
  void openFile() throws IOException {
    simulated = SimulatedElement.inMemory(SimulatedElementOptions.cheap());
    element = SecureElement.open(simulated);
    try (SecretBytes user = SecretBytes.encode("1234".toCharArray());
        SecretBytes administrator = SecretBytes.encode("administrator".toCharArray())) {
      element.initialize(user, administrator);
      session = element.login(user);
    }
    VolumeOptions options =
        VolumeOptions.builder().cacheBytes(1 << 20).keyScope(KeyScope.PAGE).build();
    volume =
        VolumeOpener.create(session, new PathStore(folder), options, VolumeOpener.Neighbours.NONE);
    file = OpenFile.open(volume, new Namespace(volume), "/a", BOTH);
    node =
        volume.nodes.values().stream()
            .filter(each -> each.pageKeys != null)
            .findFirst()
            .orElseThrow();
    byte[] page = new byte[PAGE];
    for (int i = 0; i < PAGES; i++) {
      Arrays.fill(page, (byte) i);
      file.write((long) i * PAGE, page, 0, PAGE);
    }
    file.sync();
  }

  @AfterEach
  void closeAll() throws IOException {
    volume.close();
    session.close();
    element.close();
  }

  private PageKeys keys() {
    return Objects.requireNonNull(node.pageKeys);
  }

  private int cachedPages() {
    int cached = 0;
    for (int page = 0; page < PAGES; page++) {
      cached += node.pages.get(page) == null ? 0 : 1;
    }
    return cached;
  }

  private void requireKeysOfCachedPages() {
    for (int page = 0; page < PAGES; page++) {
      if (node.pages.get(page) != null) {
        assertThat(keys().key(page)).isNotNull();
      }
    }
  }

  private static void requireFilled(byte[] found, int offset, int length, int page) {
    for (int i = offset; i < offset + length; i++) {
      if (found[i] != (byte) page) {
        throw new AssertionError("page " + page + " has " + found[i] + " at " + i);
      }
    }
  }

  private void readAtRandom(long seed, int reads) throws IOException {
    Random random = new Random(seed);
    byte[] found = new byte[4096];
    for (int i = 0; i < reads; i++) {
      int page = random.nextInt(PAGES);
      assertThat(file.read((long) page * PAGE + 4096, found, 0, 4096)).isEqualTo(4096);
      requireFilled(found, 0, 4096, page);
    }
  }

  @Test
  void keysGoWithTheirPages() throws IOException {
    node.lock.lock();
    keys().endRun();
    node.lock.unlock();
    readAtRandom(1, 1000);
    assertThat(keys().count()).isEqualTo(cachedPages()).isBetween(1, 256);
    requireKeysOfCachedPages();
    long before = volume.cache.allocated();
    node.lock.lock();
    int held = keys().count();
    node.pages.dropAll();
    node.lock.unlock();
    assertThat(keys().count()).isZero();
    assertThat(volume.cache.allocated())
        .isLessThanOrEqualTo(before - (long) held * PageKeys.KEY_BYTES);
  }

  @Test
  void aRunHoldsAtMostOneAndAHalfBatchesAhead() throws IOException {
    byte[] found = new byte[10_000];
    int most = 0;
    for (int at = 0; at + found.length < PAGES * PAGE; at += found.length) {
      file.read(at, found, 0, found.length);
      node.lock.lock();
      int beyond = keys().count() - cachedPages();
      requireKeysOfCachedPages();
      node.lock.unlock();
      most = Math.max(most, beyond);
      assertThat(beyond).isLessThanOrEqualTo(MOST_AHEAD);
    }
    assertThat(most).as("it does look ahead").isGreaterThan(32);
  }

  @Test
  void aKeyThatIsGivenUpIsZeroedAndSoAreAllAtTheEnd() throws IOException {
    readAtRandom(2, 50);
    List<SectorKey> seen = new ArrayList<>();
    node.lock.lock();
    for (int page = 0; page < PAGES; page++) {
      if (node.pages.get(page) != null) {
        seen.add(keys().key(page));
      }
    }
    node.lock.unlock();
    assertThat(seen).isNotEmpty();
    volume.close();
    for (SectorKey key : seen) {
      assertThatThrownBy(
              () ->
                  key.encryptSector(
                      new byte[32], 0, new byte[40], new byte[16], 0, 16, new byte[64], 0))
          .isInstanceOf(IllegalStateException.class);
    }
    assertThat(keys().count()).isZero();
  }

  @Test
  void readersAndAWriterShareThem() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        long seed = t;
        boolean writes = t == 3;
        running.add(
            pool.submit(
                () -> {
                  readAtRandom(seed, 300);
                  if (writes) {
                    byte[] page = new byte[PAGE];
                    for (int i = 0; i < PAGES; i += 7) {
                      Arrays.fill(page, (byte) i);
                      file.write((long) i * PAGE, page, 0, PAGE);
                      if (i % 5 == 0) {
                        file.sync();
                      }
                    }
                  }
                  byte[] found = new byte[3 * PAGE];
                  for (int i = 0; i < PAGES - 3; i += 3) {
                    file.read((long) i * PAGE, found, 0, found.length);
                    for (int k = 0; k < 3; k++) {
                      requireFilled(found, k * PAGE, PAGE, i + k);
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    } finally {
      pool.shutdownNow();
    }
    node.lock.lock();
    try {
      keys().endRun();
      assertThat(keys().count()).isEqualTo(cachedPages());
    } finally {
      node.lock.unlock();
    }
  }
}
