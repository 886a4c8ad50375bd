// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.internal.format.v1.Layout;
import dev.strongroom.file.internal.format.v1.TagPage;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The pending sectors whose entries belong into one tag page, or into the header, ascending: their
 * entries, and where their ciphertext lies.
 *
 * <p>Entries are packed in one array, so that a commit copies them from there.
 *
 * <p>Thread safety: guarded by the file's lock.
 */
final class PendingGroup {

  /** Length of one sector's share of {@link #encode}, in bytes. */
  static final int SECTOR_BYTES = TagPage.ENTRY + Long.BYTES + 1;

  /** The group of the header's entries. */
  static final long HEADER = -1;

  private static final int LEAST = 4;

  /** Memory of the object and its arrays, without what is in them. */
  private static final int FIXED_BYTES = 112;

  /** The tag page's index, or {@link #HEADER}. */
  final long leaf;

  /** The sector of slot 0. */
  final long first;

  private int count;
  private byte[] slots;
  private long[] addresses;
  private byte[] entries;

  PendingGroup(long leaf) {
    this(leaf, LEAST);
  }

  private PendingGroup(long leaf, int capacity) {
    this.leaf = leaf;
    first = firstOf(leaf);
    slots = new byte[capacity];
    addresses = new long[capacity];
    entries = new byte[capacity * TagPage.ENTRY];
  }

  /** The group that a sector belongs to. */
  static long leafOf(long sector) {
    return sector < Layout.INLINE ? HEADER : Layout.leafOf(sector);
  }

  /** The first sector that may belong to a group. */
  static long firstOf(long leaf) {
    return leaf == HEADER ? 0 : Layout.firstSector(leaf);
  }

  /** The first sector behind all that may belong to a group. */
  static long endOf(long leaf) {
    return Layout.firstSector(leaf + 1);
  }

  int count() {
    return count;
  }

  /** Memory that it takes. */
  int bytes() {
    return FIXED_BYTES + slots.length * SECTOR_BYTES;
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

  /** Makes room for a sector. */
  void insert(int index, long sector) {
    if (count == slots.length) {
      int capacity = Math.min(Layout.FANOUT, 2 * count);
      byte[] moreEntries = Arrays.copyOf(entries, capacity * TagPage.ENTRY);
      long[] moreAddresses = Arrays.copyOf(addresses, capacity);
      slots = Arrays.copyOf(slots, capacity); // all of them, or none where there is no memory
      addresses = moreAddresses;
      entries = moreEntries;
    }
    shift(index, index + 1);
    count++;
    slots[index] = (byte) (sector - first);
  }

  void set(int index, long address, byte[] source, int entryAt) {
    addresses[index] = address;
    System.arraycopy(source, entryAt, entries, index * TagPage.ENTRY, TagPage.ENTRY);
  }

  void remove(int index) {
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

  /** Writes slots, addresses and entries, one behind the other; answers how many bytes. */
  int encode(byte[] target) {
    ByteBuffer out = ByteBuffer.wrap(target);
    out.put(slots, 0, count);
    for (int i = 0; i < count; i++) {
      out.putLong(addresses[i]);
    }
    out.put(entries, 0, count * TagPage.ENTRY);
    return out.position();
  }

  /** Reads what {@link #encode} has written. */
  static PendingGroup decode(long leaf, int count, byte[] source) {
    PendingGroup group = new PendingGroup(leaf, Math.max(LEAST, count));
    ByteBuffer in = ByteBuffer.wrap(source);
    in.get(group.slots, 0, count);
    for (int i = 0; i < count; i++) {
      group.addresses[i] = in.getLong();
    }
    in.get(group.entries, 0, count * TagPage.ENTRY);
    group.count = count;
    return group;
  }
}
