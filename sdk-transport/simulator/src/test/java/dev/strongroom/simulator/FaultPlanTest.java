// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.device.AuthenticationFailedException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.ElementStorageException;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.device.StatusWordException;
import dev.strongroom.core.transport.ElementNotFoundException;
import dev.strongroom.core.transport.ElementRemovedException;
import dev.strongroom.core.transport.LinkLostException;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultPlanTest {

  enum Way {
    IN_PROCESS {
      @Override
      Transport to(SimulatedElement element) {
        return element;
      }
    },
    BY_APDU {
      @Override
      Transport to(SimulatedElement element) {
        return element.byApdu();
      }
    };

    abstract Transport to(SimulatedElement element);
  }

  private final MemoryElementStore store = new MemoryElementStore();
  private final SimulatedElement simulated = Stored.simulated(store);

  private SecureElement initialized(Way way) throws Exception {
    SecureElement element = SecureElement.open(way.to(simulated));
    element.initialize(Stored.pin(Stored.USER_PIN), Stored.pin(Stored.ADMINISTRATOR_PIN));
    return element;
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aLostResponseLeavesTheCommandExecuted(Way way) throws Exception {
    try (SecureElement element = SecureElement.open(way.to(simulated))) {
      simulated.inject(FaultPlan.builder().loseResponse(2).build());
      assertThatThrownBy(
              () ->
                  element.initialize(
                      Stored.pin(Stored.USER_PIN), Stored.pin(Stored.ADMINISTRATOR_PIN)))
          .isInstanceOfSatisfying(
              LinkLostException.class,
              e -> assertThat(e.outcome()).isEqualTo(LinkLostException.Outcome.UNKNOWN));
      assertThat(element.status().initialized()).isTrue();
      element.login(Stored.pin(Stored.USER_PIN)).close();
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aWrongStatusWordComesOutAsItsError(Way way) throws Exception {
    try (SecureElement element = initialized(way)) {
      simulated.inject(FaultPlan.builder().answer(1, StatusWord.UNKNOWN).build());
      assertThatThrownBy(element::status)
          .isInstanceOfSatisfying(
              StatusWordException.class, e -> assertThat(e.status()).isEqualTo(StatusWord.UNKNOWN));
      simulated.inject(FaultPlan.builder().answer(2, StatusWord.MEMORY_FAILURE).build());
      assertThatThrownBy(element::status).isInstanceOf(ElementStorageException.class);
      simulated.inject(FaultPlan.builder().answer(2, StatusWord.triesLeft(7)).build());
      assertThatThrownBy(() -> element.login(Stored.pin(Stored.USER_PIN)))
          .isInstanceOfSatisfying(
              AuthenticationFailedException.class,
              e -> assertThat(e.attemptsRemaining()).isEqualTo(7));
      assertThat(element.status().userTriesLeft()).isEqualTo(5);
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void powerLossEndsTheSessionAndNothingElse(Way way) throws Exception {
    try (SecureElement element = initialized(way);
        ElementSession session = element.login(Stored.pin(Stored.USER_PIN))) {
      simulated.inject(FaultPlan.builder().powerLossAtWrite(1, 100).build());
      assertThatThrownBy(() -> element.login(Stored.pin("wrong")))
          .isInstanceOf(ElementRemovedException.class);
      assertThatThrownBy(() -> session.grub(Stored.VOLUME, request()))
          .isInstanceOf(ElementRemovedException.class);
      simulated.inject(FaultPlan.none());
      simulated.powerOn();
      assertThatThrownBy(() -> session.grub(Stored.VOLUME, request()))
          .isInstanceOf(ElementRemovedException.class);
      assertThat(session.isOpen()).isFalse();
      assertThat(session.loss()).containsInstanceOf(ElementRemovedException.class);
      try (ElementSession again = element.login(Stored.pin(Stored.USER_PIN))) {
        assertThat(again.grub(Stored.VOLUME, request())).hasSize(1);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aPulledElementIsGoneUntilItIsBack(Way way) throws Exception {
    List<TransportEvent> events = new ArrayList<>();
    simulated.listen(events::add);
    try (SecureElement element = initialized(way);
        ElementSession session = element.login(Stored.pin(Stored.USER_PIN))) {
      simulated.pull();
      assertThatThrownBy(() -> session.random(1)).isInstanceOf(ElementRemovedException.class);
      assertThatThrownBy(element::status).isInstanceOf(ElementNotFoundException.class);
      simulated.insert();
      assertThat(element.status().initialized()).isTrue();
      assertThatThrownBy(() -> session.grub(Stored.VOLUME, request()))
          .isInstanceOf(ElementRemovedException.class);
    }
    assertThat(events).containsExactly(TransportEvent.LEFT, TransportEvent.ARRIVED);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aSlowElementTakesItsTime(Way way) throws Exception {
    try (SecureElement element = initialized(way);
        ElementSession session = element.login(Stored.pin(Stored.USER_PIN))) {
      simulated.inject(FaultPlan.builder().delay(Duration.ofMillis(5)).wire(1_000_000).build());
      long before = System.nanoTime();
      session.random(7168);
      session.random(1);
      assertThat(Duration.ofNanos(System.nanoTime() - before))
          .isGreaterThanOrEqualTo(Duration.ofMillis(17));
    }
  }

  private static List<GrubRequest> request() {
    return List.of(GrubRequest.existing(Stored.UID, Stored.RND, 0));
  }
}
