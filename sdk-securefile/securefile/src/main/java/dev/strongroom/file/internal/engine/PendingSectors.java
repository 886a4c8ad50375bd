// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.internal.collect.LongMap;
import org.jspecify.annotations.Nullable;

/**
 * The sectors of one file that left the cache before their commit: their entries, and where their
 * ciphertext lies, which is their place or a slot of the scratch file.
 *
 * <p>Thread safety: guarded by the file's lock.
 */
final class PendingSectors {

  /** A sector that left the cache before its commit. */
  static final class Pending {
    final byte[] entry;

    /** In the scratch file, or {@link FileNode#IN_PLACE}. */
    final long address;

    Pending(byte[] entry, long address) {
      this.entry = entry;
      this.address = address;
    }
  }

  private final FileNode node;
  private final LongMap<Pending> pending = new LongMap<>();

  PendingSectors(FileNode node) {
    this.node = node;
  }

  int size() {
    return pending.size();
  }

  @Nullable Pending get(long sector) {
    return pending.get(sector);
  }

  /** The sectors, ascending. */
  long[] sectors() {
    return pending.sortedKeys();
  }

  /** Takes a sector in; the slot of an older one is given back. */
  void put(long sector, byte[] entry, long address) {
    drop(sector);
    pending.put(sector, new Pending(entry, address));
  }

  /** Takes a sector out whose slot goes on being used. */
  @Nullable Pending remove(long sector) {
    return pending.remove(sector);
  }

  /** Forgets a sector and gives its slot back. */
  void drop(long sector) {
    Pending waiting = pending.remove(sector);
    if (waiting != null && waiting.address != FileNode.IN_PLACE) {
      node.volume.scratch.release(waiting.address & ~Overlay.SCRATCH, node.layout.sectorBytes());
    }
  }

  /** Forgets all sectors from one on. */
  void dropFrom(long sector) {
    for (long waiting : pending.sortedKeys()) {
      if (waiting >= sector) {
        drop(waiting);
      }
    }
  }
}
