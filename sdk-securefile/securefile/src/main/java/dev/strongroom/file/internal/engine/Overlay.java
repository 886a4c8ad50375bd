// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.internal.collect.LongLongMap;
import dev.strongroom.file.internal.collect.LongMap;
import dev.strongroom.file.internal.format.v1.JournalRecord;
import dev.strongroom.file.internal.format.v1.Layout;
import dev.strongroom.file.internal.format.v1.TagPage;

/**
 * What is committed of one file but not yet in place: lies in the journal, in the scratch file and,
 * for pages of the tree, in memory.
 *
 * <p>Grows with each commit, is rebuilt from the records by a recovery, and ends with a checkpoint.
 *
 * <p>Thread safety: guarded by the file's lock.
 */
final class Overlay {

  /** Marks the address of a slot in the scratch file; the others are addresses in the journal. */
  static final long SCRATCH = 1L << 62;

  /** Memory for one page in the scratch file: the map is between a quarter and half full. */
  private static final long SPILLED_BYTES = 48;

  /** What is counted in the cache's budget, beside the pages in memory. */
  private long counted;

  /** Where the newest ciphertext of a sector lies. */
  final SectorSources sources = new SectorSources();

  /** Pages of the tree that differ from those in place. */
  final LongMap<byte[]> pages = new LongMap<>();

  /** Where other such pages lie in the scratch file, for this process only. */
  final LongLongMap spilled = new LongLongMap();

  /** The host file in which the file will lie, as the newest record says. */
  String host = "";

  /** Whether the newest record says that the file has no name any more. */
  boolean unlinked;

  /** The newest header, its used part. */
  byte[] header = new byte[0];

  /** One key for level and index. */
  static long key(int level, long index) {
    return ((long) level << 56) | index;
  }

  static int level(long key) {
    return (int) (key >>> 56);
  }

  static long index(long key) {
    return key & ((1L << 56) - 1);
  }

  /** Counts sources and pages outside of memory as they are now in the cache's budget. */
  void count(PageCache cache) {
    long now = sources.bytes() + spilled.size() * SPILLED_BYTES;
    cache.pin(now - counted);
    counted = now;
  }

  /** Takes them out of the cache's budget. */
  void discount(PageCache cache) {
    cache.pin(-counted);
    counted = 0;
  }

  /** Takes in a record's changes, in the order in which the commit made them. */
  void replay(JournalRecord.FileChange change, long sectors) {
    if (change.cut() != JournalRecord.NO_CUT) {
      cut(change.cut());
    }
    for (JournalRecord.PageImage image : change.pages()) {
      pages.put(key(image.level(), image.index()), image.page().clone());
    }
    for (JournalRecord.EntryChange entry : change.entries()) {
      byte[] page = pages.get(key(0, Layout.leafOf(entry.sector())));
      if (page != null) {
        System.arraycopy(
            entry.entry(), 0, page, TagPage.offset(Layout.slotOf(entry.sector())), TagPage.ENTRY);
      }
    }
    for (JournalRecord.SectorSource source : change.sectors()) {
      sources.put(source.sector(), source.address());
    }
    for (JournalRecord.SectorSource source : change.scratch()) {
      sources.put(source.sector(), source.address() | SCRATCH);
    }
    header = change.header();
    host = change.host();
    unlinked = change.unlinked();
    dropBeyond(sectors);
  }

  /** Makes holes of all sectors from one on, as far as this overlay knows them. */
  private void cut(long sector) {
    long keep = Layout.leaves(sector);
    dropBeyond(sector);
    for (long key : pages.sortedKeys()) {
      int level = level(key);
      long index = index(key);
      byte[] page = java.util.Objects.requireNonNull(pages.get(key));
      int from = firstCut(level, index, sector, keep);
      if (from < Layout.FANOUT) {
        TagPage.clearFrom(page, from);
      }
    }
  }

  /** The first entry of a page that a cut clears; {@link Layout#FANOUT} when it clears none. */
  static int firstCut(int level, long index, long sector, long keep) {
    if (level == 0) {
      return (int) Math.max(0, Math.min(Layout.FANOUT, sector - Layout.firstSector(index)));
    }
    long span = 1;
    for (int i = 1; i < level; i++) {
      span *= Layout.FANOUT;
    }
    long children = (keep + span - 1) / span;
    return (int) Math.max(0, Math.min(Layout.FANOUT, children - index * Layout.FANOUT));
  }

  private void dropBeyond(long sectors) {
    long keep = Layout.leaves(sectors);
    int height = keep == 0 ? -1 : Layout.height(keep);
    for (long key : pages.sortedKeys()) {
      if (beyond(level(key), index(key), keep, height)) {
        pages.remove(key);
      }
    }
    sources.dropFrom(sectors);
  }

  /** Whether a page lies outside a tree of so many leaves. */
  static boolean beyond(int level, long index, long leaves, int height) {
    if (level > height) {
      return true;
    }
    long span = 1;
    for (int i = 0; i < level; i++) {
      span *= Layout.FANOUT;
    }
    return index * span >= leaves;
  }
}
