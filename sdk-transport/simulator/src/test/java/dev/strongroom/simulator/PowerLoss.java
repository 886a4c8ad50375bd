// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.transport.ElementRemovedException;

/** Power fails at every store write of some work, with nothing, a part or all of it written. */
final class PowerLoss {

  private static final int[] KEPT = {
    0, 1, 16, 50, 112, 300, 512, 1000, 1200, 2000, 2500, 4096, 16_383, 16_384, Integer.MAX_VALUE
  };

  /** How many ways power fails at each write. */
  static final int WAYS = KEPT.length;

  interface Work {
    void on(SecureElement element) throws StrongroomException;
  }

  interface Check {
    void on(MemoryElementStore store, SecureElement element, String where) throws Exception;
  }

  private PowerLoss() {}

  /** Does the work with power failing once, checks what is left; gives the number of failures. */
  static int atEachWrite(byte[] content, Work work, Check check) throws Exception {
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
}
