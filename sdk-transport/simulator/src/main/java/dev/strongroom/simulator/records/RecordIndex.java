// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator.records;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * All records at one moment, by id.
 *
 * <p>Thread safety: thread-safe, without a lock. Nothing in it changes until a later index
 * supersedes it; what it had and the later one has not is then overwritten. A reader looks after
 * its reading whether that has happened, and if so reads the later one, as with an optimistic lock.
 */
public final class RecordIndex {

  /** Records of a page. */
  static final int PAGE_RECORDS = PageCipher.BODY_LENGTH / RecordChange.RECORD_LENGTH;

  private static final int RECORD = RecordChange.RECORD_LENGTH;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** Bits of page * PAGE_RECORDS + slot. */
  private static final int REF_BITS = 20;

  private final byte[][] pages;
  private final int[] order; // page * PAGE_RECORDS + slot, by ascending id
  private final int[] free; // slots of each page
  private @Nullable RecordIndex later; // written before superseded
  private volatile boolean superseded;

  private RecordIndex(byte[][] pages, int[] order, int[] free) {
    this.pages = pages;
    this.order = order;
    this.free = free;
  }

  /**
   * Takes over the bodies of all pages.
   *
   * @throws IllegalArgumentException if they are malformed; the message says where
   */
  static RecordIndex of(List<byte[]> bodies) {
    byte[][] pages = bodies.toArray(byte[][]::new);
    int[] free = new int[pages.length];
    long[] sorted = new long[pages.length * PAGE_RECORDS];
    int count = 0;
    for (int ref = 0; ref < sorted.length; ref++) {
      byte[] page = pages[ref / PAGE_RECORDS];
      if (isRecord(page, at(ref))) {
        // Most ids differ in their first bits, and numbers sort faster than records.
        long begin = (long) LONG.get(page, at(ref)) ^ Long.MIN_VALUE;
        sorted[count++] = begin >> REF_BITS << REF_BITS | ref;
      } else {
        free[ref / PAGE_RECORDS]++;
      }
    }
    Arrays.sort(sorted, 0, count);
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      order[i] = (int) sorted[i] & (1 << REF_BITS) - 1;
    }
    for (int from = 0, to = 0; from < count; from = to) {
      do {
        to++;
      } while (to < count && sorted[to] >> REF_BITS == sorted[from] >> REF_BITS);
      if (to > from + 1) {
        sort(pages, order, from, to);
      }
    }
    for (int i = 1; i < count; i++) {
      if (compare(pages, order[i - 1], order[i]) == 0) {
        throw new IllegalArgumentException("two records have one id");
      }
    }
    return new RecordIndex(pages, order, free);
  }

  private static boolean isRecord(byte[] page, int at) {
    boolean found = !RecordChange.isZero(page, at, at + RecordChange.ID_LENGTH);
    if (found == RecordChange.isZero(page, at + RecordChange.ID_LENGTH, at + RECORD)) {
      throw new IllegalArgumentException("a record is malformed");
    }
    return found;
  }

  /** Sorts a part whose ids begin alike. */
  private static void sort(byte[][] pages, int[] order, int from, int to) {
    int[] part =
        IntStream.range(from, to)
            .map(i -> order[i])
            .boxed()
            .sorted((first, second) -> compare(pages, first, second))
            .mapToInt(Integer::intValue)
            .toArray();
    System.arraycopy(part, 0, order, from, part.length);
  }

  /**
   * How many there are.
   *
   * @return at least 0
   */
  public int size() {
    return order.length;
  }

  /**
   * One record.
   *
   * @param id its id, 16 bytes
   * @return a copy of its 80 bytes, which the caller closes; empty if there is none
   * @throws IllegalStateException if the records were closed
   */
  public Optional<SecretBytes> find(Bytes id) {
    for (RecordIndex now = this; ; now = now.later()) {
      byte[] record = new byte[RECORD];
      int ref = now.ref(id);
      if (ref >= 0) {
        System.arraycopy(now.pages[ref / PAGE_RECORDS], at(ref), record, 0, RECORD);
      }
      if (!now.isSuperseded()) {
        return ref >= 0 ? Optional.of(SecretBytes.adopt(record)) : Optional.empty();
      }
      Arrays.fill(record, (byte) 0);
    }
  }

  /**
   * Ids in ascending order, as unsigned numbers.
   *
   * @param id they are greater than this, 16 bytes; zeros for the first
   * @param count how many at most
   * @return the ids
   * @throws IllegalStateException if the records were closed
   */
  public List<Bytes> idsAfter(Bytes id, int count) {
    return idsAfter(id, count, kind -> true);
  }

  /**
   * The same of records of some kind.
   *
   * @param id as above
   * @param count as above
   * @param kind whether a record counts, by its byte 16, 0 to 255
   * @return the ids
   * @throws IllegalStateException if the records were closed
   */
  public List<Bytes> idsAfter(Bytes id, int count, IntPredicate kind) {
    for (RecordIndex now = this; ; now = now.later()) {
      int position = now.search(id);
      int first = position < 0 ? -position - 1 : position + 1;
      List<Bytes> ids = new ArrayList<>();
      for (int i = first; i < now.order.length && ids.size() < count; i++) {
        byte[] page = now.pages[now.order[i] / PAGE_RECORDS];
        int at = at(now.order[i]);
        if (kind.test(page[at + RecordChange.ID_LENGTH] & 0xFF)) {
          ids.add(Bytes.copyOf(page, at, RecordChange.ID_LENGTH));
        }
      }
      if (!now.isSuperseded()) {
        return ids;
      }
    }
  }

  /**
   * Copies one record of this very index, whatever a later one says.
   *
   * @param id its id, 16 bytes
   * @param target where to, 80 bytes
   * @return false if there is none
   * @throws IllegalStateException if a later index has superseded this one
   */
  public boolean copy(Bytes id, byte[] target) {
    int ref = ref(id);
    if (ref >= 0) {
      System.arraycopy(pages[ref / PAGE_RECORDS], at(ref), target, 0, RECORD);
    }
    if (isSuperseded()) {
      Arrays.fill(target, (byte) 0);
      throw new IllegalStateException("the records have changed");
    }
    return ref >= 0;
  }

  /**
   * Shows every record of this very index, by ascending id; for those who hold changes off.
   *
   * @param reader is lent each record
   */
  public void forEach(RecordReader reader) {
    for (int ref : order) {
      reader.read(pages[ref / PAGE_RECORDS], at(ref));
    }
  }

  /** How many pages there are. */
  int pageCount() {
    return pages.length;
  }

  /** The body of a page, not a copy. */
  byte[] page(int number) {
    return pages[number];
  }

  /** The free slots of each page, a copy. */
  int[] free() {
    return free.clone();
  }

  /** Where a record is, page * {@link #PAGE_RECORDS} + slot; below 0 if there is none. */
  int ref(Bytes id) {
    int position = search(id);
    return position < 0 ? -1 : order[position];
  }

  /** Where the record of a slot begins in its page. */
  static int at(int ref) {
    return ref % PAGE_RECORDS * RECORD;
  }

  /**
   * The index with other pages, which it takes over.
   *
   * @param changed bodies by number
   * @param pageCount how many there are then
   * @param removed slots whose records have gone, ascending
   * @param added slots with records that have come
   */
  RecordIndex with(
      SortedMap<Integer, byte[]> changed, int pageCount, int[] removed, List<Integer> added) {
    byte[][] next = Arrays.copyOf(pages, pageCount);
    changed.forEach((number, body) -> next[number] = body);
    int[] nextFree = Arrays.copyOf(free, pageCount);
    changed.forEach((number, body) -> nextFree[number] = freeSlots(body));
    if (removed.length == 0 && added.isEmpty()) {
      return new RecordIndex(next, order, nextFree);
    }
    List<Integer> sorted = new ArrayList<>(added);
    sorted.sort((first, second) -> compare(next, first, second));
    int[] merged = new int[order.length - removed.length + sorted.size()];
    int count = 0;
    int taken = 0;
    for (int ref : order) {
      if (Arrays.binarySearch(removed, ref) >= 0) {
        continue;
      }
      while (taken < sorted.size() && compare(next, sorted.get(taken), ref) < 0) {
        merged[count++] = sorted.get(taken++);
      }
      merged[count++] = ref;
    }
    while (taken < sorted.size()) {
      merged[count++] = sorted.get(taken++);
    }
    return new RecordIndex(next, merged, nextFree);
  }

  private static int freeSlots(byte[] body) {
    int count = 0;
    for (int at = 0; at < body.length; at += RECORD) {
      count += RecordChange.isZero(body, at, at + RecordChange.ID_LENGTH) ? 1 : 0;
    }
    return count;
  }

  /** Sends readers to another index, and overwrites the pages that it does not have. */
  void supersede(RecordIndex next) {
    later = next;
    retire();
    for (int i = 0; i < pages.length; i++) {
      if (i >= next.pages.length || next.pages[i] != pages[i]) {
        Arrays.fill(pages[i], (byte) 0);
      }
    }
  }

  /** Overwrites everything. */
  void close() {
    retire();
    for (byte[] page : pages) {
      Arrays.fill(page, (byte) 0);
    }
  }

  private void retire() {
    superseded = true;
    VarHandle.fullFence();
  }

  private boolean isSuperseded() {
    VarHandle.acquireFence();
    return superseded;
  }

  private RecordIndex later() {
    RecordIndex next = later;
    if (next == null) {
      throw new IllegalStateException("the key memory is closed");
    }
    return next;
  }

  private int search(Bytes id) {
    byte[] wanted = id.toByteArray();
    if (wanted.length != RecordChange.ID_LENGTH) {
      throw new IllegalArgumentException("an id has 16 bytes, not " + wanted.length);
    }
    int low = 0;
    int high = order.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int ref = order[middle];
      int compared = compare(pages[ref / PAGE_RECORDS], at(ref), wanted, 0);
      if (compared == 0) {
        return middle;
      }
      if (compared < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }

  private static int compare(byte[][] pages, int first, int second) {
    return compare(
        pages[first / PAGE_RECORDS], at(first), pages[second / PAGE_RECORDS], at(second));
  }

  private static int compare(byte[] first, int firstAt, byte[] second, int secondAt) {
    int compared =
        Long.compareUnsigned((long) LONG.get(first, firstAt), (long) LONG.get(second, secondAt));
    return compared != 0
        ? compared
        : Long.compareUnsigned(
            (long) LONG.get(first, firstAt + Long.BYTES),
            (long) LONG.get(second, secondAt + Long.BYTES));
  }
}
