// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.internal.collect.LongMap;
import org.jspecify.annotations.Nullable;

/**
 * The crypto pages of one file that are in the cache, and which of their sectors have changed.
 *
 * <p>Thread safety: guarded by the file's lock.
 */
final class CachedPages {

  private final FileNode node;
  private final LongMap<CachePage> pages = new LongMap<>();

  /** Those of the pages that have changed sectors. */
  private final LongMap<CachePage> dirty = new LongMap<>();

  private long dirtySectors;

  CachedPages(FileNode node) {
    this.node = node;
  }

  long dirtySectors() {
    return dirtySectors;
  }

  /** How many pages have changed sectors. */
  int dirtyPages() {
    return dirty.size();
  }

  @Nullable CachePage get(long index) {
    return pages.get(index);
  }

  /** Indexes of the pages with changed sectors, ascending. */
  long[] dirtyIndexes() {
    return dirty.sortedKeys();
  }

  /** A page with changed sectors. */
  CachePage dirtyPage(long index) {
    return java.util.Objects.requireNonNull(dirty.get(index));
  }

  /** A sector in clear, or null when it is not in the cache. */
  byte @Nullable [] sector(long sector) {
    CachePage page = pages.get(sector / FileNode.PAGE_SECTORS);
    if (page == null) {
      return null;
    }
    page.used = true;
    return page.sectors[(int) (sector % FileNode.PAGE_SECTORS)];
  }

  boolean contains(long sector) {
    CachePage page = pages.get(sector / FileNode.PAGE_SECTORS);
    return page != null && page.sectors[(int) (sector % FileNode.PAGE_SECTORS)] != null;
  }

  boolean isDirty(long sector) {
    CachePage page = pages.get(sector / FileNode.PAGE_SECTORS);
    return page != null && page.isDirty((int) (sector % FileNode.PAGE_SECTORS));
  }

  /** The page of a sector, made when it is not there. */
  CachePage pageFor(long sector) {
    long index = sector / FileNode.PAGE_SECTORS;
    CachePage page = pages.get(index);
    if (page == null) {
      page = new CachePage(node, index);
      pages.put(index, page);
      node.volume.cache.add(page);
    }
    page.used = true;
    return page;
  }

  /** Notes that a sector has changed. */
  void changed(CachePage page, int slot) {
    if (!page.isDirty(slot)) {
      if (page.dirty == 0) {
        dirty.put(page.index, page);
      }
      page.dirty |= 1 << slot;
      dirtySectors++;
    }
  }

  /** Notes that a sector is not changed, or not any more. */
  void cleaned(CachePage page, int slot) {
    if (page.isDirty(slot)) {
      page.dirty &= ~(1 << slot);
      dirtySectors--;
      if (page.dirty == 0) {
        dirty.remove(page.index);
      }
    }
  }

  /** Notes that a cached sector is not changed any more. */
  void cleaned(long sector) {
    CachePage page = pages.get(sector / FileNode.PAGE_SECTORS);
    if (page != null) {
      cleaned(page, (int) (sector % FileNode.PAGE_SECTORS));
    }
  }

  /** Gives one sector back, changed or not. */
  void forget(long sector) {
    CachePage page = pages.get(sector / FileNode.PAGE_SECTORS);
    if (page != null) {
      int slot = (int) (sector % FileNode.PAGE_SECTORS);
      cleaned(page, slot);
      page.release(slot);
    }
  }

  /** Gives one page back that has no changed sectors. */
  void drop(CachePage page) {
    pages.remove(page.index);
    page.discard();
    left(page.index);
  }

  private void left(long index) {
    if (node.pageKeys != null) {
      node.pageKeys.left(index);
    }
  }

  /** Gives all sectors from one on back, changed or not. */
  void dropFrom(long sector) {
    for (long index : pages.sortedKeys()) {
      if ((index + 1) * FileNode.PAGE_SECTORS > sector) {
        CachePage page = java.util.Objects.requireNonNull(pages.get(index));
        int from = (int) Math.max(0, sector - index * FileNode.PAGE_SECTORS);
        for (int slot = from; slot < FileNode.PAGE_SECTORS; slot++) {
          cleaned(page, slot);
          page.release(slot);
        }
        if (from == 0) {
          page.dead = true;
          pages.remove(index);
          left(index);
        }
      }
    }
  }

  /** Gives everything back, changed or not. */
  void dropAll() {
    for (long index : pages.sortedKeys()) {
      java.util.Objects.requireNonNull(pages.remove(index)).discard();
      left(index);
    }
    dirty.clear();
    dirtySectors = 0;
  }
}
