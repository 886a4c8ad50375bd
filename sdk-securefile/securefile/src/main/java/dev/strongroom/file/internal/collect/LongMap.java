// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.collect;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A hash map from non-negative {@code long} keys to objects, without boxing.
 *
 * <p>Open addressing with linear probing and backward-shift deletion.
 *
 * <p>Thread safety: confined, or guarded by its owner's lock.
 *
 * @param <V> the values
 */
public final class LongMap<V> {

  private static final long FREE = -1;

  private long[] keys;
  private @Nullable Object[] values;
  private int size;

  /** Makes an empty map. */
  public LongMap() {
    keys = new long[8];
    values = new Object[8];
    Arrays.fill(keys, FREE);
  }

  /**
   * The number of entries.
   *
   * @return the size
   */
  public int size() {
    return size;
  }

  /**
   * Finds a value.
   *
   * @param key the key
   * @return its value, or null
   */
  @SuppressWarnings("unchecked")
  public @Nullable V get(long key) {
    int mask = keys.length - 1;
    for (int i = hash(key) & mask; ; i = (i + 1) & mask) {
      if (keys[i] == key) {
        return (V) values[i];
      }
      if (keys[i] == FREE) {
        return null;
      }
    }
  }

  /**
   * Sets a value.
   *
   * @param key the key, not negative
   * @param value the value
   */
  public void put(long key, V value) {
    if (size * 2 >= keys.length) {
      grow();
    }
    int mask = keys.length - 1;
    for (int i = hash(key) & mask; ; i = (i + 1) & mask) {
      if (keys[i] == key) {
        values[i] = value;
        return;
      }
      if (keys[i] == FREE) {
        keys[i] = key;
        values[i] = value;
        size++;
        return;
      }
    }
  }

  /**
   * Removes an entry.
   *
   * @param key the key
   * @return what was there, or null
   */
  @SuppressWarnings("unchecked")
  public @Nullable V remove(long key) {
    int mask = keys.length - 1;
    int i = hash(key) & mask;
    while (keys[i] != key) {
      if (keys[i] == FREE) {
        return null;
      }
      i = (i + 1) & mask;
    }
    final V removed = (V) values[i];
    size--;
    for (int j = (i + 1) & mask; keys[j] != FREE; j = (j + 1) & mask) {
      int home = hash(keys[j]) & mask;
      if (((j - home) & mask) >= ((j - i) & mask)) {
        keys[i] = keys[j];
        values[i] = values[j];
        i = j;
      }
    }
    keys[i] = FREE;
    values[i] = null;
    return removed;
  }

  /**
   * All keys, ascending.
   *
   * @return a fresh array
   */
  public long[] sortedKeys() {
    long[] all = new long[size];
    int n = 0;
    for (long key : keys) {
      if (key != FREE) {
        all[n++] = key;
      }
    }
    Arrays.sort(all);
    return all;
  }

  /** Removes everything. */
  public void clear() {
    keys = new long[8];
    values = new Object[8];
    Arrays.fill(keys, FREE);
    size = 0;
  }

  @SuppressWarnings("unchecked")
  private void grow() {
    long[] oldKeys = keys;
    @Nullable Object[] oldValues = values;
    keys = new long[oldKeys.length * 2];
    values = new Object[oldKeys.length * 2];
    Arrays.fill(keys, FREE);
    size = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != FREE) {
        put(oldKeys[i], (V) java.util.Objects.requireNonNull(oldValues[i]));
      }
    }
  }

  private static int hash(long key) {
    long mixed = key * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32);
  }
}
