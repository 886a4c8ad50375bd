// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.AlreadyReceivedException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.ReceiveId;
import dev.strongroom.core.device.ReceiveRegister;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.core.transport.ElementRemovedException;
import dev.strongroom.core.transport.LinkLostException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Power fails at every store write of every command that changes the receive register. */
class ReceiveCrashTest {

  private static final Bytes ALICE = Bytes.parse("a1".repeat(16));
  private static final Bytes BOB = Bytes.parse("b0".repeat(16));
  private static final ReceiveId DONE = new ReceiveId(ALICE, 1, Bytes.parse("01".repeat(16)));
  private static final ReceiveId PENDING = new ReceiveId(ALICE, 2, Bytes.parse("02".repeat(16)));
  private static final ReceiveId NEW = new ReceiveId(BOB, 1, Bytes.parse("03".repeat(16)));

  private static byte[] before = {};
  private static ReceiveRegister register = ReceiveRegister.EMPTY;

  @BeforeAll
  static void makeOne() throws Exception {
    MemoryElementStore store = MemoryElementStore.of(Stored.initialized());
    try (SecureElement element = Stored.open(store);
        ElementSession session = element.login(Stored.pin(Stored.USER_PIN))) {
      ElementCard card = element.card();
      Received.begin(session, card, DONE).close();
      session.endReceive(DONE);
      Received.begin(session, card, PENDING).close();
      register = session.receiveRegister();
    }
    before = store.content();
  }

  private interface SessionWork {
    void on(SecureElement element, ElementSession session) throws StrongroomException;
  }

  private static PowerLoss.Work onSession(SessionWork work) {
    return element -> {
      try (ElementSession session = element.login(Stored.pin(Stored.USER_PIN))) {
        work.on(element, session);
      }
    };
  }

  private static void receiveWhole(SecureElement element, ReceiveId id) throws Exception {
    try (ElementSession session = element.login(Stored.pin(Stored.USER_PIN))) {
      Received.begin(session, element.card(), id).close();
      session.endReceive(id);
      session.endReceive(id);
      assertThat(PinCommand.failing(() -> Received.begin(session, element.card(), id)))
          .isInstanceOf(AlreadyReceivedException.class);
      assertThat(PinCommand.failing(() -> Received.begin(session, element.card(), DONE)))
          .isInstanceOf(AlreadyReceivedException.class);
    }
  }

  private static ReceiveRegister registerOf(SecureElement element) throws Exception {
    try (ElementSession session = element.login(Stored.pin(Stored.USER_PIN))) {
      return session.receiveRegister();
    }
  }

  @Test
  void whatHasBegunIsPendingOrWasNeverBegun() throws Exception {
    int states =
        PowerLoss.atEachWrite(
            before,
            onSession((element, session) -> Received.begin(session, element.card(), NEW).close()),
            (store, element, where) -> {
              ReceiveRegister now = registerOf(element);
              assertThat(now.pending()).as(where).isIn(List.of(PENDING), List.of(PENDING, NEW));
              assertThat(now.sender(BOB).isPresent()).as(where).isEqualTo(now.isPending(NEW));
              receiveWhole(element, NEW);
              receiveWhole(element, PENDING);
            });
    // Two writes of the login, one of the change.
    assertThat(states).isEqualTo(3 * PowerLoss.WAYS);
  }

  @Test
  void theSecretIsNotGivenBeforeItsIdIsNoted() throws Exception {
    MemoryElementStore store = MemoryElementStore.of(before);
    SimulatedElement simulated = Stored.simulated(store);
    try (SecureElement element = SecureElement.open(simulated);
        ElementSession session = element.login(Stored.pin(Stored.USER_PIN))) {
      ElementCard card = element.card();
      simulated.inject(FaultPlan.builder().powerLossAtWrite(1, 0).build());
      assertThat(PinCommand.failing(() -> Received.begin(session, card, NEW)))
          .isInstanceOf(ElementRemovedException.class);
    }
    try (SecureElement element = Stored.open(store.content())) {
      assertThat(registerOf(element)).isEqualTo(register);
    }
  }

  @Test
  void whatIsDoneIsDoneOrStillPending() throws Exception {
    int states =
        PowerLoss.atEachWrite(
            before,
            onSession((element, session) -> session.endReceive(PENDING)),
            (store, element, where) -> {
              ReceiveRegister now = registerOf(element);
              assertThat(now.isPending(PENDING)).as(where).isNotEqualTo(now.isTaken(PENDING));
              if (now.isPending(PENDING)) {
                receiveWhole(element, PENDING);
              } else {
                try (ElementSession session = element.login(Stored.pin(Stored.USER_PIN))) {
                  session.endReceive(PENDING);
                  assertThat(session.receiveRegister()).as(where).isEqualTo(now);
                }
              }
            });
    assertThat(states).isEqualTo(3 * PowerLoss.WAYS);
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerThatWasLostIsAskedForAgain(Reach way) throws Exception {
    MemoryElementStore store = MemoryElementStore.of(before);
    SimulatedElement simulated = Stored.simulated(store);
    try (SecureElement element = SecureElement.open(way.to(simulated))) {
      ElementCard card = element.card();
      ElementSession first = element.login(Stored.pin(Stored.USER_PIN));
      simulated.inject(FaultPlan.builder().loseResponse(1).build());
      assertThat(PinCommand.failing(() -> Received.begin(first, card, NEW)))
          .isInstanceOf(LinkLostException.class);
      ElementSession second = element.login(Stored.pin(Stored.USER_PIN));
      assertThat(second.receiveRegister().isPending(NEW)).isTrue();
      Received.begin(second, card, NEW).close();
      simulated.inject(FaultPlan.builder().loseResponse(1).build());
      assertThat(PinCommand.failing(() -> second.endReceive(NEW)))
          .isInstanceOf(LinkLostException.class);
      ElementSession third = element.login(Stored.pin(Stored.USER_PIN));
      third.endReceive(NEW);
      assertThat(third.receiveRegister().isTaken(NEW)).isTrue();
      assertThat(third.receiveRegister().pending()).containsExactly(PENDING);
    }
  }

  @Test
  void aSenderIsForgottenOrNot() throws Exception {
    int states =
        PowerLoss.atEachWrite(
            before,
            element -> element.forgetSender(Stored.pin(Stored.ADMINISTRATOR_PIN), ALICE),
            (store, element, where) -> {
              assertThat(element.status().administratorTriesLeft()).as(where).isBetween(9, 10);
              assertThat(registerOf(element)).as(where).isIn(register, ReceiveRegister.EMPTY);
            });
    assertThat(states).isEqualTo(2 * PowerLoss.WAYS);
  }

  @Test
  void wipingForgetsEverything() throws Exception {
    MemoryElementStore store = MemoryElementStore.of(before);
    try (SecureElement element = Stored.open(store)) {
      ElementCard card = element.card();
      element.wipe(Stored.pin(Stored.ADMINISTRATOR_PIN));
      element.initialize(Stored.pin(Stored.USER_PIN), Stored.pin(Stored.ADMINISTRATOR_PIN));
      assertThat(registerOf(element)).isEqualTo(ReceiveRegister.EMPTY);
      ElementCard other = element.card();
      assertThat(other.serialNumber()).isEqualTo(card.serialNumber());
      assertThat(other.signingKey()).isNotEqualTo(card.signingKey());
      card.suites()
          .forEach(suite -> assertThat(other.publicKey(suite)).isNotEqualTo(card.publicKey(suite)));
    }
  }
}
