// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.Layout;
import dev.strongroom.file.internal.format.v1.TagPage;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the sectors of one file and brings them into the cache.
 *
 * <p>A sector is found, in this order, in the cache; among the pending ones; in the overlay,
 * committed but not in place; in place; or it is a hole. Sectors that lie in place one behind the
 * other are read together.
 *
 * <p>Thread safety: guarded by the file's lock.
 */
final class SectorReader {

  /** How far a read that goes on where the last one ended looks ahead. */
  private static final int READ_AHEAD_BYTES = 256 << 10;

  /** The longest run that is read at once. */
  private static final int LONGEST_RUN = 512 << 10;

  /** Calls from this length on may go past the cache. */
  private static final int DIRECT_BYTES = 64 << 10;

  private final FileNode node;
  private final Layout layout;
  private long nextSequential = -1;

  /** Where the entry of the sector stands that was located last. */
  private byte[] entry = new byte[0];

  private int entryAt;

  SectorReader(FileNode node) {
    this.node = node;
    layout = node.layout;
  }

  /** Reads bytes that lie below the file's length. */
  void read(long position, byte[] target, int offset, int count) throws IOException {
    int size = layout.sectorBytes();
    boolean past = isScan(position, count);
    for (int done = 0; done < count; ) {
      long sector = (position + done) / size;
      int within = (int) ((position + done) % size);
      int part = Math.min(size - within, count - done);
      int whole = within == 0 ? (count - done) / size : 0;
      if (past && whole > 0 && !node.pages.contains(sector)) {
        int direct = readDirectly(sector, whole, target, offset + done);
        if (direct > 0) {
          done += direct * size;
          nextSequential = sector + direct;
          continue;
        }
      }
      long more = (within + (long) count - done + size - 1) / size;
      byte[] clear = sector(sector, more);
      if (clear == null) {
        Arrays.fill(target, offset + done, offset + done + part, (byte) 0);
      } else {
        System.arraycopy(clear, within, target, offset + done, part);
      }
      nextSequential = sector + 1;
      done += part;
    }
  }

  /**
   * Whether a read goes on where the last one ended, in large calls, through a file that would take
   * much of the cache: then what it reads is not kept.
   */
  private boolean isScan(long position, int count) {
    return count >= DIRECT_BYTES
        && position / layout.sectorBytes() == nextSequential
        && node.length > node.volume.cache.budget() / 4;
  }

  /** Decrypts whole sectors that lie in place into the caller's array; answers how many. */
  private int readDirectly(long first, int wanted, byte[] target, int offset) throws IOException {
    node.place.settle();
    if (locate(first) != FileNode.IN_PLACE) {
      return 0;
    }
    int size = layout.sectorBytes();
    int most = Math.min(wanted, LONGEST_RUN / size);
    byte[] entries = new byte[most * TagPage.ENTRY];
    int run = locateRun(first, most, entries);
    byte[][] all = {target};
    int complete = 0;
    try {
      complete = run(first, run, entries, all, offset).finish();
      return complete;
    } finally {
      Arrays.fill(target, offset + complete * size, offset + run * size, (byte) 0);
    }
  }

  private SharedRun run(long first, int run, byte[] entries, byte[][] targets, int offset)
      throws IOException {
    return new SharedRun(node, node.place.forReading(), first, run, entries, targets, offset);
  }

  /** A clear sector, or null for a hole; {@code wanted} sectors from it on will be asked for. */
  byte @Nullable [] sector(long sector, long wanted) throws IOException {
    byte[] cached = node.pages.sector(sector);
    if (cached != null) {
      return cached;
    }
    node.place.settle();
    cached = node.pages.sector(sector); // a run that has failed is there again
    if (cached != null) {
      return cached;
    }
    long address = locate(sector);
    if (address == FileNode.HOLE) {
      return null;
    }
    if (address == FileNode.LOST) {
      throw damaged(sector, "its entry was lost with a damaged page of the tree");
    }
    if (address != FileNode.IN_PLACE) {
      return loadFrom(sector, address);
    }
    long ahead = wanted;
    if (sector == nextSequential) {
      ahead = Math.max(wanted, READ_AHEAD_BYTES / layout.sectorBytes());
    }
    return loadRun(sector, (int) Math.min(ahead, LONGEST_RUN / layout.sectorBytes()));
  }

  /** The first sector from one on that is not a hole, or the number of sectors. */
  long nextPresent(long sector) throws IOException {
    long end = layout.sectors(node.length);
    long next = sector;
    while (next < end && locate(next) == FileNode.HOLE) {
      long leaf = next < Layout.INLINE ? 0 : Layout.leafOf(next);
      long filled = next < Layout.INLINE ? leaf : node.tree.nextLeaf(leaf);
      next = filled > leaf ? Layout.firstSector(filled) : next + 1;
    }
    return Math.min(next, end);
  }

