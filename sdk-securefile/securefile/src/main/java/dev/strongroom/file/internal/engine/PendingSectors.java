// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.internal.collect.LongMap;
import dev.strongroom.file.internal.format.v1.Layout;
import dev.strongroom.file.internal.format.v1.TagPage;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The sectors of one file that were encrypted before their commit: their entries, and where their
 * ciphertext lies, which is their place, a slot of the scratch file, or the record that is being
 * written.
 *
 * <p>Entries are packed in one array for each tag page, so that a commit copies them from there;
 * the arrays are counted in the cache's budget.
 *
 * <p>Thread safety: guarded by the file's lock.
 */
final class PendingSectors {

  /** Marks the address of a sector in the record that is being written. */
  static final long IN_RECORD = 1L << 61;

  private static final int LEAST = 4;
  private static final int SECTOR_BYTES = TagPage.ENTRY + Long.BYTES + 1;

  /** Those whose entries belong into one tag page, or into the header; ascending. */
  static final class Group {

    /** The tag page's index, or -1 for the header. */
    final long leaf;

    /** The sector of slot 0. */
    final long first;

    private int count;
    private byte[] slots = new byte[LEAST];
    private long[] addresses = new long[LEAST];
    private byte[] entries = new byte[LEAST * TagPage.ENTRY];

    Group(long leaf) {
      this.leaf = leaf;
      first = leaf < 0 ? 0 : Layout.firstSector(leaf);
    }

    int count() {
      return count;
    }

    long sector(int index) {
      return first + slots[index];
    }

    long address(int index) {
      return addresses[index];
    }

    /** The entries, one behind the other. */
    byte[] entries() {
      return entries;
    }

    /** Copies the entries to their slots in an array. */
    void copyTo(byte[] target, int offset) {
      boolean gapless = slots[count - 1] - slots[0] == count - 1;
      int runs = gapless ? 1 : count;
      for (int i = 0; i < runs; i++) {
        int length = gapless ? count * TagPage.ENTRY : TagPage.ENTRY;
        int at = offset + slots[i] * TagPage.ENTRY;
        System.arraycopy(entries, i * TagPage.ENTRY, target, at, length);
      }
    }

    /** Where a sector is, or, if it is not there, -1 - where it would be. */
    int find(long sector) {
      int slot = (int) (sector - first);
      if (slot < count && slots[slot] == slot) {
        return slot;
      }
      return Arrays.binarySearch(slots, 0, count, (byte) slot);
    }

    /** Makes room for a sector; answers whether the arrays have grown. */
    private boolean insert(int index, long sector) {
      boolean full = count == slots.length;
      if (full) {
        int capacity = Math.min(Layout.FANOUT, 2 * count);
        slots = Arrays.copyOf(slots, capacity);
        addresses = Arrays.copyOf(addresses, capacity);
        entries = Arrays.copyOf(entries, capacity * TagPage.ENTRY);
      }
      shift(index, index + 1);
      count++;
      slots[index] = (byte) (sector - first);
      return full;
    }

    private void remove(int index) {
      shift(index + 1, index);
      count--;
    }

    private void shift(int from, int to) {
      int moved = count - from;
      System.arraycopy(slots, from, slots, to, moved);
      System.arraycopy(addresses, from, addresses, to, moved);
      System.arraycopy(
          entries, from * TagPage.ENTRY, entries, to * TagPage.ENTRY, moved * TagPage.ENTRY);
    }
  }

  private final FileNode node;
  private final LongMap<Group> groups = new LongMap<>();
  private long size;
  private long bytes;
  private long inPlace;

  PendingSectors(FileNode node) {
    this.node = node;
  }

  long size() {
    return size;
  }

  /** How many of them lie in their place. */
  long inPlace() {
    return inPlace;
  }

  /** How many tag pages their entries belong into. */
  int leaves() {
    return groups.size();
  }

  /** Memory that they take. */
  long bytes() {
    return bytes;
  }

  /** The group that a sector belongs to, or null when it has none. */
  @Nullable Group group(long sector) {
    return size == 0 ? null : groups.get(key(sector));
  }

  /** All groups, ascending. */
  Group[] groups() {
    long[] keys = groups.sortedKeys();
    Group[] all = new Group[keys.length];
    for (int i = 0; i < keys.length; i++) {
      all[i] = java.util.Objects.requireNonNull(groups.get(keys[i]));
    }
    return all;
  }

  /** Takes a sector in; the slot of an older one is given back. */
  void put(long sector, byte[] entries, int entryAt, long address) {
    long key = key(sector);
    Group group = groups.get(key);
    if (group == null) {
      group = new Group(key - 1);
      groups.put(key, group);
      charge((long) group.slots.length * SECTOR_BYTES);
    }
    int index = group.find(sector);
    if (index >= 0) {
      release(group.addresses[index]);
    } else {
      index = -1 - index;
      int before = group.slots.length;
      if (group.insert(index, sector)) {
        charge((long) (group.slots.length - before) * SECTOR_BYTES);
      }
      size++;
    }
    inPlace += address == FileNode.IN_PLACE ? 1 : 0;
    group.addresses[index] = address;
    System.arraycopy(entries, entryAt, group.entries, index * TagPage.ENTRY, TagPage.ENTRY);
  }

  boolean contains(long sector) {
    Group group = group(sector);
    return group != null && group.find(sector) >= 0;
  }

  /** Whether a sector is in place under that very entry. */
  boolean isInPlace(long sector, byte[] entries, int entryAt) {
    Group group = group(sector);
    int index = group == null ? -1 : group.find(sector);
    if (group == null || index < 0 || group.addresses[index] != FileNode.IN_PLACE) {
      return false;
    }
    int at = index * TagPage.ENTRY;
    int end = entryAt + TagPage.ENTRY;
    return Arrays.equals(group.entries, at, at + TagPage.ENTRY, entries, entryAt, end);
  }

  /** Forgets a sector whose content is elsewhere now. */
  void drop(long sector) {
    Group group = group(sector);
    int index = group == null ? -1 : group.find(sector);
    if (group != null && index >= 0) {
      release(group.addresses[index]);
      remove(group, index);
    }
  }

  private void remove(Group group, int index) {
    group.remove(index);
    size--;
    if (group.count == 0) {
      groups.remove(group.leaf + 1);
      charge(-(long) group.slots.length * SECTOR_BYTES);
    }
  }

  /** Forgets all sectors from one on and gives their slots back. */
  void dropFrom(long sector) {
    if (size == 0) {
      return;
    }
    for (Group group : groups()) {
      while (group.count > 0 && group.sector(group.count - 1) >= sector) {
        release(group.addresses[group.count - 1]);
        remove(group, group.count - 1);
      }
    }
  }

  /** Forgets all sectors; their slots go on being used. */
  void clear() {
    charge(-bytes);
    groups.clear();
    size = 0;
    inPlace = 0;
  }

  private static long key(long sector) {
    return sector < Layout.INLINE ? 0 : Layout.leafOf(sector) + 1;
  }

  private void charge(long more) {
    bytes += more;
    node.volume.cache.charge(more);
  }

  private void release(long address) {
    inPlace -= address == FileNode.IN_PLACE ? 1 : 0;
    if (address >= 0 && (address & Overlay.SCRATCH) != 0) {
      node.volume.scratch.release(address & ~Overlay.SCRATCH, node.layout.sectorBytes());
    }
  }
}
