// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator.records;

import dev.strongroom.core.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which pages a change makes different, and what is in them then.
 *
 * <p>It depends on the records and the change alone: where it was carried out in part, the layout
 * of what is there is the rest of it.
 *
 * <p>Thread safety: confined to one thread.
 */
final class Layout {

  private static final int RECORD = RecordChange.RECORD_LENGTH;

  private final RecordIndex index;
  private final SortedMap<Integer, byte[]> bodies = new TreeMap<>();
  private final List<Integer> removed = new ArrayList<>();
  private final List<Integer> added = new ArrayList<>();
  private int[] free;
  private int pageCount;

  private Layout(RecordIndex index) {
    this.index = index;
    this.pageCount = index.pageCount();
    this.free = index.free();
  }

  static Layout of(RecordIndex index, RecordChange change) {
    Layout layout = new Layout(index);
    List<byte[]> fresh = new ArrayList<>();
    for (Map.Entry<Bytes, byte[]> each : change.records().entrySet()) {
      int ref = index.ref(each.getKey());
      if (RecordChange.isRemoved(each.getValue())) {
        layout.remove(ref);
      } else if (ref >= 0) {
        layout.replace(ref, each.getValue());
      } else {
        fresh.add(each.getValue());
      }
    }
    layout.add(fresh);
    layout.trim();
    return layout;
  }

  /** Pages that differ, by number. */
  SortedMap<Integer, byte[]> bodies() {
    return bodies;
  }

  /** How many pages there are then. */
  int pageCount() {
    return pageCount;
  }

  /** How many records there are then. */
  int records() {
    return index.size() - removed.size() + added.size();
  }

  boolean isEmpty() {
    return bodies.isEmpty() && pageCount == index.pageCount();
  }

  /** The records then; it takes the bodies over. */
  RecordIndex applied() {
    return index.with(
        bodies, pageCount, removed.stream().mapToInt(Integer::intValue).sorted().toArray(), added);
  }

  /** Overwrites the bodies, if nobody has taken them over. */
  void discard() {
    bodies.values().forEach(body -> Arrays.fill(body, (byte) 0));
  }

  private void remove(int ref) {
    if (ref < 0) {
      return;
    }
    int page = ref / RecordIndex.PAGE_RECORDS;
    int at = RecordIndex.at(ref);
    Arrays.fill(body(page), at, at + RECORD, (byte) 0);
    free[page]++;
    removed.add(ref);
  }

  private void replace(int ref, byte[] record) {
    int page = ref / RecordIndex.PAGE_RECORDS;
    int at = RecordIndex.at(ref);
    if (!Arrays.equals(index.page(page), at, at + RECORD, record, 0, RECORD)) {
      System.arraycopy(record, 0, body(page), at, RECORD);
    }
  }

  private void add(List<byte[]> fresh) {
    int page = -1;
    int slot = 0;
    for (byte[] record : fresh) {
      if (page < 0 || free[page] == 0) {
        page = roomiest();
        slot = 0;
      }
      byte[] body = body(page);
      while (!isFree(body, slot)) {
        slot++;
      }
      System.arraycopy(record, 0, body, slot * RECORD, RECORD);
      free[page]--;
      added.add(page * RecordIndex.PAGE_RECORDS + slot);
    }
  }

  /** A page with room: one that changes anyway, one that has much, or a new one. */
  private int roomiest() {
    for (int page : bodies.keySet()) {
      if (free[page] > 0) {
        return page;
      }
    }
    int best = -1;
    for (int page = 0; page < pageCount; page++) {
      if (free[page] > 0 && (best < 0 || free[page] > free[best])) {
        best = page;
      }
    }
    if (best >= 0) {
      return best;
    }
    if (pageCount == free.length) {
      free = Arrays.copyOf(free, 2 * pageCount + 1);
    }
    free[pageCount] = RecordIndex.PAGE_RECORDS;
    return pageCount++;
  }

  private void trim() {
    while (pageCount > 0 && free[pageCount - 1] == RecordIndex.PAGE_RECORDS) {
      pageCount--;
      bodies.remove(pageCount);
    }
  }

  private byte[] body(int page) {
    return bodies.computeIfAbsent(
        page,
        number ->
            number < index.pageCount()
                ? index.page(number).clone()
                : new byte[PageCipher.BODY_LENGTH]);
  }

  private static boolean isFree(byte[] body, int slot) {
    int at = slot * RECORD;
    return RecordChange.isZero(body, at, at + RecordChange.ID_LENGTH);
  }
}
