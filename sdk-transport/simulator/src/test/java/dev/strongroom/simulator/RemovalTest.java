// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.transport.ElementNotFoundException;
import dev.strongroom.core.transport.ElementRemovedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The element leaves while sessions are open. */
class RemovalTest {

  private final SimulatedElement simulated;

  RemovalTest() throws Exception {
    simulated = Stored.simulated(MemoryElementStore.of(Stored.initialized()));
  }

  private static List<GrubRequest> request() {
    return List.of(GrubRequest.existing(Stored.UID, Stored.RND, 0));
  }

  @ParameterizedTest
  @EnumSource(Reach.class)
  void everySessionEndsAtOnceAndForGood(Reach way) throws Exception {
    try (SecureElement element = SecureElement.open(way.to(simulated))) {
      ElementSession first = element.login(Stored.pin(Stored.USER_PIN));
      ElementSession second = element.login(Stored.pin(Stored.USER_PIN));
      ElementSession closed = element.login(Stored.pin(Stored.USER_PIN));
      List<String> told = new ArrayList<>();
      first.onRemoved(() -> told.add("first"));
      first.onRemoved(
          () -> {
            throw new IllegalStateException("a listener's bug");
          });
      first.onRemoved(() -> told.add("first again"));
      second.onRemoved(() -> told.add("second"));
      closed.onRemoved(() -> told.add("closed"));
      closed.close();
      assertThat(first.loss()).isEmpty();
      simulated.pull();
      assertThat(told).containsExactlyInAnyOrder("first", "first again", "second");
      long before = simulated.commandCount();
      for (ElementSession session : List.of(first, second)) {
        assertThat(session.isOpen()).isFalse();
        assertThat(session.loss()).containsInstanceOf(ElementRemovedException.class);
        assertThatThrownBy(() -> session.random(1)).isInstanceOf(ElementRemovedException.class);
        assertThatThrownBy(() -> session.grub(Stored.VOLUME, request()))
            .isInstanceOf(ElementRemovedException.class);
        assertThatThrownBy(session::status).isInstanceOf(ElementRemovedException.class);
      }
      first.onRemoved(() -> told.add("late"));
      assertThat(told).contains("late").hasSize(4);
      assertThatThrownBy(element::status).isInstanceOf(ElementNotFoundException.class);
      assertThat(simulated.commandCount()).isEqualTo(before);
      simulated.insert();
      assertThatThrownBy(() -> first.random(1)).isInstanceOf(ElementRemovedException.class);
      assertThat(first.isOpen()).isFalse();
      try (ElementSession again = element.login(Stored.pin(Stored.USER_PIN))) {
        assertThat(again.grub(Stored.VOLUME, request())).hasSize(1);
        first.close();
        second.close();
        assertThat(again.grub(Stored.VOLUME, request())).hasSize(1);
        assertThat(element.sessions()).containsExactly(again);
      }
      assertThat(told).hasSize(4);
    }
  }

  @ParameterizedTest
  @EnumSource(Reach.class)
  void closeListenersRunWhenALostSessionIsClosed(Reach way) throws Exception {
    try (SecureElement element = SecureElement.open(way.to(simulated))) {
      ElementSession session = element.login(Stored.pin(Stored.USER_PIN));
      List<String> told = new ArrayList<>();
      session.onClose(() -> told.add("closed"));
      simulated.pull();
      assertThat(told).isEmpty();
      session.close();
      assertThat(told).containsExactly("closed");
      assertThatThrownBy(() -> session.random(1)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void whoIsToldMayNotWaitForACommandUnderWay() throws Exception {
    CountDownLatch underWay = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    BlockingTransport slow = new BlockingTransport(simulated.exposed(), underWay, goOn);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (SecureElement element = SecureElement.open(slow)) {
      ElementSession session = element.login(Stored.pin(Stored.USER_PIN));
      slow.block();
      Future<byte[]> random = thread.submit(() -> session.random(4));
      try {
        assertThat(underWay.await(60, TimeUnit.SECONDS)).isTrue();
        simulated.pull();
        assertThat(session.isOpen()).isFalse();
      } finally {
        goOn.countDown();
      }
      assertThatThrownBy(() -> random.get(60, TimeUnit.SECONDS))
          .hasCauseInstanceOf(ElementRemovedException.class);
      simulated.insert();
      element.login(Stored.pin(Stored.USER_PIN)).close();
    } finally {
      thread.shutdownNow();
    }
  }
}
