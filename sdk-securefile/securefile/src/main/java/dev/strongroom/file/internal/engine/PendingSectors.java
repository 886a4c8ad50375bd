// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.internal.collect.LongMap;
import dev.strongroom.file.internal.format.v1.TagPage;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The sectors of one file that were encrypted before their commit: their entries, and where their
 * ciphertext lies, which is their place, a slot of the scratch file, or the record that is being
 * written.
 *
 * <p>They are kept by tag page. Of a transaction, which may become as large as it likes, the groups
 * that were not used for longest lie in the scratch file, encrypted, so that what it takes in
 * memory is an eighth of the cache's budget and {@value #INDEX_BYTES} bytes a tag page. It is all
 * counted in that budget.
 *
 * <p>Thread safety: guarded by the file's lock.
 */
final class PendingSectors {

  /** Marks the address of a sector in the record that is being written. */
  static final long IN_RECORD = 1L << 61;

  /** Memory for a group wherever it is. */
  private static final int INDEX_BYTES = 176;

  /** A group, in memory or in the scratch file. */
  private static final class Held {
    final long leaf;
    @Nullable PendingGroup group;
    PendingSpill.@Nullable Ticket ticket;

    /** Whether the scratch file has not got it as it is. */
    boolean changed;

    boolean used;
    boolean dead;

    /** Whether it could not be read when a part of it was to be forgotten. */
    boolean lost;

    Held(long leaf) {
      this.leaf = leaf;
    }
  }

  private final FileNode node;
  private final LongMap<Held> groups = new LongMap<>();

  /** Those whose group is in memory, by the clock's hand. */
  private final ArrayDeque<Held> resident = new ArrayDeque<>();

  /** The blocks of the scratch file that sectors lie in, so that all can be given back unread. */
  private final BitSet slots = new BitSet();

  private @Nullable PendingSpill spill;
  private long size;
  private long bytes;
  private long residentBytes;
  private long changedBytes;
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
  @Nullable PendingGroup group(long sector) throws IOException {
    Held held = size == 0 ? null : groups.get(key(sector));
    return held == null ? null : load(held);
  }

  /** The tag pages that there are groups of, ascending; {@link PendingGroup#HEADER} is one. */
  long[] leafIndexes() {
    long[] keys = groups.sortedKeys();
    for (int i = 0; i < keys.length; i++) {
      keys[i]--;
    }
    return keys;
  }

  /** The group of a tag page that has one. */
  PendingGroup groupOf(long leaf) throws IOException {
    return load(java.util.Objects.requireNonNull(groups.get(leaf + 1)));
  }

  private PendingGroup load(Held held) throws IOException {
    held.used = true;
    PendingGroup group = held.group;
    if (group != null) {
      return group;
    }
    if (held.lost) {
      throw node.damaged(
          "scratch file", -1, 0, Long.MAX_VALUE, "the transaction can only be discarded");
    }
    group =
        java.util.Objects.requireNonNull(spill)
            .read(held.leaf, java.util.Objects.requireNonNull(held.ticket));
    hold(held, group);
    dropUnchanged(held);
    return group;
  }

  private void hold(Held held, PendingGroup group) {
    held.group = group;
    resident.add(held);
    residentBytes += group.bytes();
    charge(group.bytes());
  }

  /** What of a transaction's groups may be in memory, in bytes; all of another's. */
  private long limit() {
    return node.transactional ? node.volume.cache.budget() / 8 : Long.MAX_VALUE;
  }

  /** Whether so much has changed that {@link #spill} is due. */
  boolean isDue() {
    return changedBytes > limit() / 2;
  }

  /** Writes all that has changed into the scratch file, so that its memory can be given back. */
  void spill() throws IOException {
    PendingSpill target = spill;
    if (target == null) {
      target = new PendingSpill(node);
      spill = target;
    }
    for (Held held : resident) {
      PendingGroup group = held.group;
      if (group != null && held.changed && !held.dead) {
        PendingSpill.Ticket ticket = held.ticket;
        if (ticket == null) {
          ticket = target.ticket();
          held.ticket = ticket;
        }
        target.write(group, ticket);
        held.changed = false;
        changedBytes -= group.bytes();
      }
    }
    dropUnchanged(null);
  }

  /** Lets groups go that the scratch file has, those that were not used for longest. */
  private void dropUnchanged(@Nullable Held kept) {
    long most = limit();
    for (int steps = 2 * resident.size(); residentBytes > most && steps > 0; steps--) {
      Held held = resident.remove();
      PendingGroup group = held.group;
      if (held.dead || group == null) {
        continue;
      }
      if (held.used || held.changed || held == kept) {
        held.used = false;
        resident.add(held);
        continue;
      }
      held.group = null;
      residentBytes -= group.bytes();
      charge(-group.bytes());
    }
  }

