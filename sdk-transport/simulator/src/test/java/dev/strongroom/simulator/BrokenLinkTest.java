// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.testkit.FaultyTransport;
import dev.strongroom.core.testkit.FaultyTransport.Fault;
import dev.strongroom.core.transport.ElementRemovedException;
import dev.strongroom.core.transport.FrameException;
import dev.strongroom.core.transport.LinkLostException;
import dev.strongroom.core.transport.TransportException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BrokenLinkTest {

  @ParameterizedTest
  @EnumSource(Fault.class)
  void aBrokenLinkEndsTheSessionsAndNotTheElement(Fault fault) throws Exception {
    SimulatedElement simulated = Stored.simulated(MemoryElementStore.of(Stored.initialized()));
    FaultyTransport link = FaultyTransport.around(simulated);
    try (SecureElement element = SecureElement.open(link)) {
      ElementSession session = element.login(Stored.pin(Stored.USER_PIN));
      link.failAt(1, fault);
      assertThatThrownBy(() -> session.grub(Stored.VOLUME, request()))
          .isInstanceOf(TransportException.class);
      if (fault == Fault.CUT_RESPONSE) {
        // The link still stands: only that answer was malformed.
        assertThat(session.grub(Stored.VOLUME, request())).hasSize(1);
        return;
      }
      assertThatThrownBy(() -> session.grub(Stored.VOLUME, request()))
          .isInstanceOf(ElementRemovedException.class);
      try (ElementSession again = element.login(Stored.pin(Stored.USER_PIN))) {
        assertThat(again.grub(Stored.VOLUME, request())).hasSize(1);
        session.close();
        assertThat(again.grub(Stored.VOLUME, request())).hasSize(1);
      }
    }
  }

  @Test
  void theErrorSaysWhetherTheCommandMayHaveBeenExecuted() throws Exception {
    SimulatedElement simulated = Stored.simulated(new MemoryElementStore());
    FaultyTransport link = FaultyTransport.around(simulated);
    try (SecureElement element = SecureElement.open(link)) {
      link.failAt(2, Fault.RESPONSE_LOST);
      assertThatThrownBy(
              () ->
                  element.initialize(
                      Stored.pin(Stored.USER_PIN), Stored.pin(Stored.ADMINISTRATOR_PIN)))
          .isInstanceOfSatisfying(
              LinkLostException.class,
              e -> assertThat(e.outcome()).isEqualTo(LinkLostException.Outcome.UNKNOWN));
      assertThat(element.status().initialized()).isTrue();
      link.failAt(1, Fault.COMMAND_LOST);
      assertThatThrownBy(element::status)
          .isInstanceOfSatisfying(
              LinkLostException.class,
              e -> assertThat(e.outcome()).isEqualTo(LinkLostException.Outcome.NOT_EXECUTED));
      link.failAt(1, Fault.RUNTIME_EXCEPTION);
      assertThatThrownBy(element::status)
          .isInstanceOfSatisfying(
              LinkLostException.class,
              e -> {
                assertThat(e.outcome()).isEqualTo(LinkLostException.Outcome.UNKNOWN);
                assertThat(e).hasCauseInstanceOf(IllegalStateException.class);
              });
      link.failAt(1, Fault.SHORT_RESPONSE);
      assertThatThrownBy(element::status).isInstanceOf(FrameException.class);
      // No command was sent twice: the one try of this wrong PIN is the only one.
      link.failAt(2, Fault.RESPONSE_LOST);
      assertThatThrownBy(() -> element.login(Stored.pin("wrong")))
          .isInstanceOf(LinkLostException.class);
      assertThat(element.status().userTriesLeft()).isEqualTo(4);
    }
  }

  private static List<GrubRequest> request() {
    return List.of(GrubRequest.existing(Stored.UID, Stored.RND, 0));
  }
}
