// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.AuthenticationFailedException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.Role;
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

  private final SimulatedElement simulated;
  private final FaultyTransport link;

  BrokenLinkTest() throws Exception {
    simulated = Stored.simulated(MemoryElementStore.of(Stored.initialized()));
    link = FaultyTransport.around(simulated);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"RESPONSE_LOST", "RUNTIME_EXCEPTION", "SHORT_RESPONSE", "RESET"})
  void aBrokenLinkEndsTheSessionsAndNotTheElement(Fault fault) throws Exception {
    try (SecureElement element = SecureElement.open(link)) {
      ElementSession session = element.login(Stored.pin(Stored.USER_PIN));
      link.failAt(1, fault);
      assertThatThrownBy(() -> session.grub(Stored.VOLUME, request()))
          .isInstanceOf(TransportException.class);
      assertThatThrownBy(() -> session.grub(Stored.VOLUME, request()))
          .isInstanceOf(ElementRemovedException.class);
      assertThat(session.isOpen()).isFalse();
      try (ElementSession again = element.login(Stored.pin(Stored.USER_PIN))) {
        assertThat(again.grub(Stored.VOLUME, request())).hasSize(1);
        session.close();
        assertThat(again.grub(Stored.VOLUME, request())).hasSize(1);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"CUT_RESPONSE", "LONG_RESPONSE"})
  void aMalformedAnswerOnALinkThatStandsIsThatCommandsAlone(Fault fault) throws Exception {
    try (SecureElement element = SecureElement.open(link);
        ElementSession session = element.login(Stored.pin(Stored.USER_PIN))) {
      link.failAt(1, fault);
      assertThatThrownBy(() -> session.grub(Stored.VOLUME, request()))
          .isInstanceOf(FrameException.class);
      assertThat(session.grub(Stored.VOLUME, request())).hasSize(1);
    }
  }

  @Test
  void whatTheElementCertainlyDidNotGetIsSentAgainTwice() throws Exception {
    try (SecureElement element = SecureElement.open(link);
        ElementSession session = element.login(Stored.pin(Stored.USER_PIN))) {
      link.failAt(1, Fault.COMMAND_LOST, 2);
      long before = simulated.commandCount();
      assertThat(session.grub(Stored.VOLUME, request())).hasSize(1);
      assertThat(simulated.commandCount() - before).isEqualTo(1);
      link.failAt(1, Fault.COMMAND_LOST, 2);
      assertThatThrownBy(() -> element.verify(Role.USER, Stored.pin("wrong")))
          .isInstanceOf(AuthenticationFailedException.class);
      assertThat(element.status().userTriesLeft()).isEqualTo(4);
      link.failAt(1, Fault.COMMAND_LOST, 3);
      assertThatThrownBy(() -> session.grub(Stored.VOLUME, request()))
          .isInstanceOfSatisfying(
              LinkLostException.class,
              e -> assertThat(e.outcome()).isEqualTo(LinkLostException.Outcome.NOT_EXECUTED));
      assertThat(link.isPending()).isFalse();
    }
  }

  @Test
  void aQuestionIsAskedAgainUnlessThatEndsALogin() throws Exception {
    try (SecureElement element = SecureElement.open(link)) {
      assertThat(element.status().userTriesLeft()).isEqualTo(5);
      link.failAt(2, Fault.RESPONSE_LOST, 2);
      assertThat(element.status().userTriesLeft()).isEqualTo(5);
      assertThat(link.isPending()).isFalse();
      // The question once, then what leads to it three times.
      link.failAt(1, Fault.RESPONSE_LOST, 4);
      assertThatThrownBy(element::status).isInstanceOf(LinkLostException.class);
      assertThat(link.isPending()).isFalse();
      try (ElementSession session = element.login(Stored.pin(Stored.USER_PIN))) {
        link.failAt(2, Fault.RESPONSE_LOST);
        assertThatThrownBy(element::status).isInstanceOf(LinkLostException.class);
        assertThatThrownBy(() -> session.random(1)).isInstanceOf(ElementRemovedException.class);
      }
    }
  }

  @Test
  void nothingElseIsSentTwice() throws Exception {
    try (SecureElement element = SecureElement.open(link)) {
      for (int left = 4; left > 2; left--) {
        assertThat(element.info().protocolMajor()).isEqualTo(1);
        link.failAt(2, Fault.RESPONSE_LOST);
        assertThatThrownBy(() -> element.verify(Role.USER, Stored.pin("wrong")))
            .isInstanceOfSatisfying(
                LinkLostException.class,
                e -> assertThat(e.outcome()).isEqualTo(LinkLostException.Outcome.UNKNOWN));
        assertThat(element.status().userTriesLeft()).isEqualTo(left);
      }
      ElementSession session = element.login(Stored.pin(Stored.USER_PIN));
      long before = simulated.commandCount();
      link.failAt(1, Fault.RESPONSE_LOST);
      assertThatThrownBy(() -> session.grub(Stored.VOLUME, request()))
          .isInstanceOf(LinkLostException.class);
      assertThat(simulated.commandCount() - before).isEqualTo(1);
    }
  }

  @Test
  void theErrorSaysWhetherTheCommandMayHaveBeenExecuted() throws Exception {
    SimulatedElement blank = Stored.simulated(new MemoryElementStore());
    FaultyTransport faulty = FaultyTransport.around(blank);
    try (SecureElement element = SecureElement.open(faulty)) {
      // After MANAGE CHANNEL and SELECT.
      faulty.failAt(3, Fault.RESPONSE_LOST);
      assertThatThrownBy(
              () ->
                  element.initialize(
                      Stored.pin(Stored.USER_PIN), Stored.pin(Stored.ADMINISTRATOR_PIN)))
          .isInstanceOfSatisfying(
              LinkLostException.class,
              e -> assertThat(e.outcome()).isEqualTo(LinkLostException.Outcome.UNKNOWN));
      assertThat(element.status().initialized()).isTrue();
      faulty.failAt(1, Fault.RUNTIME_EXCEPTION, 4);
      assertThatThrownBy(element::status)
          .isInstanceOfSatisfying(
              LinkLostException.class,
              e -> {
                assertThat(e.outcome()).isEqualTo(LinkLostException.Outcome.UNKNOWN);
                assertThat(e).hasCauseInstanceOf(IllegalStateException.class);
              });
      faulty.failAt(1, Fault.SHORT_RESPONSE);
      assertThatThrownBy(element::status).isInstanceOf(FrameException.class);
    }
  }

  private static List<GrubRequest> request() {
    return List.of(GrubRequest.existing(Stored.UID, Stored.RND, 0));
  }
}
