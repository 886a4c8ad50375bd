// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.LifeCycle;
import dev.strongroom.core.device.VersionSlot;
import dev.strongroom.core.transport.ElementRemovedException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Power fails at every store write of a command that changes records, and of what follows it. */
class KeyRecordsCrashTest {

  private static final int AREA = 36_864;
  private static final int[] KEPT = {0, 1, 1200, 4095, Integer.MAX_VALUE};
  private static final Bytes ROOT = Bytes.parse("11".repeat(32));
  private static final VersionSlot NONE = VersionSlot.none(Stored.VOLUME);

  private static byte[] before = {};

  @BeforeAll
  static void makeOne() throws Exception {
    MemoryElementStore store = MemoryElementStore.of(Stored.initialized());
    try (KeyedElement element = KeyedElement.open(store, 6)) {
      element.put(KeyedElement.records(0, 180));
    }
    before = store.content();
  }

  private interface Work {
    void on(KeyedElement element) throws StrongroomException;
  }

  private interface Check {
    void on(MemoryElementStore left, String where) throws Exception;
  }

  /** Gives the number of writes. */
  private static int atEachWrite(Work work, Check check) throws Exception {
    for (int write = 1; ; write++) {
      for (int kept : KEPT) {
        String where = "power lost at write " + write + " after " + kept + " bytes";
        MemoryElementStore store = MemoryElementStore.of(before);
        try (KeyedElement element = KeyedElement.open(store, 6)) {
          element.application().inject(FaultPlan.builder().powerLossAtWrite(write, kept).build());
          if (!fails(element, work)) {
            return write - 1;
          }
        }
        againInRecovery(store.content(), check, where);
        check.on(store, where);
      }
    }
  }

  private static void againInRecovery(byte[] left, Check check, String where) throws Exception {
    for (int write = 1; ; write++) {
      MemoryElementStore store = MemoryElementStore.of(left);
      try (KeyedElement element = KeyedElement.on(store, 6)) {
        element.application().inject(FaultPlan.builder().powerLossAtWrite(write, 700).build());
        if (!fails(element, each -> logInIfThereAreSecrets(each))) {
          return;
        }
      }
      check.on(store, where + ", and in recovery at write " + write);
    }
  }

  private static void logInIfThereAreSecrets(KeyedElement element) throws StrongroomException {
    if (element.application().status().lifeCycle() != LifeCycle.BLANK) {
      element.login(Stored.USER_PIN);
    }
  }

  private static boolean fails(KeyedElement element, Work work) throws StrongroomException {
    try {
      work.on(element);
      return false;
    } catch (ElementRemovedException e) {
      return true;
    }
  }

  /** Places with anything but zeros in them. */
  private static int filledPlaces(MemoryElementStore store) {
    byte[] content = store.content();
    int filled = 0;
    for (int at = AREA; at < content.length; at += 4096) {
      boolean zero = true;
      for (int i = at; i < Math.min(content.length, at + 4096); i++) {
        zero &= content[i] == 0;
      }
      filled += zero ? 0 : 1;
    }
    return filled;
  }

  private static void requireAllOrNothing(MemoryElementStore left, String where, int changed)
      throws Exception {
    try (KeyedElement element = KeyedElement.open(left, 6)) {
      List<VersionSlot> versions =
          element.application().read(element.login(), state -> state.versions().list());
      int version = versions.isEmpty() ? 0 : 3;
      assertThat(element.size()).as(where).isEqualTo(180);
      for (int i = 0; i < 180; i += 15) {
        int expected = i % (180 / changed) == 0 ? version : 0;
        assertThat(element.find(KeyedElement.id(i)))
            .as("record %d, %s", i, where)
            .contains(Bytes.copyOf(KeyedElement.record(i, expected)));
      }
      assertThat(filledPlaces(left)).as(where).isEqualTo(4);
      element.put(KeyedElement.record(0, 9));
    }
    try (KeyedElement element = KeyedElement.open(left, 6)) {
      assertThat(element.find(KeyedElement.id(0)))
          .as(where)
          .contains(Bytes.copyOf(KeyedElement.record(0, 9)));
    }
  }

  private static Work replacing(int changed) {
    return element ->
        element
            .application()
            .change(
                element.login(),
                state -> {
                  for (int i = 0; i < 180; i += 180 / changed) {
                    state.recordChange().put(KeyedElement.record(i, 3));
                  }
                  state.setVersions(state.versions().advanced(NONE, ROOT));
                  return state;
                });
  }

  @Test
  void aRecordAndAVersionChangeTogetherOrNotAtAll() throws Exception {
    int writes = atEachWrite(replacing(1), (left, where) -> requireAllOrNothing(left, where, 1));
    // The page, the two copies, the zeros.
    assertThat(writes).isEqualTo(4);
  }

  @Test
  void recordsOfMorePagesThanAreFreeChangeTogetherOrNotAtAll() throws Exception {
    int writes = atEachWrite(replacing(4), (left, where) -> requireAllOrNothing(left, where, 4));
    // The pending page and two copies; three times page, copies and zeros; zeros.
    assertThat(writes).isEqualTo(3 + 3 * 4 + 1);
  }

  @Test
  void aWipedElementHasNoPageLeftOrEverything() throws Exception {
    int writes =
        atEachWrite(
            element -> element.application().wipe(Stored.pin(Stored.ADMINISTRATOR_PIN)),
            (left, where) -> {
              boolean blank;
              try (KeyedElement element = KeyedElement.on(left, 6)) {
                blank = element.application().status().lifeCycle() == LifeCycle.BLANK;
              }
              if (blank) {
                assertThat(filledPlaces(left)).as(where).isZero();
              } else {
                try (KeyedElement element = KeyedElement.open(left, 6)) {
                  assertThat(element.size()).as(where).isEqualTo(180);
                }
              }
            });
    // The try, the two copies, four pages.
    assertThat(writes).isEqualTo(3 + 4);
  }
}