  /** Takes a sector in; the slot of an older one is given back. */
  void put(long sector, byte[] entries, int entryAt, long address) throws IOException {
    Held held = groups.get(key(sector));
    PendingGroup group;
    if (held == null) {
      held = new Held(PendingGroup.leafOf(sector));
      group = new PendingGroup(held.leaf);
      groups.put(key(sector), held);
      charge(INDEX_BYTES);
      hold(held, group);
    } else {
      group = load(held);
    }
    changed(held, group);
    int index = group.find(sector);
    if (index >= 0) {
      release(group.address(index));
    } else {
      index = -1 - index;
      int before = group.bytes();
      group.insert(index, sector);
      int more = group.bytes() - before;
      residentBytes += more;
      changedBytes += more;
      charge(more);
      size++;
    }
    inPlace += address == FileNode.IN_PLACE ? 1 : 0;
    if (isInScratch(address)) {
      int block = Scratch.block(address & ~Overlay.SCRATCH);
      slots.set(block, block + node.layout.sectorBytes() / Scratch.BLOCK);
    }
    group.set(index, address, entries, entryAt);
  }

  private void changed(Held held, PendingGroup group) {
    if (!held.changed) {
      held.changed = true;
      changedBytes += group.bytes();
    }
  }

  boolean contains(long sector) throws IOException {
    PendingGroup group = group(sector);
    return group != null && group.find(sector) >= 0;
  }

  /** Whether a sector is in place under that very entry, for one that was put a moment ago. */
  boolean isInPlace(long sector, byte[] entries, int entryAt) {
    PendingGroup group = inMemory(sector);
    int index = group == null ? -1 : group.find(sector);
    if (group == null || index < 0 || group.address(index) != FileNode.IN_PLACE) {
      return false;
    }
    int at = index * TagPage.ENTRY;
    int end = entryAt + TagPage.ENTRY;
    return Arrays.equals(group.entries(), at, at + TagPage.ENTRY, entries, entryAt, end);
  }

  /** A group as long as it has changed, and may not leave memory. */
  private @Nullable PendingGroup inMemory(long sector) {
    Held held = groups.get(key(sector));
    return held == null ? null : held.group;
  }

  /** Forgets a sector, put a moment ago, whose content is elsewhere now. */
  void drop(long sector) {
    Held held = groups.get(key(sector));
    PendingGroup group = held == null ? null : held.group;
    int index = group == null ? -1 : group.find(sector);
    if (held != null && group != null && index >= 0) {
      remove(held, group, index);
    }
  }

  private void remove(Held held, PendingGroup group, int index) {
    changed(held, group);
    release(group.address(index));
    group.remove(index);
    size--;
    if (group.count() == 0) {
      forget(held);
    }
  }

  private void forget(Held held) {
    held.dead = true;
    groups.remove(held.leaf + 1);
    charge(-INDEX_BYTES);
    PendingGroup group = held.group;
    if (group != null) {
      changedBytes -= held.changed ? group.bytes() : 0;
      residentBytes -= group.bytes();
      charge(-group.bytes());
      held.group = null;
    }
    if (held.ticket != null) {
      java.util.Objects.requireNonNull(spill).release(held.ticket);
    }
  }

  /**
   * Forgets all sectors from one on and gives their slots back.
   *
   * @throws IOException if it cannot be read which there are; they are forgotten all the same, and
   *     those below are lost until all are forgotten
   */
  void dropFrom(long sector) throws IOException {
    IOException problem = null;
    for (long leaf : size == 0 ? new long[0] : leafIndexes()) {
      if (PendingGroup.endOf(leaf) <= sector) {
        continue;
      }
      Held held = java.util.Objects.requireNonNull(groups.get(leaf + 1));
      try {
        PendingGroup group = load(held);
        for (int i = group.count() - 1; i >= 0 && group.sector(i) >= sector; i--) {
          remove(held, group, i);
        }
      } catch (IOException e) {
        problem = e;
        held.lost = true;
      }
    }
    if (problem != null) {
      throw problem;
    }
  }

  /** Forgets all sectors and gives their slots back. */
  void dropAll() {
    node.volume.scratch.release(slots);
    clear();
  }

  /** Forgets all sectors; their slots go on being used. */
  void clear() {
    PendingSpill ended = spill;
    if (ended != null) {
      for (long key : groups.sortedKeys()) {
        PendingSpill.Ticket ticket = java.util.Objects.requireNonNull(groups.get(key)).ticket;
        if (ticket != null) {
          ended.giveBack(ticket);
        }
      }
      ended.close();
      spill = null;
    }
    charge(-bytes);
    groups.clear();
    resident.clear();
    slots.clear();
    size = 0;
    residentBytes = 0;
    changedBytes = 0;
    inPlace = 0;
  }

  private static long key(long sector) {
    return PendingGroup.leafOf(sector) + 1;
  }

  private void charge(long more) {
    bytes += more;
    node.volume.cache.charge(more);
  }

  private static boolean isInScratch(long address) {
    return address >= 0 && (address & Overlay.SCRATCH) != 0;
  }

  private void release(long address) {
    inPlace -= address == FileNode.IN_PLACE ? 1 : 0;
    if (isInScratch(address)) {
      int bytesOfSector = node.layout.sectorBytes();
      int block = Scratch.block(address & ~Overlay.SCRATCH);
      slots.clear(block, block + bytesOfSector / Scratch.BLOCK);
      node.volume.scratch.release(address & ~Overlay.SCRATCH, bytesOfSector);
    }
  }
}
