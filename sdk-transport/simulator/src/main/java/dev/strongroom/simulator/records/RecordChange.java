// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator.records;

import dev.strongroom.core.Bytes;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Records to put and to remove, all at once. Closing it overwrites them in memory.
 *
 * <p>Thread safety: confined to one thread.
 */
public final class RecordChange implements AutoCloseable {

  /** Length of a record in bytes. */
  public static final int RECORD_LENGTH = 80;

  /** Length of its id, with which it begins. */
  public static final int ID_LENGTH = 16;

  private static final byte[] REMOVED = {};

  private final Map<Bytes, byte[]> records = new LinkedHashMap<>();

  /** Nothing to do yet. */
  public RecordChange() {}

  /**
   * Puts a record, in the place of the one with its id if there is one, whose content is erased.
   *
   * @param record {@value #RECORD_LENGTH} bytes, copied
   * @return this
   * @throws IllegalArgumentException if its length is another, or its id or all else in it is zero
   */
  public RecordChange put(byte[] record) {
    if (record.length != RECORD_LENGTH
        || isZero(record, 0, ID_LENGTH)
        || isZero(record, ID_LENGTH, RECORD_LENGTH)) {
      throw new IllegalArgumentException(
          "a record has " + RECORD_LENGTH + " bytes, and neither its id nor the rest is zero");
    }
    set(Bytes.copyOf(record, 0, ID_LENGTH), record.clone());
    return this;
  }

  /**
   * Removes a record; its content is erased.
   *
   * @param id its id, 16 bytes
   * @return this
   */
  public RecordChange remove(Bytes id) {
    set(id, REMOVED);
    return this;
  }

  /**
   * Whether there is nothing to do.
   *
   * @return whether nothing was put or removed
   */
  public boolean isEmpty() {
    return records.isEmpty();
  }

  /** How many are put or removed. */
  int size() {
    return records.size();
  }

  /** By id, in the order in which they came; {@link #isRemoved} tells what is to be removed. */
  Map<Bytes, byte[]> records() {
    return records;
  }

  static boolean isRemoved(byte[] record) {
    return record.length == 0;
  }

  /** As in the slot of a pending page. */
  static byte[] pending(Bytes id, byte[] record) {
    byte[] slot = Arrays.copyOf(record, RECORD_LENGTH);
    id.copyTo(slot, 0);
    return slot;
  }

  /** Takes over what stands in the slot of a pending page. */
  void addPending(byte[] slot) {
    Bytes id = Bytes.copyOf(slot, 0, ID_LENGTH);
    if (isZero(slot, ID_LENGTH, RECORD_LENGTH)) {
      set(id, REMOVED);
    } else {
      set(id, slot.clone());
    }
  }

  static boolean isZero(byte[] content, int from, int to) {
    for (int i = from; i < to; i++) {
      if (content[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private void set(Bytes id, byte[] record) {
    byte[] before = records.put(id, record);
    if (before != null) {
      Arrays.fill(before, (byte) 0);
    }
  }

  @Override
  public void close() {
    records.values().forEach(record -> Arrays.fill(record, (byte) 0));
    records.clear();
  }
}
