// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.ByteRange;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.internal.format.v1.Layout;
import dev.strongroom.file.internal.format.v1.TagPage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes into one file where it is damaged, if the caller insists.
 *
 * <p>A sector that cannot be read is filled with zeros, and marked as purified in part until all of
 * it is written at once. A page of the tree that cannot be read is replaced by one whose entries
 * are lost: what it covers is refused as before, but can be written. Nothing of that is published
 * before the next commit of the file, and nothing stays of it when the change is discarded.
 *
 * <p>Thread safety: guarded by the file's lock.
 */
final class Purification {

  /** What is to be done where a write meets damage. */
  enum OnDamage {
    /** The write fails. */
    REFUSE,
    /** The write goes on. */
    OVERWRITE
  }

  private final FileNode node;
  private final Layout layout;

  Purification(FileNode node) {
    this.node = node;
    layout = node.layout;
  }

  /** Whether a sector must be filled with zeros before a part of it is written. */
  boolean isDamaged(long sector, OnDamage onDamage) throws IOException {
    try {
      node.reader.sector(sector, 1);
      return false;
    } catch (IntegrityException e) {
      if (onDamage == OnDamage.REFUSE || !e.isInContent()) {
        throw e;
      }
      return true;
    }
  }

  /** Fills a sector that cannot be read, which is part of a write from then on. */
  void fill(long sector) {
    int slot = (int) (sector % FileNode.PAGE_SECTORS);
    CachePage page = node.pages.pageFor(sector);
    page.busy++;
    try {
      page.sectors[slot] = node.volume.cache.allocate(layout.sectorBytes());
    } finally {
      page.busy--;
    }
    page.setPurifiedInPart(slot, true);
    node.pages.changed(page, slot);
    node.volume.commits.becameDirty(node);
  }

  /** Marks a sector that was written just now; it may have left the cache since. */
  void mark(long sector) throws IOException {
    node.lock.lock();
    try {
      long from = sector * layout.sectorBytes();
      PageKeys.Span span = node.keysFor(from, from + 1, PageKeys.Purpose.WRITE);
      try {
        node.writer.writable(sector, false);
        int slot = (int) (sector % FileNode.PAGE_SECTORS);
        node.pages.pageFor(sector).setPurifiedInPart(slot, true);
      } finally {
        PageKeys.end(span);
      }
    } finally {
      node.lock.unlock();
    }
  }

  /** Sees to it that a commit can change the entries of sectors. */
  void prepareEntries(long first, long end, OnDamage onDamage) throws IOException {
    for (long sector = Math.max(first, Layout.INLINE); sector < end; ) {
      try {
        node.tree.prepare(sector);
      } catch (IntegrityException e) {
        if (onDamage == OnDamage.REFUSE || !e.isInContent()) {
          throw e;
        }
        node.tree.forgive(sector);
      }
      sector = Layout.firstSector(Layout.leafOf(sector) + 1);
    }
  }

  /** Sees to it that a commit can cut the file. */
  void prepareCut(long keep, OnDamage onDamage) throws IOException {
    if (keep >= Math.min(layout.sectors(node.header.length), node.cut) || keep == 0) {
      return;
    }
    try {
      node.tree.prepareCut(keep);
    } catch (IntegrityException e) {
      if (onDamage == OnDamage.REFUSE || !e.isInContent()) {
        throw e;
      }
      node.tree.forgive(keep - 1);
    }
  }

  /** The ranges that are marked, published or not; joined where they meet. */
  List<ByteRange> marked() throws IOException {
    List<ByteRange> ranges = new ArrayList<>();
    long size = layout.sectorBytes();
    long end = layout.sectors(node.length);
    for (long sector = next(0); sector < end; sector = next(sector + 1)) {
      if (!node.reader.isPurifiedInPart(sector)) {
        continue;
      }
      long to = Math.min(node.length, (sector + 1) * size);
      @Nullable ByteRange last = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
      if (last != null && last.to() == sector * size) {
        ranges.set(ranges.size() - 1, new ByteRange(last.from(), to));
      } else {
        ranges.add(new ByteRange(sector * size, to));
      }
    }
    return ranges;
  }

  /** The next sector that may be marked; pages that cannot be read have no marks. */
  private long next(long from) throws IOException {
    long sector = from;
    while (true) {
      try {
        return node.reader.nextPresent(sector);
      } catch (IntegrityException e) {
        long last = Math.max(sector * layout.sectorBytes() + 1, e.to());
        sector = Math.max(sector + 1, last / layout.sectorBytes());
      }
    }
  }

  /** What the flags of an entry say. */
  static boolean isMarked(byte[] entries, int at) {
    return (TagPage.flags(entries, at) & TagPage.PURIFIED_IN_PART) != 0;
  }
}
