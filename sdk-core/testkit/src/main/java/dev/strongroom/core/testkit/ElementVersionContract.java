// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.AuthenticationFailedException;
import dev.strongroom.core.device.Capability;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.NoFreeVersionSlotException;
import dev.strongroom.core.device.VersionMismatchException;
import dev.strongroom.core.device.VersionSlot;
import dev.strongroom.core.device.VersionSlotNotFoundException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Version slots: {@code docs/spec/element-protocol.md}, 2.6. Part of {@link ElementContract}.
 *
 * <p>Thread safety: confined to JUnit's thread.
 */
abstract class ElementVersionContract extends KeyLyingHostContract {

  @Test
  void aVersionMovesStepByStepAndStays() throws Exception {
    requireCapability(Capability.VERSION_SLOTS);
    initialize();
    VersionSlot second;
    try (ElementSession session = login(USER_PIN)) {
      assertThat(session.info().versionSlots()).isGreaterThanOrEqualTo(32);
      assertThat(session.readVersion(VOLUME)).isEmpty();
      assertThat(session.versions()).isEmpty();
      VersionSlot first = session.compareAndSetVersion(VersionSlot.none(VOLUME), root(1));
      assertThat(first).isEqualTo(new VersionSlot(VOLUME, root(1), 1));
      second = session.compareAndSetVersion(first, root(2));
      assertThat(second).isEqualTo(new VersionSlot(VOLUME, root(2), 2));
      VersionSlot other = session.compareAndSetVersion(VersionSlot.none(OTHER_VOLUME), root(3));
      assertThat(session.versions()).containsExactly(second, other);
      assertThat(session.readVersion(OTHER_VOLUME)).contains(other);
    }
    reopen();
    try (ElementSession session = login(USER_PIN)) {
      assertThat(session.readVersion(VOLUME)).contains(second);
      assertThat(session.versions()).hasSize(2).startsWith(second);
    }
  }

  @Test
  void aVersionMovesOnlyFromTheStateThatWasNamed() throws Exception {
    requireCapability(Capability.VERSION_SLOTS);
    initialize();
    try (ElementSession session = login(USER_PIN)) {
      VersionSlot now = session.compareAndSetVersion(VersionSlot.none(VOLUME), root(1));
      now = session.compareAndSetVersion(now, root(2));
      for (VersionSlot wrong :
          List.of(
              VersionSlot.none(VOLUME),
              new VersionSlot(VOLUME, root(1), 1),
              new VersionSlot(VOLUME, root(1), 2),
              new VersionSlot(VOLUME, root(2), 1),
              new VersionSlot(VOLUME, root(2), 3))) {
        VersionSlot there = now;
        assertThatThrownBy(() -> session.compareAndSetVersion(wrong, root(9)))
            .isInstanceOfSatisfying(
                VersionMismatchException.class,
                e -> {
                  assertThat(e.expected()).isEqualTo(wrong);
                  assertThat(e.found()).contains(there);
                });
      }
      assertThatThrownBy(
              () ->
                  session.compareAndSetVersion(new VersionSlot(OTHER_VOLUME, root(2), 2), root(9)))
          .isInstanceOfSatisfying(
              VersionMismatchException.class,
              e -> assertThat(e.found()).contains(VersionSlot.none(OTHER_VOLUME)));
      assertThat(session.versions()).containsExactly(now);
    }
  }

  @Test
  void aFullElementTakesNoMoreVolumesUntilTheAdministratorReleasesOne() throws Exception {
    requireCapability(Capability.VERSION_SLOTS);
    initialize();
    try (ElementSession session = login(USER_PIN)) {
      int most = session.info().versionSlots();
      List<VersionSlot> all = new ArrayList<>();
      for (int i = 0; i < most; i++) {
        all.add(session.compareAndSetVersion(VersionSlot.none(volume(i)), root(i)));
      }
      VersionSlot more = VersionSlot.none(volume(most));
      assertThatThrownBy(() -> session.compareAndSetVersion(more, root(0)))
          .isInstanceOf(NoFreeVersionSlotException.class);
      assertThat(session.versions()).isEqualTo(all);
      all.set(0, session.compareAndSetVersion(all.get(0), root(1)));

      assertThatThrownBy(() -> element().releaseVersion(pin("00000000"), volume(3)))
          .isInstanceOf(AuthenticationFailedException.class);
      assertThatThrownBy(() -> element().releaseVersion(pin(ADMINISTRATOR_PIN), volume(most)))
          .isInstanceOfSatisfying(
              VersionSlotNotFoundException.class,
              e -> assertThat(e.volume()).isEqualTo(volume(most)));
      // The PIN was right.
      assertThat(element().status().administratorTriesLeft())
          .isEqualTo(profile().administratorTries());
      element().releaseVersion(pin(ADMINISTRATOR_PIN), volume(3));
      all.remove(3);
      assertThat(session.versions()).isEqualTo(all);
      all.add(session.compareAndSetVersion(more, root(0)));
      assertThat(session.versions()).isEqualTo(all);
    }
    reopen();
    try (ElementSession session = login(USER_PIN)) {
      assertThat(session.versions()).hasSize(session.info().versionSlots());
    }
  }

  @Test
  void ofManyThatMoveAVersionAtOnceEachStepHasOneWinner() throws Exception {
    requireCapability(Capability.VERSION_SLOTS);
    initialize();
    int threads = 4;
    int each = 8;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try (ElementSession first = login(USER_PIN);
        ElementSession second = login(USER_PIN)) {
      List<Future<List<Long>>> results = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        ElementSession session = t % 2 == 0 ? first : second;
        int seed = 1000 * t;
        results.add(pool.submit(() -> winSteps(session, each, seed)));
      }
      List<Long> won = new ArrayList<>();
      for (Future<List<Long>> result : results) {
        won.addAll(result.get(120, TimeUnit.SECONDS));
      }
      assertThat(won).hasSize(threads * each).doesNotHaveDuplicates();
      assertThat(first.readVersion(VOLUME))
          .hasValueSatisfying(slot -> assertThat(slot.counter()).isEqualTo((long) threads * each));
    } finally {
      pool.shutdownNow();
    }
  }

  private static List<Long> winSteps(ElementSession session, int steps, int seed) throws Exception {
    List<Long> won = new ArrayList<>();
    VersionSlot now = VersionSlot.none(VOLUME);
    while (won.size() < steps) {
      try {
        now = session.compareAndSetVersion(now, root(seed + won.size()));
        won.add(now.counter());
      } catch (VersionMismatchException e) {
        now = e.found().orElseThrow();
      }
    }
    return won;
  }

  static Bytes root(int number) {
    return Bytes.copyOf(
        ByteBuffer.allocate(VersionSlot.ROOT_LENGTH).putInt(28, number + 1).array());
  }

  private static Bytes volume(int number) {
    return Bytes.copyOf(ByteBuffer.allocate(16).putInt(12, number).array());
  }
}
