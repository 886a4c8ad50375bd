// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementFullException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is put is there, what is removed has gone, and how much there is room for. */
@Tag("jdk25")
class KeyMemoryTest {

  private static final Bytes NOTHING = Bytes.copyOf(new byte[16]);

  private static List<Bytes> scattered(int count, int step) {
    List<Bytes> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(TestMemory.id(i * step));
    }
    return ids;
  }

  private static RecordChange replaced(List<Bytes> ids, long seed) {
    RecordChange change = new RecordChange();
    ids.forEach(id -> change.put(TestMemory.record(id, seed + id.hashCode())));
    return change;
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 32, 110})
  void anySequenceOfChangesGivesTheRecordsOfATable(int places) throws Exception {
    Random random = new Random(places);
    TestMemory memory = TestMemory.of(places);
    Capacity capacity = new Capacity(places);
    Map<Bytes, Bytes> expected = new TreeMap<>();
    int refused = 0;
    for (int round = 0; round < 250; round++) {
      Map<Bytes, Bytes> next = new TreeMap<>(expected);
      try (RecordChange change = new RecordChange()) {
        int count = 1 + random.nextInt(random.nextInt(4) == 0 ? 60 : 12) * places / 32;
        boolean shrinking = round % 100 > 70;
        for (int i = 0; i < count; i++) {
          Bytes id = TestMemory.id(random.nextInt(capacity.records() + 30));
          if (expected.containsKey(id) && random.nextInt(shrinking ? 10 : 3) > 0) {
            change.remove(id);
            next.remove(id);
          } else if (!shrinking) {
            byte[] record = TestMemory.record(id, random.nextLong());
            change.put(record);
            next.put(id, Bytes.copyOf(record));
          }
        }
        if (change.isEmpty()) {
          continue;
        }
        memory.change(change);
        expected = next;
      } catch (ElementFullException e) {
        refused++;
      }
      if (round % 20 == 0) {
        memory = memory.reopened();
      }
      assertThat(memory.records()).as("round %d", round).isEqualTo(expected);
      assertThat(memory.filledPlaces())
          .as("free places are zero, round %d", round)
          .isEqualTo(memory.tree().used().cardinality() + tabled(memory));
    }
    assertThat(memory.reopened().records()).isEqualTo(expected);
    assertThat(refused).isLessThan(200);
  }

  /** The pages that the root does not name itself. */
  private static int tabled(TestMemory memory) {
    PageTree.Root root = PageTree.parse(memory.value());
    return root.pageCount() - root.tree().pages().size();
  }

  @ParameterizedTest
  @CsvSource({"32, 1500", "88, 4100", "4, 100", "2560, 119400", "16384, 764150"})
  void capacityIsAsSpecified(int places, int records) {
    assertThat(new Capacity(places).records()).isEqualTo(records);
  }

  @Test
  void thousandFiveHundredRecordsFitInto128KiBAndNotOneMore() throws Exception {
    TestMemory memory = TestMemory.of(128 / 4);
    for (int i = 0; i < 1500; i += 50) {
      memory.put(TestMemory.records(i, i + 50));
    }
    Map<Bytes, Bytes> before = memory.records();
    byte[] content = memory.content();
    assertThatThrownBy(() -> memory.put(TestMemory.records(1500, 1501)))
        .isInstanceOfSatisfying(
            ElementFullException.class,
            e -> {
              assertThat(e.limit()).isEqualTo(ElementFullException.Limit.MEMORY);
              assertThat(e.needed()).isEqualTo(1);
              assertThat(e.free()).isZero();
              assertThat(e.capacity()).isEqualTo(1500);
            });
    assertThat(memory.content()).isEqualTo(content);
    assertThat(content.length).isLessThanOrEqualTo(36_864 + 128 * 1024);
    memory.remove(TestMemory.id(7));
    memory.put(TestMemory.records(1500, 1501));
    before.remove(TestMemory.id(7));
    before.put(TestMemory.id(1500), Bytes.copyOf(TestMemory.record(TestMemory.id(1500), 1500)));
    assertThat(memory.reopened().records()).isEqualTo(before);
  }

  @Test
  void fourThousandNinetySixRecordsFitInto352KiB() throws Exception {
    TestMemory memory = TestMemory.of(352 / 4);
    memory.put(TestMemory.records(0, 4096));
    assertThat(memory.reopened().index().size()).isEqualTo(4096);
    memory.put(TestMemory.records(4096, 4100));
    assertThatThrownBy(() -> memory.put(TestMemory.records(4100, 4101)))
        .isInstanceOf(ElementFullException.class);
    assertThat(memory.content().length).isLessThanOrEqualTo(36_864 + 352 * 1024);
  }

  @Test
  void aFullMemoryTakesFiftyScatteredRecordsAtOnceAndNotFiftyOne() throws Exception {
    TestMemory memory = TestMemory.of(32);
    memory.put(TestMemory.records(0, 1500));
    try (RecordChange fifty = replaced(scattered(50, 30), 1);
        RecordChange more = replaced(scattered(51, 29), 2)) {
      Map<Bytes, Bytes> expected = memory.records();
      fifty.records().forEach((id, record) -> expected.put(id, Bytes.copyOf(record)));
      memory.change(fifty);
      assertThat(memory.records()).isEqualTo(expected);
      assertThatThrownBy(() -> memory.change(more))
          .isInstanceOfSatisfying(
              ElementFullException.class,
              e -> {
                assertThat(e.limit()).isEqualTo(ElementFullException.Limit.CHANGE);
                assertThat(e.needed()).isEqualTo(51);
                assertThat(e.free()).isEqualTo(50);
              });
      assertThat(memory.reopened().records()).isEqualTo(expected);
      assertThat(memory.filledPlaces()).isEqualTo(30);
    }
  }

  @Test
  void nothingOfWhatWasRemovedOrReplacedIsLeft() throws Exception {
    TestMemory memory = TestMemory.of(32);
    memory.put(TestMemory.records(0, 1400));
    for (int round = 0; round < 40; round++) {
      Bytes replaced = TestMemory.id(round * 7);
      Bytes removed = TestMemory.id(1399 - round);
      Map<Bytes, Bytes> before = memory.records();
      memory.put(TestMemory.record(replaced, 10_000 + round));
      memory.remove(removed);
      assertThat(decryptable(memory))
          .as("round %d", round)
          .contains(memory.records().get(replaced))
          .doesNotContain(before.get(replaced), before.get(removed));
    }
  }

  /** All records that somebody who has the key finds in any place, named or not. */
  private static Set<Bytes> decryptable(TestMemory memory) throws Exception {
    Set<Bytes> records = new HashSet<>();
    byte[] content = memory.content();
    for (int at = 36_864; at < content.length; at += Places.LENGTH) {
      byte[] page = Arrays.copyOfRange(content, at, at + Places.LENGTH);
      if (page[0] != 0) {
        assertThat(page[8]).isEqualTo(PageCipher.Kind.RECORDS.code());
        int number = ByteBuffer.wrap(page).getInt(12);
        byte[] body =
            memory.cipher().open(PageCipher.Kind.RECORDS, number, PageCipher.tag(page), page, 0);
        for (int slot = 0; slot < body.length; slot += RecordChange.RECORD_LENGTH) {
          records.add(Bytes.copyOf(body, slot, RecordChange.RECORD_LENGTH));
        }
      }
    }
    return records;
  }

  @Test
  void aMemoryOpenedWithMoreGrowsAndNeverShrinks() throws Exception {
    TestMemory small = TestMemory.of(4);
    small.put(TestMemory.records(0, 100));
    TestMemory grown = small.reopened(8);
    assertThat(grown.records()).hasSize(100);
    grown.put(TestMemory.records(100, 300));
    assertThat(grown.tree().capacity().places()).isEqualTo(8);
    TestMemory back = grown.reopened(4);
    back.put(TestMemory.record(TestMemory.id(0), 99));
    assertThat(back.tree().capacity().places()).isEqualTo(8);
    assertThat(back.reopened().records()).hasSize(300);
  }

  @Test
  void idsAreListedInOrderFromAnyId() throws Exception {
    TestMemory memory = TestMemory.of(32);
    memory.put(TestMemory.records(0, 200));
    List<Bytes> all = memory.index().idsAfter(NOTHING, 1000);
    assertThat(all).hasSize(200).isSorted();
    assertThat(memory.index().idsAfter(all.get(9), 3)).isEqualTo(all.subList(10, 13));
    assertThat(memory.index().idsAfter(all.get(199), 3)).isEmpty();
    Bytes between = Bytes.parse(all.get(50).toString().substring(0, 31) + "f");
    assertThat(memory.index().idsAfter(between, 1)).containsExactly(all.get(51));
    assertThat(memory.index().find(between)).isEmpty();
  }

  @Test
  void whatIsNotThereCannotBeRemovedAndWhatIsNoRecordNotPut() throws Exception {
    TestMemory memory = TestMemory.of(4);
    memory.put(TestMemory.records(0, 1));
    assertThatThrownBy(() -> memory.remove(TestMemory.id(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(TestMemory.id(1).toString());
    try (RecordChange change = new RecordChange()) {
      for (byte[] wrong :
          List.of(
              new byte[79],
              new byte[80],
              TestMemory.record(NOTHING, 1),
              Arrays.copyOf(TestMemory.id(1).toByteArray(), 80))) {
        assertThatThrownBy(() -> change.put(wrong)).isInstanceOf(IllegalArgumentException.class);
      }
      assertThat(change.isEmpty()).isTrue();
    }
    assertThat(memory.records()).hasSize(1);
  }

  @Test
  void readersSeeARecordAsItWasOrIsWhileItChanges() throws Exception {
    TestMemory memory = TestMemory.of(32);
    Bytes id = TestMemory.id(3);
    byte[] first = TestMemory.record(id, 1);
    byte[] second = TestMemory.record(id, 2);
    memory.put(TestMemory.records(0, 200));
    memory.put(first);
    List<Bytes> right = List.of(Bytes.copyOf(first), Bytes.copyOf(second));
    RecordIndex index = memory.index();
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<Integer>> readers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        readers.add(
            threads.submit(
                () -> {
                  int reads = 0;
                  RecordIndex from = index;
                  while (!done.get()) {
                    try (SecretBytes record = from.find(id).orElseThrow()) {
                      assertThat(record.<Bytes, RuntimeException>use(Bytes::copyOf)).isIn(right);
                    }
                    if (++reads % 100 == 0) {
                      from = memory.published();
                    }
                  }
                  return reads;
                }));
      }
      for (int i = 0; i < 3000; i++) {
        memory.put(i % 2 == 0 ? second : first);
      }
      done.set(true);
      for (Future<Integer> reader : readers) {
        assertThat(reader.get()).isPositive();
      }
    } finally {
      done.set(true);
      threads.shutdownNow();
    }
    memory.close();
    assertThatThrownBy(() -> index.find(id)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> index.idsAfter(id, 1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aHundredThousandRecordsFitInto10MiB() throws Exception {
    TestMemory memory = TestMemory.of(2560);
    memory.put(TestMemory.records(0, 100_000));
    memory.remove(TestMemory.id(500));
    TestMemory again = memory.reopened();
    RecordIndex index = again.index();
    assertThat(index.size()).isEqualTo(99_999);
    assertThat(index.find(TestMemory.id(500))).isEmpty();
    for (int i = 0; i < 100_000; i += 997) {
      try (SecretBytes record = index.find(TestMemory.id(i)).orElseThrow()) {
        assertThat(record.<Bytes, RuntimeException>use(Bytes::copyOf))
            .isEqualTo(Bytes.copyOf(TestMemory.record(TestMemory.id(i), i)));
      }
    }
    // A page and its table.
    assertThat(memory.tree().tables()).hasSize(10);
    again.failAt(0, true);
    again.put(TestMemory.record(TestMemory.id(600), 1));
    assertThat(again.writes()).isEqualTo(5);
  }

  @Test
  void aHundredThousandChangesOfOneRecordWearAllPlacesAlike() throws Exception {
    TestMemory memory = TestMemory.of(32);
    memory.put(TestMemory.records(0, 1500));
    for (int i = 0; i < 100_000; i++) {
      memory.put(TestMemory.record(TestMemory.id(1), i));
    }
    int[] wear = memory.wear();
    double mean = Arrays.stream(wear).average().orElseThrow();
    assertThat(mean).isBetween(100_000 / 32.0, 110_000 / 32.0);
    assertThat(Arrays.stream(wear).max().orElseThrow() / mean).isLessThan(1.25);
    assertThat(Arrays.stream(wear).min().orElseThrow() / mean).isGreaterThan(0.8);
  }
}