  /** Whether a sector that is not in the cache is no hole. */
  boolean isPresent(long sector) throws IOException {
    return locate(sector) != FileNode.HOLE;
  }

  /** Finds where a sector lies that is not in the cache, and its entry. */
  private long locate(long sector) throws IOException {
    PendingGroup waiting = node.pending.group(sector);
    int index = waiting == null ? -1 : waiting.find(sector);
    if (waiting != null && index >= 0) {
      entry = waiting.entries();
      entryAt = index * TagPage.ENTRY;
      return waiting.address(index);
    }
    if (sector >= node.cut || sector >= layout.sectors(node.header.length)) {
      return FileNode.HOLE;
    }
    if (sector < Layout.INLINE) {
      entry = node.header.inline;
      entryAt = (int) sector * TagPage.ENTRY;
    } else {
      byte[] leaf = node.tree.leaf(sector);
      if (leaf == null) {
        return FileNode.HOLE;
      }
      entry = leaf;
      entryAt = TagPage.offset(Layout.slotOf(sector));
    }
    if (TagPage.isNull(entry, entryAt)) {
      return FileNode.HOLE;
    }
    if (TagPage.isLost(entry, entryAt)) {
      return FileNode.LOST;
    }
    Overlay over = node.overlay;
    if (over != null) {
      long address = over.sources.get(sector);
      if (address >= 0) {
        return address;
      }
    }
    return FileNode.IN_PLACE;
  }

  private byte[] loadFrom(long sector, long address) throws IOException {
    int size = layout.sectorBytes();
    try (RunBuffer buffer = RunBuffer.take(size)) {
      System.arraycopy(entry, entryAt, buffer.entries, 0, TagPage.ENTRY);
      if (node.volume.readSource(address, buffer.cipher, 0, size) < size) {
        throw damaged(sector, "the scratch file ends before it");
      }
      byte[] clear = load(sector, buffer, 0);
      if (clear == null) {
        throw refused(sector, buffer.entries, 0);
      }
      return clear;
    }
  }

  /** Reads a run of sectors that lie in place one behind the other into the cache. */
  private byte[] loadRun(long first, int most) throws IOException {
    byte[] entries = new byte[most * TagPage.ENTRY];
    int run = fitting(locateRun(first, most, entries));
    byte[][] clear = new byte[run][];
    CachePage[] pages = new CachePage[run];
    int allocated = 0;
    int complete = 0;
    try {
      for (; allocated < run; allocated++) {
        pages[allocated] = node.pages.pageFor(first + allocated);
        pages[allocated].busy++;
        clear[allocated] = node.volume.cache.allocate(layout.sectorBytes());
      }
      complete = run(first, run, entries, clear, 0).finish();
      for (int i = 0; i < complete; i++) {
        adopt(pages[i], first + i, clear[i], entries, i);
      }
      return clear[0];
    } finally {
      for (int i = 0; i < run && pages[i] != null; i++) {
        pages[i].busy--;
      }
      for (int i = complete; i < allocated; i++) {
        node.volume.cache.free(clear[i]);
      }
    }
  }

  /** How many sectors of a run the cache has room for, at least the one that is wanted. */
  private int fitting(int run) {
    int size = layout.sectorBytes();
    node.volume.cache.makeRoom((long) run * size);
    return (int) Math.max(1, Math.min(run, node.volume.cache.room() / size));
  }

  private static void adopt(CachePage page, long sector, byte[] clear, byte[] entries, int index) {
    int slot = (int) (sector % FileNode.PAGE_SECTORS);
    page.sectors[slot] = clear;
    page.setPurifiedInPart(slot, Purification.isMarked(entries, index * TagPage.ENTRY));
  }

  /** The entries of sectors that are not cached and lie in place behind a first one like that. */
  private int locateRun(long first, int most, byte[] entries) throws IOException {
    long end =
        Math.min(layout.sectors(node.length), first + Math.min(most, Layout.adjacent(first)));
    int count = 0;
    while (first + count < end) {
      long sector = first + count;
      if (count > 0
          && (node.pages.contains(sector)
              || !node.mayLoad(sector)
              || locate(sector) != FileNode.IN_PLACE)) {
        break;
      }
      System.arraycopy(entry, entryAt, entries, count * TagPage.ENTRY, TagPage.ENTRY);
      count++;
    }
    return count;
  }

  /** Decrypts one sector that was encrypted just now. */
  void reload(long sector, RunBuffer buffer, int index) {
    try {
      if (load(sector, buffer, index) == null) {
        throw new IllegalStateException("what was just encrypted cannot be decrypted");
      }
    } catch (IOException e) {
      throw new IllegalStateException("what was just encrypted has unknown flags", e);
    }
  }

