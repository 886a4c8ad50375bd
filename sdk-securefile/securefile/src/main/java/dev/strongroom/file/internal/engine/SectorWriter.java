// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.internal.crypto.SectorCipher;
import dev.strongroom.file.internal.format.v1.Layout;
import dev.strongroom.file.internal.format.v1.TagPage;
import java.io.IOException;

/**
 * Changes sectors of one file in the cache, and encrypts them when they leave it.
 *
 * <p>A sector that replaces a committed one never goes in place before its commit is durable: if it
 * leaves the cache earlier, it goes to the scratch file. A sector beyond everything committed since
 * the last checkpoint (the floor) goes straight to its place.
 *
 * <p>Thread safety: guarded by the file's lock.
 */
final class SectorWriter {

  /** Ciphertext that is being written. */
  private static final ThreadLocal<byte[]> BUFFER =
      ThreadLocal.withInitial(() -> new byte[(512 << 10) + SectorCipher.TAG]);

  private final FileNode node;
  private final Layout layout;

  SectorWriter(FileNode node) {
    this.node = node;
    layout = node.layout;
  }

  /** Writes bytes into the cache and lengthens the file; fails before it has changed anything. */
  void write(long position, byte[] source, int offset, int count) throws IOException {
    prepare(position, count);
    int size = layout.sectorBytes();
    for (int done = 0; done < count; ) {
      long sector = (position + done) / size;
      int within = (int) ((position + done) % size);
      int part = Math.min(size - within, count - done);
      byte[] clear = writable(sector, part == size);
      System.arraycopy(source, offset + done, clear, within, part);
      done += part;
      node.length = Math.max(node.length, position + done);
    }
  }

  /** Lets a write fail before it has changed anything: for want of space, or for damage. */
  private void prepare(long position, int count) throws IOException {
    int size = layout.sectorBytes();
    long first = position / size;
    long end = (position + count + size - 1) / size;
    long fresh = 0;
    for (long sector = first; sector < end; sector++) {
      fresh += node.pages.isDirty(sector) ? 0 : 1;
    }
    // A directory's own pages are few, and removing files must work on a full medium.
    if (fresh > 0 && !node.isDirectory()) {
      node.volume.reserveSpace(fresh * size);
    }
    if (position % size != 0) {
      node.reader.sector(first, 1);
    }
    if ((position + count) % size != 0 && end > first) {
      node.reader.sector(end - 1, 1);
    }
  }

  /** The clear sector, marked as changed; its content is not read if all of it is replaced. */
  byte[] writable(long sector, boolean whole) throws IOException {
    int slot = (int) (sector % FileNode.PAGE_SECTORS);
    CachePage page = node.pages.pageFor(sector);
    if (page.sectors[slot] == null) {
      page.busy++;
      try {
        if (whole || node.reader.sector(sector, 1) == null) {
          page.sectors[slot] = node.volume.cache.allocate(layout.sectorBytes());
        }
      } finally {
        page.busy--;
      }
    }
    if (!page.isDirty(slot)) {
      node.pages.changed(page, slot);
      node.volume.commits.becameDirty(node);
    }
    return java.util.Objects.requireNonNull(page.sectors[slot]);
  }

  /**
   * Writes changed sectors of a page out so that their memory can be used for others: to their
   * place if nothing committed can be lost by that, otherwise to the scratch file.
   */
  void writeOut(CachePage page) throws IOException {
    byte[] buffer = BUFFER.get();
    int size = layout.sectorBytes();
    node.contentNonces.beginBatch(node.volume.nonceRandomness());
    long first = page.index * FileNode.PAGE_SECTORS;
    for (int slot = 0; slot < FileNode.PAGE_SECTORS; slot++) {
      if (!page.isDirty(slot)) {
        continue;
      }
      // Neighbours that lie behind each other in place are written at once.
      int run = 0;
      byte[][] entries = new byte[FileNode.PAGE_SECTORS][];
      long position = layout.sectorPosition(first + slot);
      boolean fresh = first + slot >= node.floor;
      while (slot + run < FileNode.PAGE_SECTORS
          && page.isDirty(slot + run)
          && (run == 0
              || (fresh
                  && layout.sectorPosition(first + slot + run) == position + (long) run * size))) {
        entries[run] = encrypt(first + slot + run, page, slot + run, buffer, run * size);
        run++;
      }
      if (fresh) {
        node.place.write(position, buffer, 0, run * size);
        for (int i = 0; i < run; i++) {
          node.pending.put(first + slot + i, entries[i], FileNode.IN_PLACE);
        }
      } else {
        long address = node.volume.scratch.allocate(size);
        node.volume.scratch.write(address, buffer, 0, size);
        node.pending.put(first + slot, entries[0], address | Overlay.SCRATCH);
      }
      for (int i = 0; i < run; i++) {
        node.pages.cleaned(page, slot + i);
      }
      slot += run - 1;
    }
  }

  /** Encrypts a changed sector; the array needs a tag's room behind it. */
  byte[] encrypt(long sector, CachePage page, int slot, byte[] out, int at) {
    byte[] fresh = new byte[TagPage.ENTRY];
    long remaining = node.length - sector * layout.sectorBytes();
    int valid = (int) Math.max(1, Math.min(layout.sectorBytes(), remaining));
    TagPage.setState(fresh, 0, TagPage.PRESENT, valid);
    node.contentNonces.next(fresh, 0);
    byte[] context = TagPage.sectorContext(node.header.uid, node.header.epoch, sector, fresh, 0);
    byte[] clear = java.util.Objects.requireNonNull(page.sectors[slot]);
    node.keys.encryptSector(fresh, 0, context, clear, out, at);
    return fresh;
  }
}
