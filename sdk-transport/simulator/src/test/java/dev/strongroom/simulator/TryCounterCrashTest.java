// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.device.AuthenticationFailedException;
import dev.strongroom.core.device.ConditionsNotSatisfiedException;
import dev.strongroom.core.device.ReceiveNotFoundException;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.device.VersionSlotNotFoundException;
import dev.strongroom.core.transport.ElementRemovedException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** For every command with a PIN: a try is counted before the PIN is looked at, and never lost. */
class TryCounterCrashTest {

  private static final String WRONG = "a wrong PIN";

  @ParameterizedTest
  @EnumSource
  void aWrongPinCostsItsTryWheneverPowerFails(PinCommand command) throws Exception {
    byte[] before = store(command);
    int most = tries(command, before);
    int states =
        PowerLoss.atEachWrite(
            before,
            element -> {
              try {
                command.on(element, WRONG);
                throw new AssertionError("a wrong PIN was accepted");
              } catch (AuthenticationFailedException e) {
                assertThat(e.role()).isEqualTo(command.role());
                assertThat(e.attemptsRemaining()).isEqualTo(most - 1);
              }
            },
            (store, element, where) ->
                assertThat(command.triesLeft(element)).as(where).isBetween(most - 1, most));
    // The count itself; a write less kept than this one would be a try for nothing.
    assertThat(states).isEqualTo((command.writesBefore() + 1) * PowerLoss.WAYS);
  }

  @ParameterizedTest
  @EnumSource
  void aTryIsOnTheMediumBeforeAnythingThatTellsRightFromWrong(PinCommand command) throws Exception {
    // Whoever cuts the power at the first write that a right PIN makes has paid for it.
    byte[] before = store(command);
    int most = tries(command, before);
    MemoryElementStore store = MemoryElementStore.of(before);
    SimulatedElement simulated = Stored.simulated(store);
    int secondWrite = command.writesBefore() + 2;
    try (SecureElement element = SecureElement.open(simulated)) {
      simulated.inject(FaultPlan.builder().powerLossAtWrite(secondWrite, 0).build());
      assertThat(PinCommand.failing(() -> command.on(element, pin(command))))
          .isInstanceOf(ElementRemovedException.class);
    }
    assertThat(tries(command, store.content())).isEqualTo(most - 1);
  }

  @ParameterizedTest
  @EnumSource
  void aRightPinSetsItsCounterBackThoughTheCommandBeRefused(PinCommand command) throws Exception {
    byte[] before = store(command);
    int most = tries(command, before);
    MemoryElementStore store = MemoryElementStore.of(before);
    try (SecureElement element = Stored.open(store)) {
      assertThat(PinCommand.failing(() -> command.on(element, WRONG)))
          .isInstanceOf(AuthenticationFailedException.class);
      assertThat(command.triesLeft(element)).isEqualTo(most - 1);
      switch (command) {
        case RELEASE_VERSION ->
            assertThat(PinCommand.failing(() -> command.on(element, pin(command))))
                .isInstanceOf(VersionSlotNotFoundException.class);
        case FORGET_SENDER ->
            assertThat(PinCommand.failing(() -> command.on(element, pin(command))))
                .isInstanceOf(ReceiveNotFoundException.class);
        case SET_TRUST_ANCHOR -> {
          command.on(element, pin(command));
          assertThat(PinCommand.failing(() -> command.on(element, WRONG)))
              .isInstanceOf(AuthenticationFailedException.class);
          assertThat(PinCommand.failing(() -> command.on(element, pin(command))))
              .isInstanceOf(ConditionsNotSatisfiedException.class);
        }
        default -> command.on(element, pin(command));
      }
      assertThat(command.triesLeft(element)).isEqualTo(most);
    }
  }

  private static byte[] store(PinCommand command) throws Exception {
    if (command != PinCommand.IMPORT_SECRET) {
      return Stored.initialized();
    }
    MemoryElementStore store = new MemoryElementStore();
    try (SecureElement element = Stored.open(store)) {
      element.initializeTwin(Stored.pin(Stored.USER_PIN), Stored.pin(Stored.ADMINISTRATOR_PIN));
    }
    return store.content();
  }

  private static int tries(PinCommand command, byte[] content) throws Exception {
    try (SecureElement element = Stored.open(content)) {
      return command.triesLeft(element);
    }
  }

  private static String pin(PinCommand command) {
    return switch (command.role()) {
      case USER -> Stored.USER_PIN;
      case ADMINISTRATOR -> Stored.ADMINISTRATOR_PIN;
    };
  }
}