  /** Decrypts one sector of a run into the cache; null when it is not authentic. */
  private byte @Nullable [] load(long sector, RunBuffer buffer, int index) throws IOException {
    int size = layout.sectorBytes();
    CachePage page = node.pages.pageFor(sector);
    page.busy++;
    byte[] clear;
    try {
      clear = node.volume.cache.allocate(size);
    } finally {
      page.busy--;
    }
    boolean authentic = false;
    try {
      int at = index * TagPage.ENTRY;
      authentic = decrypt(sector, buffer.entries, at, buffer.cipher, index * size, clear, 0);
    } finally {
      if (!authentic) {
        node.volume.cache.free(clear);
      }
    }
    if (!authentic) {
      return null;
    }
    adopt(page, sector, clear, buffer.entries, index);
    return clear;
  }

  /** Decrypts one sector; the {@link SharedRun} of a caller who holds the lock does it, too. */
  boolean decrypt(
      long sector, byte[] entries, int entryAt, byte[] cipher, int at, byte[] clear, int clearAt)
      throws IOException {
    if (!TagPage.isReadable(TagPage.flags(entries, entryAt))) {
      throw new FormatVersionException(
          node.path,
          FileHeader.FORMAT + " with unknown flags of sector " + sector,
          FileHeader.FORMAT + " with present sectors and holes only");
    }
    int size = layout.sectorBytes();
    if (!TagPage.isWithin(entries, entryAt, size)) {
      return false;
    }
    byte[] context =
        TagPage.sectorContext(node.header.uid, node.header.epoch, sector, entries, entryAt);
    return node.keyOf(sector)
        .decryptSector(entries, entryAt, context, cipher, at, clear, clearAt, size);
  }

  /** A sector that {@link #decrypt} has refused. */
  IntegrityException refused(long sector, byte[] entries, int entryAt) {
    boolean within = TagPage.isWithin(entries, entryAt, layout.sectorBytes());
    return damaged(
        sector,
        within
            ? "its authentication tag does not match"
            : "its valid length is more than it has bytes");
  }

  IntegrityException damaged(long sector, String detail) {
    long start = sector * layout.sectorBytes();
    return node.damaged("sector", sector, start, start + layout.sectorBytes(), detail);
  }

  /** Whether a sector lies in place and is not cached, so that only a read shows its state. */
  boolean isUnseen(long sector) throws IOException {
    if (node.pages.contains(sector)) {
      return false;
    }
    long address = locate(sector);
    return address == FileNode.IN_PLACE || address == FileNode.LOST;
  }

  /** Whether a sector was damaged, and has been written in part since. */
  boolean isPurifiedInPart(long sector) throws IOException {
    CachePage page = node.pages.get(sector / FileNode.PAGE_SECTORS);
    int slot = (int) (sector % FileNode.PAGE_SECTORS);
    if (page != null && page.sectors[slot] != null) {
      return page.isPurifiedInPart(slot);
    }
    long address = locate(sector);
    return address != FileNode.HOLE
        && address != FileNode.LOST
        && Purification.isMarked(entry, entryAt);
  }

  /** A sector as the file has it, read past the cache; null if it is damaged. */
  byte @Nullable [] readAgain(long sector) throws IOException {
    try {
      int size = layout.sectorBytes();
      byte[] clear = new byte[size];
      long address = sector >= layout.sectors(node.length) ? FileNode.HOLE : locate(sector);
      if (address == FileNode.HOLE) {
        return clear;
      }
      if (address == FileNode.LOST) {
        return null;
      }
      try (RunBuffer buffer = RunBuffer.take(size)) {
        System.arraycopy(entry, entryAt, buffer.entries, 0, TagPage.ENTRY);
        int read =
            address == FileNode.IN_PLACE
                ? node.place.read(layout.sectorPosition(sector), buffer.cipher, 0, size)
                : node.volume.readSource(address, buffer.cipher, 0, size);
        boolean fits =
            read == size && decrypt(sector, buffer.entries, 0, buffer.cipher, 0, clear, 0);
        return fits ? clear : null;
      }
    } catch (IntegrityException e) {
      return null;
    }
  }

  /** Whether a sector in place or in the scratch file is what its entry says; for recovery. */
  boolean isThere(long sector) throws IOException {
    long address = locate(sector);
    boolean inPlace = address == FileNode.IN_PLACE;
    if (!inPlace && (address < 0 || (address & Overlay.SCRATCH) == 0)) {
      return true;
    }
    int size = layout.sectorBytes();
    byte[] clear = new byte[size];
    try (RunBuffer buffer = RunBuffer.take(size)) {
      System.arraycopy(entry, entryAt, buffer.entries, 0, TagPage.ENTRY);
      int read =
          inPlace
              ? node.place.read(layout.sectorPosition(sector), buffer.cipher, 0, size)
              : node.volume.scratch.read(address & ~Overlay.SCRATCH, buffer.cipher, 0, size);
      return read == size && decrypt(sector, buffer.entries, 0, buffer.cipher, 0, clear, 0);
    } finally {
      Arrays.fill(clear, (byte) 0);
    }
  }
}
