// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.AuthenticationFailedException;
import dev.strongroom.core.device.ElementStatus;
import dev.strongroom.core.device.PinBlockedException;
import dev.strongroom.core.device.Role;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.transport.ElementRemovedException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Power fails at every store write of every command, with nothing, a part or all of it written. */
class PowerLossCrashTest {

  private static final String NEW_PIN = "a new user PIN";

  private static byte[] before = {};
  private static List<Bytes> keys = List.of();

  @BeforeAll
  static void makeOne() throws Exception {
    before = Stored.initialized();
    try (SecureElement element = Stored.open(before)) {
      keys = Stored.keys(element, Stored.USER_PIN);
    }
  }

  @Test
  void initializingLeavesABlankElementOrAWholeOne() throws Exception {
    int states =
        PowerLoss.atEachWrite(
            new byte[0],
            element ->
                element.initialize(
                    Stored.pin(Stored.USER_PIN), Stored.pin(Stored.ADMINISTRATOR_PIN)),
            (store, element, where) -> {
              if (!element.status().initialized()) {
                element.initialize(
                    Stored.pin(Stored.USER_PIN), Stored.pin(Stored.ADMINISTRATOR_PIN));
              }
              assertThat(Stored.keys(element, Stored.USER_PIN)).as(where).hasSize(2);
              element.unblock(Stored.pin(Stored.ADMINISTRATOR_PIN), Stored.pin(NEW_PIN));
            });
    assertThat(states).isEqualTo(2 * PowerLoss.WAYS);
  }

  @Test
  void loggingInCostsAtMostOneTry() throws Exception {
    int states =
        PowerLoss.atEachWrite(
            before,
            element -> element.login(Stored.pin(Stored.USER_PIN)).close(),
            (store, element, where) -> {
              assertThat(element.status().userTriesLeft()).as(where).isBetween(4, 5);
              assertThat(Stored.keys(element, Stored.USER_PIN)).as(where).isEqualTo(keys);
              assertThat(element.status().userTriesLeft()).as(where).isEqualTo(5);
            });
    assertThat(states).isEqualTo(2 * PowerLoss.WAYS);
  }

  @Test
  void losingPowerNeverGivesATryBack() throws Exception {
    byte[] state = before;
    for (int left = 4; left >= 0; left--) {
      int now = left;
      PowerLoss.atEachWrite(
          state,
          element -> wrongPin(element),
          (store, element, where) -> {
            ElementStatus status = element.status();
            assertThat(status.userTriesLeft()).as(where).isBetween(now, now + 1);
            if (status.userTriesLeft() == 0) {
              ElementImage image = Stored.image(store.content());
              assertThat(image.userSlot()).as(where).isNull();
              Bytes erased = slotOf(before, Role.USER);
              assertThat(Stored.contains(store.content(), erased.toByteArray()))
                  .as(where)
                  .isFalse();
            }
          });
      MemoryElementStore store = MemoryElementStore.of(state);
      try (SecureElement element = Stored.open(store)) {
        wrongPin(element);
      }
      state = store.content();
    }
  }

  @Test
  void aTryIsOnTheMediumBeforeThePinIsLookedAt() throws Exception {
    // Whatever answer an attacker sees before cutting the power, the try is gone.
    MemoryElementStore store = MemoryElementStore.of(before);
    SimulatedElement simulated = Stored.simulated(store);
    try (SecureElement element = SecureElement.open(simulated)) {
      simulated.inject(FaultPlan.builder().powerLossAtWrite(2, 0).build());
      element.login(Stored.pin(Stored.USER_PIN)).close();
    } catch (ElementRemovedException e) {
      assertThat(e.element()).isEqualTo(simulated.name());
    }
    try (SecureElement element = Stored.open(store.content())) {
      assertThat(element.status().userTriesLeft()).isEqualTo(4);
    }
  }

  @Test
  void changingAPinLeavesTheOldOneOrTheNewOne() throws Exception {
    Bytes oldSlot = slotOf(before, Role.USER);
    int states =
        PowerLoss.atEachWrite(
            before,
            element ->
                element.changePin(Role.USER, Stored.pin(Stored.USER_PIN), Stored.pin(NEW_PIN)),
            (store, element, where) -> {
              element.status();
              // Before a login overwrites more of the store.
              if (!slotOf(store.content(), Role.USER).equals(oldSlot)) {
                assertThat(Stored.contains(store.content(), oldSlot.toByteArray()))
                    .as("the old slot has gone, " + where)
                    .isFalse();
                assertThat(Stored.keys(element, NEW_PIN)).as(where).isEqualTo(keys);
                assertThat(loginWorks(element, Stored.USER_PIN)).as(where).isFalse();
              } else {
                assertThat(Stored.keys(element, Stored.USER_PIN)).as(where).isEqualTo(keys);
              }
            });
    assertThat(states).isEqualTo(3 * PowerLoss.WAYS);
  }

  @Test
  void unblockingLeavesABlockedPinOrTheNewOne() throws Exception {
    MemoryElementStore blocked = MemoryElementStore.of(before);
    try (SecureElement element = Stored.open(blocked)) {
      for (int i = 0; i < 5; i++) {
        wrongPin(element);
      }
    }
    int states =
        PowerLoss.atEachWrite(
            blocked.content(),
            element -> element.unblock(Stored.pin(Stored.ADMINISTRATOR_PIN), Stored.pin(NEW_PIN)),
            (store, element, where) -> {
              if (element.status().userTriesLeft() == 0) {
                assertThat(element.status().administratorTriesLeft()).as(where).isBetween(9, 10);
                element.unblock(Stored.pin(Stored.ADMINISTRATOR_PIN), Stored.pin(NEW_PIN));
              }
              assertThat(Stored.keys(element, NEW_PIN)).as(where).isEqualTo(keys);
              assertThat(element.status().administratorTriesLeft()).as(where).isEqualTo(10);
            });
    assertThat(states).isEqualTo(3 * PowerLoss.WAYS);
  }

  private static void wrongPin(SecureElement element) throws StrongroomException {
    try {
      element.login(Stored.pin("wrong")).close();
      throw new AssertionError("a wrong PIN was accepted");
    } catch (AuthenticationFailedException e) {
      assertThat(e.role()).isEqualTo(Role.USER);
    }
  }

  private static boolean loginWorks(SecureElement element, String pin) throws Exception {
    try {
      element.login(Stored.pin(pin)).close();
      return true;
    } catch (AuthenticationFailedException | PinBlockedException e) {
      return false;
    }
  }

  private static Bytes slotOf(byte[] content, Role role) {
    PinSlot slot = Stored.image(content).slot(role);
    if (slot == null) {
      throw new AssertionError("no slot");
    }
    // Its salt, nonce and wrapped key: what nothing else has in common with it.
    return Bytes.copyOf(slot.content().toByteArray(), 16, 76);
  }
}
