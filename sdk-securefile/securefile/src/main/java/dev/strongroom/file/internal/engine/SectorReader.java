// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.internal.crypto.SectorCipher;
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

  /** Longest run that is read at once, in bytes. */
  private static final int RUN_BYTES = 512 << 10;

  /** Ciphertext that is being read; an eviction in the meantime uses the writer's buffer. */
  private static final ThreadLocal<byte[]> BUFFER =
      ThreadLocal.withInitial(() -> new byte[RUN_BYTES + SectorCipher.TAG]);

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
    for (int done = 0; done < count; ) {
      long sector = (position + done) / size;
      int within = (int) ((position + done) % size);
      int part = Math.min(size - within, count - done);
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

  /** A clear sector, or null for a hole; {@code wanted} sectors from it on will be asked for. */
  byte @Nullable [] sector(long sector, long wanted) throws IOException {
    byte[] cached = node.pages.sector(sector);
    if (cached != null) {
      return cached;
    }
    long address = locate(sector);
    if (address == FileNode.HOLE) {
      return null;
    }
    if (address != FileNode.IN_PLACE) {
      return loadFrom(sector, address);
    }
    long ahead = wanted;
    if (sector == nextSequential) {
      ahead = Math.max(wanted, RUN_BYTES / layout.sectorBytes() / 2);
    }
    return loadRun(sector, (int) Math.min(ahead, RUN_BYTES / layout.sectorBytes()));
  }

  /** The first sector from one on that is not a hole, or the number of sectors. */
  long nextPresent(long sector) throws IOException {
    long end = layout.sectors(node.length);
    long next = sector;
    while (next < end && locate(next) == FileNode.HOLE) {
      boolean whole = next >= Layout.INLINE && next >= Layout.firstSector(Layout.leafOf(next));
      if (whole && node.tree.leaf(next) == null) {
        next = Layout.firstSector(Layout.leafOf(next) + 1);
      } else {
        next++;
      }
    }
    return Math.min(next, end);
  }

  /** Finds where a sector lies that is not in the cache, and its entry. */
  private long locate(long sector) throws IOException {
    PendingSectors.Pending waiting = node.pending.get(sector);
    if (waiting != null) {
      entry = waiting.entry;
      entryAt = 0;
      return waiting.address;
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
    byte[] buffer = BUFFER.get();
    int size = layout.sectorBytes();
    byte[] found = Arrays.copyOfRange(entry, entryAt, entryAt + TagPage.ENTRY);
    if (node.volume.readSource(address, buffer, 0, size) < size) {
      throw damaged(sector, "the scratch file ends before it");
    }
    return decrypt(sector, found, buffer, 0);
  }

  /** Reads a run of sectors that lie in place one behind the other. */
  private byte[] loadRun(long first, int most) throws IOException {
    int size = layout.sectorBytes();
    byte[] entries = new byte[most * TagPage.ENTRY];
    long position = layout.sectorPosition(first);
    int count = 0;
    while (count < most) {
      long sector = first + count;
      if (count > 0
          && (sector >= layout.sectors(node.length)
              || layout.sectorPosition(sector) != position + (long) count * size
              || node.pages.contains(sector)
              || locate(sector) != FileNode.IN_PLACE)) {
        break;
      }
      System.arraycopy(entry, entryAt, entries, count * TagPage.ENTRY, TagPage.ENTRY);
      count++;
    }
    byte[] buffer = BUFFER.get();
    int read = node.place.read(position, buffer, 0, count * size);
    int complete = read / size;
    if (complete == 0) {
      throw damaged(first, "the host file ends before it");
    }
    byte[] result = null;
    IntegrityException failure = null;
    // From the last to the first, since a tag is put over the beginning of the next sector.
    for (int i = Math.min(count, complete) - 1; i >= 0; i--) {
      byte[] one = Arrays.copyOfRange(entries, i * TagPage.ENTRY, (i + 1) * TagPage.ENTRY);
      try {
        result = decrypt(first + i, one, buffer, i * size);
      } catch (IntegrityException e) {
        failure = e;
        result = null;
      }
    }
    if (result == null) {
      throw failure != null ? failure : damaged(first, "it cannot be read");
    }
    return result;
  }

  private byte[] decrypt(long sector, byte[] found, byte[] buffer, int at) throws IOException {
    CachePage page = node.pages.pageFor(sector);
    if ((found[TagPage.FLAGS] != 0) || (found[TagPage.FLAGS + 1] != TagPage.PRESENT)) {
      throw new FormatVersionException(
          node.path,
          FileHeader.FORMAT + " with unknown flags of sector " + sector,
          FileHeader.FORMAT + " with present sectors and holes only");
    }
    page.busy++;
    byte[] clear;
    try {
      clear = node.volume.cache.allocate(layout.sectorBytes());
    } finally {
      page.busy--;
    }
    byte[] context = TagPage.sectorContext(node.header.uid, node.header.epoch, sector, found, 0);
    if (!node.keys.decryptSector(found, 0, context, buffer, at, clear)) {
      node.volume.cache.free(clear);
      throw damaged(sector, "its authentication tag does not match");
    }
    page.sectors[(int) (sector % FileNode.PAGE_SECTORS)] = clear;
    return clear;
  }

  private IntegrityException damaged(long sector, String detail) {
    long start = sector * layout.sectorBytes();
    return node.damaged("sector", sector, start, start + layout.sectorBytes(), detail);
  }

  /** A sector as the file has it, read past the cache; null if it is damaged. */
  byte @Nullable [] readAgain(long sector) throws IOException {
    node.lock.lock();
    try {
      int size = layout.sectorBytes();
      byte[] clear = new byte[size];
      long address = sector >= layout.sectors(node.length) ? FileNode.HOLE : locate(sector);
      if (node.closed || address == FileNode.HOLE) {
        return node.closed ? null : clear;
      }
      byte[] found = Arrays.copyOfRange(entry, entryAt, entryAt + TagPage.ENTRY);
      byte[] buffer = new byte[size + SectorCipher.TAG];
      int read =
          address == FileNode.IN_PLACE
              ? node.place.read(layout.sectorPosition(sector), buffer, 0, size)
              : node.volume.readSource(address, buffer, 0, size);
      byte[] context = TagPage.sectorContext(node.header.uid, node.header.epoch, sector, found, 0);
      boolean fits = read == size && node.keys.decryptSector(found, 0, context, buffer, 0, clear);
      return fits ? clear : null;
    } catch (IntegrityException e) {
      return null;
    } finally {
      node.lock.unlock();
    }
  }

  /** Whether a sector in place or in the scratch file is what its entry says; for recovery. */
  boolean isThere(long sector) throws IOException {
    long address = locate(sector);
    boolean inPlace = address == FileNode.IN_PLACE;
    if (!inPlace && (address < 0 || (address & Overlay.SCRATCH) == 0)) {
      return true;
    }
    byte[] found = Arrays.copyOfRange(entry, entryAt, entryAt + TagPage.ENTRY);
    byte[] buffer = BUFFER.get();
    int size = layout.sectorBytes();
    int read =
        inPlace
            ? node.place.read(layout.sectorPosition(sector), buffer, 0, size)
            : node.volume.scratch.read(address & ~Overlay.SCRATCH, buffer, 0, size);
    if (read < size) {
      return false;
    }
    byte[] clear = new byte[size];
    byte[] context = TagPage.sectorContext(node.header.uid, node.header.epoch, sector, found, 0);
    boolean authentic = node.keys.decryptSector(found, 0, context, buffer, 0, clear);
    Arrays.fill(clear, (byte) 0);
    return authentic;
  }
}
