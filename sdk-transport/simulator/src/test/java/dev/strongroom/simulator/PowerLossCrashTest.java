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

  private static final int[] KEPT = {
    0, 1, 16, 50, 112, 300, 512, 1000, 1200, 4096, 16_383, 16_384, Integer.MAX_VALUE
  };
  private static final String NEW_PIN = "a new user PIN";

  private static byte[] before = {};
  private static List<Bytes> keys = List.of();

  private interface Work {
    void on(SecureElement element) throws StrongroomException;
  }

  private interface Check {
    void on(MemoryElementStore store, SecureElement element, String where) throws Exception;
  }

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
        forEachLoss(
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
    assertThat(states).isEqualTo(2 * KEPT.length);
  }

  @Test
  void loggingInCostsAtMostOneTry() throws Exception {
    int states =
        forEachLoss(
            before,
            element -> element.login(Stored.pin(Stored.USER_PIN)).close(),
            (store, element, where) -> {
              assertThat(element.status().userTriesLeft()).as(where).isBetween(4, 5);
              assertThat(Stored.keys(element, Stored.USER_PIN)).as(where).isEqualTo(keys);
              assertThat(element.status().userTriesLeft()).as(where).isEqualTo(5);
            });
    assertThat(states).isEqualTo(2 * KEPT.length);
  }

  @Test
  void losingPowerNeverGivesATryBack() throws Exception {
    byte[] state = before;
    for (int left = 4; left >= 0; left--) {
      int now = left;
      forEachLoss(
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
        forEachLoss(
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
    assertThat(states).isEqualTo(3 * KEPT.length);
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
        forEachLoss(
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
    assertThat(states).isEqualTo(3 * KEPT.length);
  }

  private static int forEachLoss(byte[] content, Work work, Check check) throws Exception {
    int states = 0;
    for (int write = 1; ; write++) {
      boolean reached = false;
      for (int kept : KEPT) {
        String where = "power lost at write " + write + " after " + kept + " bytes";
        MemoryElementStore store = MemoryElementStore.of(content);
        SimulatedElement simulated = Stored.simulated(store);
        try (SecureElement element = SecureElement.open(simulated)) {
          simulated.inject(FaultPlan.builder().powerLossAtWrite(write, kept).build());
          work.on(element);
        } catch (ElementRemovedException e) {
          reached = true;
          states++;
          checkRecovery(store.content(), check, where);
        }
      }
      if (!reached) {
        return states;
      }
    }
  }

  /** Also loses power at each write of the recovery itself. */
  private static void checkRecovery(byte[] left, Check check, String where) throws Exception {
    for (int write = 1; ; write++) {
      MemoryElementStore store = MemoryElementStore.of(left);
      SimulatedElement simulated = Stored.simulated(store);
      boolean again = false;
      try (SecureElement element = SecureElement.open(simulated)) {
        simulated.inject(FaultPlan.builder().powerLossAtWrite(write, 600).build());
        element.status();
      } catch (ElementRemovedException e) {
        again = true;
      }
      MemoryElementStore last = MemoryElementStore.of(again ? store.content() : left);
      try (SecureElement element = Stored.open(last)) {
        check.on(last, element, again ? where + ", and in recovery at write " + write : where);
      }
      if (!again) {
        return;
      }
    }
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
