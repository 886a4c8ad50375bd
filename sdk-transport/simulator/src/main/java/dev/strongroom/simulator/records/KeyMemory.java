// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator.records;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.ElementDamagedException;
import dev.strongroom.core.device.ElementFullException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The records of an element, on its store and in memory.
 *
 * <p>A change writes pages to free places, has the root replaced, and overwrites what has become
 * free. One that needs more places than are free is noted on pending pages first.
 *
 * <p>Thread safety: {@link #published} is thread-safe; all else is confined, guarded by the lock of
 * the element application.
 */
public final class KeyMemory {

  private final Places places;
  private final Capacity first;
  private final Capacity least;
  private Bytes value = Bytes.copyOf(new byte[0]);
  private @Nullable PageTree tree; // null unless index is there
  private volatile @Nullable RecordIndex index;

  /**
   * A key memory whose records are read when they are first needed.
   *
   * @param medium where its pages are
   * @param first the capacity that it gets with its first record
   * @param least the capacity to which it grows with its next change if it has less
   */
  public KeyMemory(PageMedium medium, Capacity first, Capacity least) {
    this.places = new Places(medium);
    this.first = first;
    this.least = least;
  }

  /**
   * The records, if they are in memory.
   *
   * @return null if they have to be read first
   */
  public @Nullable RecordIndex published() {
    return index;
  }

  /** Overwrites the records in memory; they are read anew when they are next needed. */
  public void forget() {
    RecordIndex known = index;
    index = null;
    tree = null;
    if (known != null) {
      known.close();
    }
  }

  /**
   * The records; reads them if need be, and finishes what a loss of power has cut short.
   *
   * @param cipher opens and seals pages
   * @param root where the root lies
   * @return the records
   * @throws ElementDamagedException if a page or the root is not what it must be
   * @throws StrongroomException if the medium fails
   */
  public RecordIndex open(PageCipher cipher, TreeRoot root) throws StrongroomException {
    RecordIndex known = index;
    if (known != null && value.equals(root.value())) {
      return known;
    }
    forget();
    try {
      return load(cipher, root);
    } catch (StrongroomException | RuntimeException e) {
      forget();
      throw e;
    }
  }

  /**
   * Puts and removes records, all or none of them.
   *
   * @param cipher opens and seals pages
   * @param root where the root lies
   * @param change what is put and removed; not empty
   * @throws ElementFullException if there is no room; nothing was changed
   * @throws ElementDamagedException if a page or the root is not what it must be
   * @throws IllegalArgumentException if a record to be removed is not there
   * @throws StrongroomException if the medium fails; whether it was done is then not known
   */
  public void change(PageCipher cipher, TreeRoot root, RecordChange change)
      throws StrongroomException {
    RecordIndex now = open(cipher, root);
    for (Map.Entry<Bytes, byte[]> each : change.records().entrySet()) {
      if (RecordChange.isRemoved(each.getValue()) && now.ref(each.getKey()) < 0) {
        throw new IllegalArgumentException("no record " + each.getKey());
      }
    }
    PageTree stored = requireTree();
    PageTree before = stored.withCapacity(capacity(stored));
    Layout layout = Layout.of(now, change);
    List<byte[]> pending = List.of();
    try {
      requireRoom(before.capacity(), now, layout);
      if (placesFor(before, layout) > before.free()) {
        pending = pendingBodies(before, layout, change);
      }
    } catch (ElementFullException e) {
      layout.discard();
      throw e;
    }
    try {
      if (pending.isEmpty()) {
        direct(cipher, root, before, now, layout);
      } else {
        note(cipher, root, before, layout, pending);
      }
    } catch (StrongroomException | RuntimeException e) {
      layout.discard();
      forget();
      throw e;
    } finally {
      pending.forEach(body -> Arrays.fill(body, (byte) 0));
    }
  }

  /**
   * How much it can have, after its next change.
   *
   * @param cipher opens and seals pages
   * @param root where the root lies
   * @return the capacity
   * @throws StrongroomException as {@link #open} does
   */
  public Capacity capacity(PageCipher cipher, TreeRoot root) throws StrongroomException {
    open(cipher, root);
    return capacity(requireTree());
  }

  private Capacity capacity(PageTree stored) {
    return stored.capacity().places() < least.places() ? least : stored.capacity();
  }

  /**
   * Overwrites every page on a medium, whatever is in it.
   *
   * @param medium of an element that is blank
   * @throws StrongroomException if the medium fails
   */
  public static void erase(PageMedium medium) throws StrongroomException {
    new Places(medium).eraseAll();
  }

  /**
   * Where places end on the medium.
   *
   * @param places how many there are
   * @return a position
   */
  public static long end(int places) {
    return Places.AREA + (long) places * Places.LENGTH;
  }

  private void direct(
      PageCipher cipher, TreeRoot root, PageTree before, RecordIndex now, Layout layout)
      throws StrongroomException {
    TreeWriter writer = new TreeWriter(places, cipher, root.generation(), before);
    for (Map.Entry<Integer, byte[]> each : layout.bodies().entrySet()) {
      writer.page(each.getKey(), each.getValue());
    }
    int moved = before.sinceMove() < PageTree.MOVE_AFTER ? -1 : toMove(before, layout);
    if (moved < 0) {
      writer.stay();
    } else {
      writer.move(moved, now.page(moved));
    }
    PageTree next = writer.trim(layout.pageCount()).finish(layout.records());
    root.replace(next.encode());
    publish(next, layout.applied());
    erase(before, next);
  }

  /** Makes a change by noting it, then carries it out. */
  private void note(
      PageCipher cipher, TreeRoot root, PageTree before, Layout layout, List<byte[]> pending)
      throws StrongroomException {
    PageTree noted =
        new TreeWriter(places, cipher, root.generation(), before)
            .pending(pending)
            .stay()
            .finish(layout.records());
    root.replace(noted.encode());
    publish(noted, layout.applied());
    carryOut(cipher, root, layout);
  }

  /** Brings what is pending into the pages, one after the other. */
  private void carryOut(PageCipher cipher, TreeRoot root, Layout layout)
      throws StrongroomException {
    Iterator<Map.Entry<Integer, byte[]>> rest = layout.bodies().entrySet().iterator();
    do {
      PageTree before = requireTree();
      TreeWriter writer = new TreeWriter(places, cipher, root.generation(), before);
      if (rest.hasNext()) {
        Map.Entry<Integer, byte[]> each = rest.next();
        writer.page(each.getKey(), each.getValue());
      }
      if (!rest.hasNext()) {
        writer.trim(layout.pageCount()).pending(List.of());
      }
      PageTree next = writer.finish(before.records());
      root.replace(next.encode());
      tree = next;
      value = next.encode();
      erase(before, next);
    } while (rest.hasNext());
  }

  private void publish(PageTree next, RecordIndex records) {
    RecordIndex before = index;
    tree = next;
    value = next.encode();
    index = records;
    if (before != null) {
      before.supersede(records);
    }
  }

  private void erase(PageTree before, PageTree next) throws StrongroomException {
    BitSet freed = before.used();
    freed.andNot(next.used());
    places.erase(freed);
  }

  private PageTree requireTree() {
    PageTree known = tree;
    if (known == null) {
      throw new IllegalStateException("the key memory is closed");
    }
    return known;
  }

  /** The page that lies nearest behind the last one moved, below 0 if there is no place for it. */
  private static int toMove(PageTree tree, Layout layout) {
    int needed = placesFor(tree, layout) + (tree.tables().isEmpty() ? 1 : 2);
    int best = -1;
    int nearest = Integer.MAX_VALUE;
    int count = tree.capacity().places();
    int end = Math.min(layout.pageCount(), tree.pages().size());
    for (int number = 0; needed <= tree.free() && number < end; number++) {
      int distance = Math.floorMod(tree.pages().get(number).place() - tree.moved() - 1, count);
      if (distance < nearest && !layout.bodies().containsKey(number)) {
        nearest = distance;
        best = number;
      }
    }
    return best;
  }

  /** Places that a change takes if it is written at once: its pages, and their tables. */
  private static int placesFor(PageTree tree, Layout layout) {
    int tables = Capacity.tables(layout.pageCount());
    BitSet written = new BitSet(tables);
    if (tables > 0) {
      written.set(tree.tables().size(), Math.max(tables, tree.tables().size()));
      layout.bodies().keySet().forEach(number -> written.set(number / PageTree.TABLE_ENTRIES));
      if (layout.pageCount() != tree.pages().size()) {
        written.set(tables - 1);
      }
    }
    return layout.bodies().size() + written.cardinality();
  }

  private static void requireRoom(Capacity capacity, RecordIndex now, Layout layout)
      throws ElementFullException {
    if (layout.records() > now.size() && layout.records() > capacity.records()) {
      throw new ElementFullException(
          ElementFullException.Limit.MEMORY,
          layout.records() - now.size(),
          Math.max(0, capacity.records() - now.size()),
          capacity.records());
    }
  }

  /** The pages on which a change is noted. */
  private static List<byte[]> pendingBodies(PageTree tree, Layout layout, RecordChange change)
      throws ElementFullException {
    int pages = Math.max(tree.pages().size(), layout.pageCount());
    int tables = Capacity.tables(pages);
    // A page, its table, and the last table if it gets shorter.
    int step = tables == 0 ? 1 : 3;
    int spare = tree.capacity().places() - pages - tables - step;
    int most = RecordIndex.PAGE_RECORDS * Math.max(0, Math.min(PageTree.MAX_PENDING, spare));
    if (change.size() > most) {
      throw new ElementFullException(
          ElementFullException.Limit.CHANGE, change.size(), most, tree.capacity().records());
    }
    List<byte[]> bodies = new ArrayList<>();
    int slot = RecordIndex.PAGE_RECORDS;
    for (Map.Entry<Bytes, byte[]> each : change.records().entrySet()) {
      if (slot == RecordIndex.PAGE_RECORDS) {
        bodies.add(new byte[PageCipher.BODY_LENGTH]);
        slot = 0;
      }
      byte[] record = RecordChange.pending(each.getKey(), each.getValue());
      System.arraycopy(
          record,
          0,
          bodies.get(bodies.size() - 1),
          slot++ * RecordChange.RECORD_LENGTH,
          record.length);
      Arrays.fill(record, (byte) 0);
    }
    return bodies;
  }

  private RecordIndex load(PageCipher cipher, TreeRoot root) throws StrongroomException {
    Bytes encoded = root.value();
    PageTree read = encoded.length() == 0 ? PageTree.empty(first) : readTree(cipher, encoded);
    try (RecordChange change = readPending(cipher, read)) {
      BitSet unclean = new BitSet();
      RecordIndex stored = readRecords(cipher, read, unclean);
      Layout layout = Layout.of(stored, change);
      if (layout.records() != read.records()) {
        layout.discard();
        stored.close();
        throw new ElementDamagedException("of its key memory, the number of records", null);
      }
      index = stored;
      publish(read, layout.applied());
      places.erase(unclean);
      if (!read.pending().isEmpty()) {
        carryOut(cipher, root, layout);
      }
    }
    RecordIndex loaded = index;
    if (loaded == null) {
      throw new IllegalStateException("the key memory is closed");
    }
    value = root.value();
    return loaded;
  }

  private PageTree readTree(PageCipher cipher, Bytes encoded) throws StrongroomException {
    try {
      PageTree.Root root = PageTree.parse(encoded);
      List<PageTree.Entry> tables = root.tree().tables();
      if (tables.isEmpty()) {
        return root.tree();
      }
      List<PageTree.Entry> pages = new ArrayList<>();
      for (int number = 0; number < tables.size(); number++) {
        byte[] body = openPage(cipher, PageCipher.Kind.TABLE, number, tables.get(number));
        pages.addAll(PageTree.entries(body, root.pageCount() - pages.size()));
      }
      PageTree whole = root.tree().withPages(pages);
      if (!whole.isConsistent()) {
        throw new IllegalArgumentException("a place is out of range");
      }
      return whole;
    } catch (IllegalArgumentException e) {
      throw new ElementDamagedException("of its key memory, " + e.getMessage(), e);
    }
  }

  private RecordChange readPending(PageCipher cipher, PageTree read) throws StrongroomException {
    RecordChange change = new RecordChange();
    for (int number = 0; number < read.pending().size(); number++) {
      byte[] body = openPage(cipher, PageCipher.Kind.PENDING, number, read.pending().get(number));
      for (int at = 0; at < body.length; at += RecordChange.RECORD_LENGTH) {
        byte[] slot = Arrays.copyOfRange(body, at, at + RecordChange.RECORD_LENGTH);
        if (!RecordChange.isZero(slot, 0, RecordChange.ID_LENGTH)) {
          change.addPending(slot);
        }
        Arrays.fill(slot, (byte) 0);
      }
      Arrays.fill(body, (byte) 0);
    }
    return change;
  }

  private byte[] openPage(PageCipher cipher, PageCipher.Kind kind, int number, PageTree.Entry entry)
      throws StrongroomException {
    return cipher.open(kind, number, entry.tag(), places.read(entry.place()), 0);
  }

  /** Reads all pages in the order of their places; finds the free places that are not zero. */
  private RecordIndex readRecords(PageCipher cipher, PageTree read, BitSet unclean)
      throws StrongroomException {
    BitSet used = read.used();
    int end = Math.max(used.length(), places.count());
    int[] numbers = new int[end];
    Arrays.fill(numbers, -1);
    for (int number = 0; number < read.pages().size(); number++) {
      numbers[read.pages().get(number).place()] = number;
    }
    byte[][] bodies = new byte[read.pages().size()][];
    try {
      places.each(
          end,
          (place, pages, from) -> {
            int number = numbers[place];
            if (number >= 0) {
              Bytes tag = read.pages().get(number).tag();
              bodies[number] = cipher.open(PageCipher.Kind.RECORDS, number, tag, pages, from);
            } else if (!used.get(place)
                && !RecordChange.isZero(pages, from, from + Places.LENGTH)) {
              unclean.set(place);
            }
          });
      return RecordIndex.of(Arrays.asList(bodies));
    } catch (IllegalArgumentException e) {
      wipe(bodies);
      throw new ElementDamagedException("of its key memory, " + e.getMessage(), e);
    } catch (StrongroomException | RuntimeException e) {
      wipe(bodies);
      throw e;
    }
  }

  private static void wipe(byte[][] bodies) {
    for (byte[] body : bodies) {
      if (body != null) {
        Arrays.fill(body, (byte) 0);
      }
    }
  }
}
