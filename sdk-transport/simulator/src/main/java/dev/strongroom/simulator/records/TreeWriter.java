// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator.records;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.StrongroomException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Writes the pages of one change to free places, and gives the tree that names them.
 *
 * <p>Thread safety: confined to one thread.
 */
final class TreeWriter {

  private final Places places;
  private final PageCipher cipher;
  private final long generation;
  private final PageTree before;
  private final BitSet taken;
  private final List<PageTree.Entry> pages;
  private List<PageTree.Entry> pending;
  private int written;
  private int moved;
  private int sinceMove;

  TreeWriter(Places places, PageCipher cipher, long generation, PageTree before) {
    this.places = places;
    this.cipher = cipher;
    this.generation = generation;
    this.before = before;
    this.taken = before.used();
    this.pages = new ArrayList<>(before.pages());
    this.pending = before.pending();
    this.written = before.written();
    this.moved = before.moved();
    this.sinceMove = before.sinceMove();
  }

  /** A page of records, in the place of the one with its number or behind the last. */
  TreeWriter page(int number, byte[] body) throws StrongroomException {
    PageTree.Entry entry = write(PageCipher.Kind.RECORDS, number, body);
    if (number == pages.size()) {
      pages.add(entry);
    } else {
      pages.set(number, entry);
    }
    return this;
  }

  /** Leaves the pages from a number on out. */
  TreeWriter trim(int pageCount) {
    pages.subList(pageCount, pages.size()).clear();
    return this;
  }

  /** Other pending pages. */
  TreeWriter pending(List<byte[]> bodies) throws StrongroomException {
    List<PageTree.Entry> entries = new ArrayList<>();
    for (byte[] body : bodies) {
      entries.add(write(PageCipher.Kind.PENDING, entries.size(), body));
    }
    pending = entries;
    return this;
  }

  /** Moves a page of records elsewhere. */
  TreeWriter move(int number, byte[] body) throws StrongroomException {
    moved = pages.get(number).place();
    sinceMove = 0;
    return page(number, body);
  }

  /** One more change that moves no page. */
  TreeWriter stay() {
    sinceMove = Math.min(PageTree.MOVE_AFTER, sinceMove + 1);
    return this;
  }

  /** Writes the tables that differ, and syncs. */
  PageTree finish(int records) throws StrongroomException {
    List<PageTree.Entry> tables = new ArrayList<>();
    int count = Capacity.tables(pages.size());
    for (int number = 0; number < count; number++) {
      tables.add(
          number < before.tables().size()
                  && entries(before.pages(), number).equals(entries(pages, number))
              ? before.tables().get(number)
              : write(PageCipher.Kind.TABLE, number, PageTree.table(pages, number)));
    }
    places.sync();
    return new PageTree(
        before.capacity(), records, written, moved, sinceMove, pages, tables, pending);
  }

  private static List<PageTree.Entry> entries(List<PageTree.Entry> pages, int table) {
    int from = table * PageTree.TABLE_ENTRIES;
    return pages.subList(from, Math.min(pages.size(), from + PageTree.TABLE_ENTRIES));
  }

  private PageTree.Entry write(PageCipher.Kind kind, int number, byte[] body)
      throws StrongroomException {
    byte[] page = cipher.seal(kind, number, generation, body);
    Bytes tag = PageCipher.tag(page);
    written = nextFree();
    places.write(written, page);
    return new PageTree.Entry(written, tag);
  }

  private int nextFree() {
    int place = taken.nextClearBit(written + 1);
    if (place >= before.capacity().places()) {
      place = taken.nextClearBit(0);
    }
    if (place >= before.capacity().places()) {
      throw new IllegalStateException("no place is free");
    }
    taken.set(place);
    return place;
  }
}
