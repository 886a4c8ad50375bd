// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator.records;

import dev.strongroom.core.StrongroomException;
import java.util.BitSet;

/**
 * The places of pages on the element's store, behind the copies of its state. A free place is all
 * zero.
 *
 * <p>Thread safety: confined, as its medium is.
 */
final class Places {

  static final int LENGTH = Capacity.PLACE_LENGTH;
  static final long AREA = 36_864;

  private static final int AT_ONCE = 64;

  private final PageMedium medium;

  /** Takes each place of the medium in turn. */
  interface Visitor {
    void visit(int place, byte[] pages, int from) throws StrongroomException;
  }

  Places(PageMedium medium) {
    this.medium = medium;
  }

  /** How many there are on the medium, the last perhaps in part. */
  int count() throws StrongroomException {
    long area = Math.max(0, medium.size() - AREA);
    return (int) Math.min(Capacity.MAX_PLACES, (area + LENGTH - 1) / LENGTH);
  }

  byte[] read(int place) throws StrongroomException {
    byte[] page = new byte[LENGTH];
    medium.read(position(place), page);
    return page;
  }

  /** Reads the first places in large pieces. */
  void each(int end, Visitor visitor) throws StrongroomException {
    byte[] pages = new byte[Math.min(AT_ONCE, end) * LENGTH];
    for (int first = 0; first < end; first += AT_ONCE) {
      medium.read(position(first), pages);
      for (int i = 0; i < AT_ONCE && first + i < end; i++) {
        visitor.visit(first + i, pages, i * LENGTH);
      }
    }
  }

  void write(int place, byte[] page) throws StrongroomException {
    medium.write(position(place), page);
  }

  void sync() throws StrongroomException {
    medium.sync();
  }

  /** Writes zeros, durable on return. */
  void erase(BitSet freed) throws StrongroomException {
    for (int place = freed.nextSetBit(0); place >= 0; place = freed.nextSetBit(place + 1)) {
      medium.write(position(place), new byte[LENGTH]);
    }
    if (!freed.isEmpty()) {
      medium.sync();
    }
  }

  /** Writes zeros to whatever is not, durable on return. */
  void eraseAll() throws StrongroomException {
    BitSet found = new BitSet();
    each(
        count(),
        (place, pages, from) -> {
          if (!RecordChange.isZero(pages, from, from + LENGTH)) {
            found.set(place);
          }
        });
    erase(found);
  }

  private static long position(int place) {
    return AREA + (long) place * LENGTH;
  }
}
