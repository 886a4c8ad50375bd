// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator.records;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.transport.ElementRemovedException;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Power fails at every write of a change and of what follows it, and what was not synced is lost.
 */
class KeyMemoryPowerLossTest {

  private static final int WAYS = 4;

  /** Of them, those in which power fails again in the recovery. */
  private static final int RECOVERIES = 1;

  private interface Work {
    void on(TestMemory memory) throws StrongroomException;
  }

  /** Gives the number of writes. */
  private static int atEachWrite(TestMemory before, Work work) throws Exception {
    Map<Bytes, Bytes> old = before.reopened().records();
    TestMemory whole = before.reopened();
    work.on(whole);
    Map<Bytes, Bytes> changed = whole.records();
    for (int write = 1; ; write++) {
      for (int way = 0; way < WAYS; way++) {
        String where = "write " + write + ", way " + way;
        Random random = new Random(31L * write + way);
        TestMemory memory = before.reopened();
        memory.index();
        memory.failAt(write, way % 2 == 0);
        if (!fails(memory, work)) {
          return write - 1;
        }
        TestMemory left = memory.afterPowerLoss(random);
        if (way < RECOVERIES) {
          checkRecovery(left, old, changed, random, where);
        }
        TestMemory after = left.reopened();
        assertThat(after.records()).as(where).isIn(old, changed);
        requireClean(after, where);
        // And it goes on working.
        work.on(after);
        assertThat(after.reopened().records()).as(where).isEqualTo(changed);
        requireClean(after, where);
      }
    }
  }

  /** Power fails again, at each write of the recovery. */
  private static void checkRecovery(
      TestMemory left,
      Map<Bytes, Bytes> old,
      Map<Bytes, Bytes> changed,
      Random random,
      String where)
      throws Exception {
    for (int write = 1; ; write++) {
      TestMemory memory = left.reopened();
      memory.failAt(write, random.nextBoolean());
      if (!fails(memory, TestMemory::index)) {
        return;
      }
      TestMemory after = memory.afterPowerLoss(random);
      assertThat(after.records()).as("%s, in recovery at %d", where, write).isIn(old, changed);
      requireClean(after, where);
    }
  }

  private static boolean fails(TestMemory memory, Work work) throws StrongroomException {
    try {
      work.on(memory);
      return false;
    } catch (ElementRemovedException e) {
      return true;
    }
  }

  private static void requireClean(TestMemory memory, String where) throws Exception {
    memory.index();
    PageTree.Root root = PageTree.parse(memory.value());
    assertThat(root.tree().pending()).as(where).isEmpty();
    assertThat(memory.filledPlaces())
        .as("free places are zero, %s", where)
        .isEqualTo(root.pageCount() + root.tree().tables().size());
  }

  private static TestMemory filled(int places, int records) throws Exception {
    TestMemory memory = TestMemory.of(places);
    memory.put(TestMemory.records(0, records));
    return memory;
  }

  @Test
  void theFirstRecord() throws Exception {
    TestMemory empty = TestMemory.of(32);
    TestMemory memory = empty.reopened();
    for (int write = 1; write <= 2; write++) {
      memory.failAt(write, false);
      TestMemory failing = memory;
      assertThat(fails(failing, work -> work.put(TestMemory.records(0, 60)))).isTrue();
      memory = failing.afterPowerLoss(new Random(write));
      assertThat(memory.records()).isEmpty();
      assertThat(memory.filledPlaces()).isZero();
    }
    memory.put(TestMemory.records(0, 60));
    assertThat(memory.reopened().records()).hasSize(60);
  }

  @Test
  void aChangeOfAPage() throws Exception {
    // The page, the root, the zeros.
    assertThat(
            atEachWrite(
                filled(32, 1500), memory -> memory.put(TestMemory.record(TestMemory.id(70), 1))))
        .isEqualTo(3);
  }

  @Test
  void recordsComeAndGoOnSeveralPages() throws Exception {
    int writes =
        atEachWrite(
            filled(32, 260),
            memory -> {
              try (RecordChange change = new RecordChange()) {
                for (int i = 0; i < 260; i += 40) {
                  if (memory.index().find(TestMemory.id(i)).isPresent()) {
                    change.remove(TestMemory.id(i));
                  }
                }
                for (byte[] record : TestMemory.records(300, 420)) {
                  change.put(record);
                }
                memory.change(change);
              }
            });
    assertThat(writes).isGreaterThan(10);
  }

  @Test
  void aChangeThatIsNotedFirst() throws Exception {
    int writes =
        atEachWrite(
            filled(12, 450),
            memory -> {
              try (RecordChange change = new RecordChange()) {
                for (int i = 0; i < 9; i++) {
                  change.put(TestMemory.record(TestMemory.id(i * 50), 77));
                }
                memory.change(change);
              }
            });
    // A page and its root; of each page itself, root and zeros; zeros on the pending page.
    assertThat(writes).isEqualTo(2 + 9 * 3 + 1);
  }

  @Test
  void aNotedChangeThatMakesTheMemorySmaller() throws Exception {
    atEachWrite(
        filled(7, 210),
        memory -> {
          try (RecordChange change = new RecordChange()) {
            for (int i = 200; i < 210; i++) {
              if (memory.index().find(TestMemory.id(i)).isPresent()) {
                change.remove(TestMemory.id(i));
              }
            }
            for (int i = 0; i < 4; i++) {
              change.put(TestMemory.record(TestMemory.id(i * 50), 78));
            }
            memory.change(change);
          }
        });
  }

  @Test
  void fromPagesInTheRootToTables() throws Exception {
    TestMemory memory = filled(110, 4380);
    assertThat(memory.tree().tables()).isEmpty();
    atEachWrite(memory, each -> each.put(TestMemory.records(4380, 4410)));
    memory.put(TestMemory.records(4380, 4410));
    assertThat(memory.tree().tables()).hasSize(1);
    atEachWrite(memory, each -> each.put(TestMemory.record(TestMemory.id(5), 2)));
  }
}
