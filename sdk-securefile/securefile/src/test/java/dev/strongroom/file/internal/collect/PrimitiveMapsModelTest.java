// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.collect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The maps with primitive keys against {@link HashMap}. */
class PrimitiveMapsModelTest {

  private static final int OPERATIONS = 60_000;

  /** Few keys, so that they meet; dense, strided or scattered. */
  private static LongUnaryOperator keys(Random random) {
    long factor = random.nextBoolean() ? 1 : random.nextLong() | 1;
    int shift = random.nextInt(48);
    return index -> ((index * factor) << shift) >>> 1;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void longMapDoesWhatAHashMapDoes(long seed) {
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 20; round++) {
      LongUnaryOperator keys = keys(random);
      int range = 1 + random.nextInt(2000);
      LongMap<String> map = new LongMap<>();
      Map<Long, String> model = new HashMap<>();
      for (int i = 0; i < OPERATIONS / 20; i++) {
        long key = keys.applyAsLong(random.nextInt(range));
        switch (random.nextInt(5)) {
          case 0, 1 -> {
            map.put(key, "v" + i);
            model.put(key, "v" + i);
          }
          case 2, 3 -> assertThat(map.remove(key)).isEqualTo(model.remove(key));
          default -> assertThat(map.get(key)).isEqualTo(model.get(key));
        }
        assertThat(map.size()).isEqualTo(model.size());
      }
      assertThat(map.sortedKeys())
          .isEqualTo(model.keySet().stream().mapToLong(Long::longValue).sorted().toArray());
      for (Map.Entry<Long, String> next : model.entrySet()) {
        assertThat(map.get(next.getKey())).isEqualTo(next.getValue());
      }
      map.clear();
      assertThat(map.size()).isZero();
      assertThat(map.sortedKeys()).isEmpty();
      assertThat(map.get(keys.applyAsLong(1))).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {5, 6, 7, 8})
  void longLongMapDoesWhatAHashMapDoes(long seed) {
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 20; round++) {
      LongUnaryOperator keys = keys(random);
      int range = 1 + random.nextInt(2000);
      LongLongMap map = new LongLongMap();
      Map<Long, Long> model = new HashMap<>();
      for (int i = 0; i < OPERATIONS / 20; i++) {
        long key = keys.applyAsLong(random.nextInt(range));
        switch (random.nextInt(5)) {
          case 0, 1 -> {
            map.put(key, i - 5);
            model.put(key, i - 5L);
          }
          case 2, 3 -> {
            Long removed = model.remove(key);
            assertThat(map.remove(key)).isEqualTo(removed == null ? LongLongMap.ABSENT : removed);
          }
          default ->
              assertThat(map.get(key)).isEqualTo(model.getOrDefault(key, LongLongMap.ABSENT));
        }
        assertThat(map.size()).isEqualTo(model.size());
      }
      assertThat(map.sortedKeys())
          .isEqualTo(model.keySet().stream().mapToLong(Long::longValue).sorted().toArray());
      for (Map.Entry<Long, Long> next : model.entrySet()) {
        assertThat(map.get(next.getKey())).isEqualTo(next.getValue());
      }
    }
  }

  @Test
  void theSmallestAndLargestKeysAreKeys() {
    LongMap<String> objects = new LongMap<>();
    LongLongMap numbers = new LongLongMap();
    assertThat(objects.get(0)).isNull();
    assertThat(numbers.get(0)).isEqualTo(LongLongMap.ABSENT);
    objects.put(0, "least");
    objects.put(Long.MAX_VALUE, "most");
    numbers.put(0, -1);
    numbers.put(Long.MAX_VALUE, 0);
    assertThat(objects.sortedKeys()).containsExactly(0, Long.MAX_VALUE);
    assertThat(numbers.sortedKeys()).containsExactly(0, Long.MAX_VALUE);
    assertThat(objects.remove(0)).isEqualTo("least");
    assertThat(numbers.remove(0)).isEqualTo(-1);
    assertThat(objects.get(Long.MAX_VALUE)).isEqualTo("most");
    assertThat(numbers.get(Long.MAX_VALUE)).isZero();
  }
}
