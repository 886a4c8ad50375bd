// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.ElementDamagedException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A page that is not the one that belongs in its place is found, whoever put it there. */
class DamagedPagesTest {

  private static final int AREA = 36_864;

  private static TestMemory sound = TestMemory.of(4);

  @BeforeAll
  static void makeOne() throws Exception {
    sound = TestMemory.of(110);
    sound.put(TestMemory.records(0, 4500));
  }

  private static void requireDamaged(byte[] content, Bytes root, String where) {
    TestMemory memory = sound.with(content, root);
    assertThatThrownBy(memory::index)
        .as(where)
        .isInstanceOf(ElementDamagedException.class)
        .hasMessageContaining("key memory");
    assertThatThrownBy(() -> memory.put(TestMemory.records(9000, 9001)))
        .as(where)
        .isInstanceOf(ElementDamagedException.class);
    assertThat(memory.content()).as("nothing was written, %s", where).isEqualTo(content);
  }

  private static int start(int place) {
    return AREA + place * Places.LENGTH;
  }

  @Test
  void everyBitOfAHeaderCounts() {
    int table = sound.tree().tables().get(0).place();
    for (int place : new int[] {0, table}) {
      for (int at = 0; at < PageCipher.HEADER_LENGTH; at++) {
        for (int bit : new int[] {1, 0x80}) {
          byte[] content = sound.content();
          content[start(place) + at] ^= (byte) bit;
          requireDamaged(content, sound.value(), "place " + place + ", byte " + at);
        }
      }
    }
  }

  @Test
  void everyPartOfABodyCounts() {
    for (int at = PageCipher.HEADER_LENGTH; at < PageCipher.PAGE_LENGTH; at += 61) {
      byte[] content = sound.content();
      content[start(3) + at] ^= 0x20;
      requireDamaged(content, sound.value(), "byte " + at);
    }
  }

  @Test
  void aTornPageAndAMissingOneAreFound() {
    for (int kept : new int[] {0, 1, 95, 96, 512, 2048, 4095}) {
      byte[] torn = sound.content();
      Arrays.fill(torn, start(2) + kept, start(3), (byte) 0);
      requireDamaged(torn, sound.value(), "torn after " + kept);
    }
    byte[] content = sound.content();
    requireDamaged(Arrays.copyOf(content, content.length - 1), sound.value(), "cut short");
    requireDamaged(Arrays.copyOf(content, AREA), sound.value(), "no pages");
    requireDamaged(new byte[0], sound.value(), "nothing");
  }

  @Test
  void pagesThatChangePlacesAreFound() {
    byte[] content = sound.content();
    byte[] first = Arrays.copyOfRange(content, start(4), start(5));
    System.arraycopy(content, start(5), content, start(4), Places.LENGTH);
    System.arraycopy(first, 0, content, start(5), Places.LENGTH);
    requireDamaged(content, sound.value(), "swapped");
  }

  @Test
  void aPageOfAnEarlierDayIsFound() throws Exception {
    TestMemory memory = sound.reopened();
    byte[] before = memory.content();
    // Until the page is in its old place again.
    TestMemory small = TestMemory.of(4);
    small.put(TestMemory.record(TestMemory.id(1), 1));
    byte[] old = small.content();
    int place = small.tree().pages().get(0).place();
    int seed = 2;
    do {
      small.put(TestMemory.record(TestMemory.id(1), seed++));
    } while (small.tree().pages().get(0).place() != place);
    byte[] content = small.content();
    System.arraycopy(old, start(place), content, start(place), Places.LENGTH);
    requireDamaged(content, small.value(), "a page of records");

    // And a table with the page that it named.
    memory.put(TestMemory.record(TestMemory.id(1), 2));
    byte[] both = memory.content();
    for (int at = AREA; at + Places.LENGTH <= before.length; at += Places.LENGTH) {
      if (before[at] == 'S') {
        System.arraycopy(before, at, both, at, Places.LENGTH);
      }
    }
    assertThatThrownBy(() -> overwritten(memory, before).index())
        .isInstanceOf(ElementDamagedException.class);
    assertThat(sound.with(both, memory.value()).records().get(TestMemory.id(1)))
        .isEqualTo(Bytes.copyOf(TestMemory.record(TestMemory.id(1), 2)));
  }

  /** All of an earlier content, with the root of today. */
  private static TestMemory overwritten(TestMemory memory, byte[] before) {
    return sound.with(before, memory.value());
  }

  @Test
  void noAlteredRootGivesAnotherErrorOrOtherRecords() throws Exception {
    TestMemory small = TestMemory.of(8);
    small.put(TestMemory.records(0, 120));
    byte[] root = small.value().toByteArray();
    Random random = new Random(5);
    int damaged = 0;
    for (int at = 0; at < root.length; at++) {
      byte[] altered = root.clone();
      altered[at] ^= (byte) (1 << random.nextInt(8));
      try {
        assertThat(small.with(small.content(), Bytes.copyOf(altered)).records())
            .as("byte %d", at)
            .isEqualTo(small.records());
      } catch (ElementDamagedException e) {
        damaged++;
      }
    }
    assertThat(damaged).isGreaterThan(root.length / 2);
    for (int length = 1; length < root.length; length++) {
      Bytes cut = Bytes.copyOf(root, 0, length);
      assertThatThrownBy(() -> small.with(small.content(), cut).index())
          .isInstanceOf(ElementDamagedException.class);
    }
  }

  @Test
  void whatLiesInFreePlacesIsNeitherReadNorKept() throws StrongroomException {
    byte[] content = Arrays.copyOf(sound.content(), start(110));
    int free = sound.tree().capacity().places() - 1;
    for (int place = 0; place <= free; place++) {
      if (RecordChange.isZero(content, start(place), start(place) + Places.LENGTH)) {
        System.arraycopy(content, start(0), content, start(place), Places.LENGTH);
      }
    }
    TestMemory memory = sound.with(content, sound.value());
    assertThat(memory.records()).isEqualTo(sound.records());
    assertThat(memory.filledPlaces()).isEqualTo(90 + 1);
  }
}
