// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.DataKey;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.sekey.model.Directory;
import dev.strongroom.sekey.model.DirectoryDraft;
import dev.strongroom.sekey.model.Group;
import dev.strongroom.sekey.model.KeyEntry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("jdk25")
class DataKeyCacheTest {

  private static final Group GROUP = Samples.group(1);
  private static final KeyId KEY = Samples.keyId(1);
  private static final DataKeyCache.Slot SLOT = new DataKeyCache.Slot(KEY, Optional.empty());

  private final KeyUser.TestClock clock = new KeyUser.TestClock();
  private final List<SecretBytes> drawn = new ArrayList<>();
  private final Directory directory = directory(KeyState.ACTIVE);

  private static Directory directory(KeyState state) {
    DirectoryDraft draft = Directory.EMPTY.draft();
    try {
      draft.put(GROUP);
      for (int number = 1; number <= 3; number++) {
        KeyEntry entry = Samples.key(number, GROUP);
        draft.put(state == KeyState.ACTIVE ? entry : entry.changed(state, Samples.NOW));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return draft.publish();
  }

  private DataKeyCache cache(int keys, long uses, long bytes) {
    return new DataKeyCache(new DataKeyLimits(keys, Duration.ofMinutes(5), uses, bytes), clock);
  }

  private synchronized DataKey ask() {
    SecretBytes key = SecretBytes.copyOf(new byte[] {(byte) drawn.size()});
    drawn.add(key);
    return new DataKey(key, Bytes.copyOf(new byte[40]));
  }

  private void use(DataKeyCache cache, DataKeyCache.Slot slot, Directory known, long bytes)
      throws IOException {
    cache.take(slot, known, bytes, this::ask).close();
  }

  @Test
  void aKeyServesUntilUsesBytesOrAgeAreUpAndIsZeroedThen() throws IOException {
    try (DataKeyCache cache = cache(8, 3, 100)) {
      for (int i = 0; i < 4; i++) {
        use(cache, SLOT, directory, 10);
      }
      assertThat(drawn).hasSize(2);
      assertThat(drawn.get(0).isDestroyed()).isTrue();
      use(cache, SLOT, directory, 91); // 10 are used
      assertThat(drawn).hasSize(3);
      clock.now = clock.now.plusSeconds(299);
      use(cache, SLOT, directory, 1);
      assertThat(drawn).hasSize(3);
      clock.now = clock.now.plusSeconds(1);
      use(cache, SLOT, directory, 1);
      assertThat(drawn).hasSize(4);
      clock.now = clock.now.minusSeconds(1);
      use(cache, SLOT, directory, 1); // a clock that is turned back does not lengthen a life
      assertThat(drawn).hasSize(5);
    }
    assertThat(drawn).allMatch(SecretBytes::isDestroyed);
  }

  @Test
  void aChangeOfTheRecordEndsItAtOnceThoughNobodyUsesIt() throws IOException {
    try (DataKeyCache cache = cache(8, 100, 100)) {
      use(cache, SLOT, directory, 1);
      cache.sweep(directory);
      assertThat(drawn.get(0).isDestroyed()).isFalse();
      cache.sweep(directory(KeyState.COMPROMISED));
      assertThat(drawn.get(0).isDestroyed()).isTrue();
      use(cache, SLOT, directory, 1);
      cache.sweep(Directory.EMPTY);
      assertThat(drawn.get(1).isDestroyed()).isTrue();
    }
  }

  @Test
  void theOneNotUsedForLongestGoes() throws IOException {
    try (DataKeyCache cache = cache(2, 100, 100)) {
      for (int number : new int[] {1, 2, 1, 3}) {
        use(cache, new DataKeyCache.Slot(Samples.keyId(number), Optional.empty()), directory, 1);
      }
      assertThat(drawn).hasSize(3);
      assertThat(drawn.get(1).isDestroyed()).isTrue();
      assertThat(drawn.get(0).isDestroyed()).isFalse();
    }
  }

  @Test
  void manyThreadsAskOnceAndAFailureIsNotShared() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    CountDownLatch started = new CountDownLatch(8);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (DataKeyCache cache = cache(8, 100, 100)) {
      List<Future<Boolean>> results = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        results.add(
            threads.submit(
                () -> {
                  started.countDown();
                  started.await();
                  try (DataKey key =
                      cache.take(
                          SLOT,
                          directory,
                          1,
                          () -> {
                            if (asked.getAndIncrement() == 0) {
                              throw new IOException("the element was pulled");
                            }
                            return ask();
                          })) {
                    return !key.key().isDestroyed();
                  } catch (IOException e) {
                    return false;
                  }
                }));
      }
      int good = 0;
      for (Future<Boolean> result : results) {
        good += result.get() ? 1 : 0;
      }
      assertThat(good).isEqualTo(7);
      assertThat(asked).hasValue(2);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void withoutLimitsForKeepingEachUseAsks() throws IOException {
    try (DataKeyCache cache = new DataKeyCache(DataKeyLimits.NONE, clock)) {
      use(cache, SLOT, directory, 1);
      use(cache, SLOT, directory, 1);
      assertThat(drawn).hasSize(2).allMatch(SecretBytes::isDestroyed);
    }
    DataKeyCache closed = cache(8, 100, 100);
    closed.close();
    use(closed, SLOT, directory, 1);
    assertThat(drawn).allMatch(SecretBytes::isDestroyed);
    assertThatThrownBy(() -> new DataKeyLimits(1, Duration.ZERO, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
