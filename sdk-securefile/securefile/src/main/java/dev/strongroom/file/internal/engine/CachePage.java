// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import org.jspecify.annotations.Nullable;

/**
 * A crypto page: {@link FileNode#PAGE_SECTORS} consecutive sectors of one file in clear, each there
 * or not, each changed or not. Unit of eviction.
 *
 * <p>Thread safety: guarded by the file's lock.
 */
final class CachePage extends PageCache.Item {

  final FileNode node;
  final long index;
  final byte[] @Nullable [] sectors = new byte[FileNode.PAGE_SECTORS][];
  int dirty;

  /** Sectors that were damaged, and of which a part has been written since. */
  private int purifiedInPart;

  /** While above 0 the page is being worked on and stays. */
  int busy;

  CachePage(FileNode node, long index) {
    this.node = node;
    this.index = index;
  }

  @Override
  PageCache.Eviction tryEvict(long round) {
    if (!node.lock.tryLock()) {
      return PageCache.Eviction.BUSY;
    }
    try {
      if (dead) {
        return PageCache.Eviction.DONE;
      }
      if (busy > 0 || (dirty != 0 && node.committing)) {
        return node.lock.getHoldCount() > 1 ? PageCache.Eviction.KEPT : PageCache.Eviction.BUSY;
      }
      PageCache.Eviction writing =
          dirty == 0 ? PageCache.Eviction.DONE : node.writer.tryWriteOut(index, round);
      if (writing == PageCache.Eviction.DONE) {
        node.pages.drop(this);
      }
      return writing;
    } finally {
      node.lock.unlock();
    }
  }

  boolean isDirty(int slot) {
    return (dirty & (1 << slot)) != 0;
  }

  boolean isPurifiedInPart(int slot) {
    return (purifiedInPart & (1 << slot)) != 0;
  }

  void setPurifiedInPart(int slot, boolean marked) {
    purifiedInPart = marked ? purifiedInPart | (1 << slot) : purifiedInPart & ~(1 << slot);
  }

  /** Zeroes and gives back one sector. */
  void release(int slot) {
    byte[] clear = sectors[slot];
    if (clear != null) {
      sectors[slot] = null;
      node.volume.cache.free(clear);
    }
  }

  /** Zeroes and gives back all sectors. */
  void discard() {
    dead = true;
    dirty = 0;
    for (int slot = 0; slot < sectors.length; slot++) {
      release(slot);
    }
  }
}
