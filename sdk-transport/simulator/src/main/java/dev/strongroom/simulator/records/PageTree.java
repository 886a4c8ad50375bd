// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator.records;

import dev.strongroom.core.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which page is where: what the root says, with the entries of its tables.
 *
 * <p>Thread safety: immutable.
 *
 * @param capacity how much there may be
 * @param records how many there are, pending ones included
 * @param written place that was written last
 * @param moved place whose page was moved last
 * @param sinceMove changes since a page was moved
 * @param pages of records, by number
 * @param tables that name them, none as long as the root can
 * @param pending pages of a change that is made but not yet in the pages of records
 */
record PageTree(
    Capacity capacity,
    int records,
    int written,
    int moved,
    int sinceMove,
    List<Entry> pages,
    List<Entry> tables,
    List<Entry> pending) {

  /** Entries of a table. */
  static final int TABLE_ENTRIES = 200;

  /** The most pending pages. */
  static final int MAX_PENDING = 8;

  /** The changes after which a page is moved. */
  static final int MOVE_AFTER = 16;

  static final int ENTRY_LENGTH = 4 + PageCipher.TAG_LENGTH;

  private static final int LAYOUT = 1;
  private static final int HEADER_LENGTH = 28;

  /** Where a page is, and which tag it has. */
  record Entry(int place, Bytes tag) {

    void writeTo(ByteBuffer out) {
      out.putInt(place).put(tag.toByteArray());
    }
  }

  /** What a root says by itself: with tables, the pages that they name are still to be read. */
  record Root(PageTree tree, int pageCount) {}

  PageTree {
    pages = List.copyOf(pages);
    tables = List.copyOf(tables);
    pending = List.copyOf(pending);
  }

  static PageTree empty(Capacity capacity) {
    int last = capacity.places() - 1;
    return new PageTree(capacity, 0, last, last, 0, List.of(), List.of(), List.of());
  }

  PageTree withPages(List<Entry> read) {
    return new PageTree(capacity, records, written, moved, sinceMove, read, tables, pending);
  }

  PageTree withCapacity(Capacity other) {
    return new PageTree(other, records, written, moved, sinceMove, pages, tables, pending);
  }

  /** The places that are not free. */
  BitSet used() {
    BitSet used = new BitSet(capacity.places());
    entries().forEach(entry -> used.set(entry.place()));
    return used;
  }

  int free() {
    return capacity.places() - pages.size() - tables.size() - pending.size();
  }

  private Stream<Entry> entries() {
    return Stream.of(pages, tables, pending).flatMap(List::stream);
  }

  /** Whether each entry has a place of its own that is there. */
  boolean isConsistent() {
    return entries().allMatch(e -> e.place() >= 0 && e.place() < capacity.places())
        && used().cardinality() == entries().count();
  }

  /** The entries of one table, {@value PageCipher#BODY_LENGTH} bytes. */
  static byte[] table(List<Entry> pages, int number) {
    ByteBuffer out = ByteBuffer.allocate(PageCipher.BODY_LENGTH);
    int from = number * TABLE_ENTRIES;
    pages
        .subList(from, Math.min(pages.size(), from + TABLE_ENTRIES))
        .forEach(entry -> entry.writeTo(out));
    return out.array();
  }

  /**
   * Reads a table.
   *
   * @param rest how many pages this table and those behind it name
   * @throws IllegalArgumentException if there is anything behind the entries
   */
  static List<Entry> entries(byte[] table, int rest) {
    ByteBuffer in = ByteBuffer.wrap(table);
    List<Entry> entries = read(in, Math.min(rest, TABLE_ENTRIES));
    if (!RecordChange.isZero(table, in.position(), table.length)) {
      throw new IllegalArgumentException("a table has too many entries");
    }
    return entries;
  }

  private static List<Entry> read(ByteBuffer in, int count) {
    List<Entry> entries = new ArrayList<>(count);
    byte[] tag = new byte[PageCipher.TAG_LENGTH];
    for (int i = 0; i < count; i++) {
      int place = in.getInt();
      in.get(tag);
      entries.add(new Entry(place, Bytes.copyOf(tag)));
    }
    return entries;
  }

  Bytes encode() {
    List<Entry> named = tables.isEmpty() ? pages : tables;
    ByteBuffer out =
        ByteBuffer.allocate(HEADER_LENGTH + (named.size() + pending.size()) * ENTRY_LENGTH);
    out.putShort((short) LAYOUT).putShort((short) sinceMove).putInt(capacity.places());
    out.putInt(pages.size()).putInt(records).putInt(written).putInt(moved).putInt(pending.size());
    named.forEach(entry -> entry.writeTo(out));
    pending.forEach(entry -> entry.writeTo(out));
    return Bytes.copyOf(out.array());
  }

  /**
   * Reads a root.
   *
   * @throws IllegalArgumentException if it is malformed; the message says where
   */
  static Root parse(Bytes encoded) {
    ByteBuffer in = ByteBuffer.wrap(encoded.toByteArray());
    if (in.remaining() < HEADER_LENGTH || in.getShort() != LAYOUT) {
      throw new IllegalArgumentException("its root has another layout");
    }
    int sinceMove = in.getShort();
    Capacity capacity = new Capacity(in.getInt());
    int pageCount = in.getInt();
    int records = in.getInt();
    int written = in.getInt();
    int moved = in.getInt();
    int pendingCount = in.getInt();
    if (sinceMove < 0
        || sinceMove > MOVE_AFTER
        || pageCount < 0
        || pageCount > capacity.pages()
        || records < 0
        || records > capacity.records()
        || written < 0
        || written >= capacity.places()
        || moved < 0
        || moved >= capacity.places()
        || pendingCount < 0
        || pendingCount > MAX_PENDING) {
      throw new IllegalArgumentException("a number of its root is out of range");
    }
    int tableCount = Capacity.tables(pageCount);
    int named = tableCount == 0 ? pageCount : tableCount;
    if (in.remaining() != (named + pendingCount) * ENTRY_LENGTH) {
      throw new IllegalArgumentException("its root has a wrong length");
    }
    List<Entry> first = read(in, named);
    List<Entry> pending = read(in, pendingCount);
    PageTree tree =
        new PageTree(
            capacity,
            records,
            written,
            moved,
            sinceMove,
            tableCount == 0 ? first : List.of(),
            tableCount == 0 ? List.of() : first,
            pending);
    if (!tree.isConsistent()) {
      throw new IllegalArgumentException("a place is out of range");
    }
    return new Root(tree, pageCount);
  }
}
