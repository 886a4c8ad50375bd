// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.internal.collect.LongLongMap;
import dev.strongroom.file.internal.collect.LongMap;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where the newest ciphertext of sectors lies that are committed but not in place: in the journal,
 * whose size bounds how many there are, or in the scratch file, which may have very many; those are
 * packed, at 4 bytes each where neighbours are there too.
 *
 * <p>Addresses in the scratch file carry {@link Overlay#SCRATCH}.
 *
 * <p>Thread safety: guarded by the file's lock.
 */
final class SectorSources {

  /** What {@link #forEach} does with each. */
  @FunctionalInterface
  interface Visitor {
    void visit(long sector, long address) throws IOException;
  }

  /** Memory for one in the journal: the map is between a quarter and half full. */
  private static final long JOURNAL_BYTES = 48;

  /** Memory for a part, beside its slots. */
  private static final long PART_BYTES = 112;

  private static final int PART = 64;

  /** Sectors of one part that lie in the scratch file. */
  private static final class Part {
    private long present;
    private int[] blocks = new int[2];

    private int rank(int index) {
      return Long.bitCount(present & ((1L << index) - 1));
    }

    private int count() {
      return Long.bitCount(present);
    }

    boolean has(int index) {
      return (present >>> index & 1) != 0;
    }

    long address(int index) {
      return (long) blocks[rank(index)] * Scratch.BLOCK | Overlay.SCRATCH;
    }

    /** Sets a sector's block; answers by how many bytes the part has grown. */
    int put(int index, int block) {
      int at = rank(index);
      int grown = 0;
      if (!has(index)) {
        int count = count();
        if (count == blocks.length) {
          grown = blocks.length * Integer.BYTES;
          blocks = Arrays.copyOf(blocks, 2 * count);
        }
        System.arraycopy(blocks, at, blocks, at + 1, count - at);
        present |= 1L << index;
      }
      blocks[at] = block;
      return grown;
    }

    void remove(int index) {
      int at = rank(index);
      System.arraycopy(blocks, at + 1, blocks, at, count() - at - 1);
      present &= ~(1L << index);
    }
  }

  private LongLongMap inJournal = new LongLongMap();
  private final LongMap<Part> parts = new LongMap<>();
  private long partBytes;

  /**
   * About what so many take in memory.
   *
   * @param journaled those in the journal
   * @param scratch those in the scratch file
   * @param leaves how many tag pages those have their entries in
   */
  static long bytesFor(long journaled, long scratch, long leaves) {
    long alone = scratch * (PART_BYTES + 2 * Integer.BYTES);
    long together = scratch * (Integer.BYTES + 1) + leaves * 2 * PART_BYTES;
    return journaled * JOURNAL_BYTES + Math.min(alone, together);
  }

  /** Memory that they take. */
  long bytes() {
    return inJournal.size() * JOURNAL_BYTES + partBytes;
  }

  /** Where a sector lies, or {@link LongLongMap#ABSENT}. */
  long get(long sector) {
    Part part = parts.get(sector / PART);
    int index = (int) (sector % PART);
    return part != null && part.has(index) ? part.address(index) : inJournal.get(sector);
  }

  void put(long sector, long address) {
    if ((address & Overlay.SCRATCH) == 0) {
      removeSlot(sector);
      inJournal.put(sector, address);
      return;
    }
    inJournal.remove(sector);
    Part part = parts.get(sector / PART);
    if (part == null) {
      part = new Part();
      parts.put(sector / PART, part);
      partBytes += PART_BYTES;
    }
    int index = (int) (sector % PART);
    partBytes += part.put(index, Scratch.block(address & ~Overlay.SCRATCH));
  }

  private void removeSlot(long sector) {
    Part part = parts.get(sector / PART);
    int index = (int) (sector % PART);
    if (part != null && part.has(index)) {
      part.remove(index);
      if (part.present == 0) {
        drop(sector / PART, part);
      }
    }
  }

  private void drop(long key, Part part) {
    parts.remove(key);
    partBytes -= PART_BYTES + (part.blocks.length - 2L) * Integer.BYTES;
  }

  /** Forgets all sectors from one on. */
  void dropFrom(long sector) {
    LongLongMap kept = new LongLongMap();
    for (long each : inJournal.sortedKeys()) {
      if (each < sector) {
        kept.put(each, inJournal.get(each));
      }
    }
    inJournal = kept;
    for (long key : parts.sortedKeys()) {
      if ((key + 1) * PART > sector) {
        Part part = java.util.Objects.requireNonNull(parts.get(key));
        for (int index = PART - 1; index >= 0 && key * PART + index >= sector; index--) {
          if (part.has(index)) {
            part.remove(index);
          }
        }
        if (part.present == 0) {
          drop(key, part);
        }
      }
    }
  }

  /** Visits all, in ascending order of sectors. */
  void forEach(Visitor visitor) throws IOException {
    long[] single = inJournal.sortedKeys();
    int next = 0;
    for (long key : parts.sortedKeys()) {
      @Nullable Part part = parts.get(key);
      for (int index = 0; part != null && index < PART; index++) {
        long sector = key * PART + index;
        while (next < single.length && single[next] < sector) {
          visitor.visit(single[next], inJournal.get(single[next]));
          next++;
        }
        if (part.has(index)) {
          visitor.visit(sector, part.address(index));
        }
      }
    }
    for (; next < single.length; next++) {
      visitor.visit(single[next], inJournal.get(single[next]));
    }
  }

  /** Visits those in the scratch file with the address there, in ascending order of sectors. */
  void forEachInScratch(Visitor visitor) throws IOException {
    for (long key : parts.sortedKeys()) {
      Part part = java.util.Objects.requireNonNull(parts.get(key));
      for (int index = 0; index < PART; index++) {
        if (part.has(index)) {
          visitor.visit(key * PART + index, part.address(index) & ~Overlay.SCRATCH);
        }
      }
    }
  }

  /** The same sources, for somebody who reads them without the lock. */
  SectorSources copy() {
    SectorSources copy = new SectorSources();
    for (long sector : inJournal.sortedKeys()) {
      copy.inJournal.put(sector, inJournal.get(sector));
    }
    for (long key : parts.sortedKeys()) {
      Part part = java.util.Objects.requireNonNull(parts.get(key));
      Part same = new Part();
      same.present = part.present;
      same.blocks = part.blocks.clone();
      copy.parts.put(key, same);
    }
    copy.partBytes = partBytes;
    return copy;
  }
}
