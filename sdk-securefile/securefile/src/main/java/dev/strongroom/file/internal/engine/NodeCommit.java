// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.internal.crypto.SectorCipher;
import dev.strongroom.file.internal.format.v1.JournalRecord;
import dev.strongroom.file.internal.format.v1.Layout;
import dev.strongroom.file.internal.format.v1.TagPage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One file's share of a commit: prepared, written into the record, and, once the record is in the
 * journal, taken over.
 *
 * <p>Holds the file's lock from its making to {@link #close}. Whatever can fail for reasons of this
 * file alone (damage, a full disk) fails in {@link #prepare}, before anything of it is committed.
 *
 * <p>Thread safety: confined to the committing thread.
 */
final class NodeCommit implements AutoCloseable {

  private static final int FIXED = 512;
  private static final int IMAGE = Layout.TAG_PAGE + 16;
  private static final int PER_SECTOR = 64;

  final FileNode node;
  private final boolean data;

  /** Sectors that go into the record with their content, ascending. */
  private long[] journaled = new long[0];

  private boolean closed;

  /** Locks the file. */
  NodeCommit(FileNode node, boolean data) {
    this.node = node;
    node.lock.lock();
    this.data = data && node.isDirty();
    node.committing = true;
  }

  /** Whether there is anything to commit. */
  boolean isEmpty() {
    return !data && !node.namespaceDirty;
  }

  /**
   * Loads what the commit needs and writes out what does not fit into a record.
   *
   * @param journalCapacity bytes of the journal
   * @param others bytes that other files have in the record
   */
  void prepare(long journalCapacity, long others) throws IOException {
    node.headerNonces.beginBatch(node.volume.nonceRandomness());
    if (!data) {
      return;
    }
    node.place.settle();
    if (node.cut != JournalRecord.NO_CUT) {
      node.tree.prepareCut(node.cut);
    }
    if (node.layout.sectors(node.length) > node.layout.sectors(node.header.length)) {
      node.tree.prepareGrowth();
    }
    writeOut(journalCapacity, others);
    for (PendingSectors.Group group : node.pending.groups()) {
      node.tree.prepare(group.first);
    }
    int count = 0;
    journaled = new long[Math.toIntExact(node.pages.dirtySectors())];
    for (long index : node.pages.dirtyIndexes()) {
      CachePage page = node.pages.dirtyPage(index);
      for (int slot = 0; slot < FileNode.PAGE_SECTORS; slot++) {
        if (page.isDirty(slot)) {
          long sector = index * FileNode.PAGE_SECTORS + slot;
          node.tree.prepare(sector);
          journaled[count++] = sector;
        }
      }
    }
    node.contentNonces.beginBatch(node.volume.nonceRandomness());
    node.volume.cache.makeRoom(others + node.commitBytes());
  }

  /** Writes changed sectors out that are too many for the record, or for the memory beside it. */
  private void writeOut(long journalCapacity, long others) throws IOException {
    long fresh = 0;
    for (long index : node.pages.dirtyIndexes()) {
      if (index * FileNode.PAGE_SECTORS >= node.floor) {
        fresh += Integer.bitCount(node.pages.dirtyPage(index).dirty);
      }
    }
    long size = node.layout.sectorBytes();
    long appended = Math.min(SectorWriter.APPENDED_BYTES, journalCapacity / 8);
    // What goes into the record stays in memory until then, beside what the commit needs.
    long memory = node.volume.cache.budget() / 2 - others - node.commitBytes();
    boolean freshInPlace = fresh * size > Math.min(appended, memory);
    long replaced = (node.pages.dirtySectors() - (freshInPlace ? fresh : 0)) * size;
    boolean all = replaced > Math.min(journalCapacity / 4, memory);
    if (all || freshInPlace) {
      long from = all ? 0 : (node.floor + FileNode.PAGE_SECTORS - 1) / FileNode.PAGE_SECTORS;
      node.writer.writeOut(
          Arrays.stream(node.pages.dirtyIndexes()).filter(index -> index >= from).toArray());
    }
  }

  /** An upper bound of what the commit adds to the record, in bytes. */
  long estimate() {
    long bytes = (long) FIXED + node.header.maximalLength();
    if (!data) {
      return bytes;
    }
    bytes += (long) journaled.length * (node.layout.sectorBytes() + PER_SECTOR);
    bytes += node.pending.size() * PER_SECTOR;
    Set<Long> nodes = new HashSet<>();
    for (long sector : journaled) {
      addPath(nodes, sector);
    }
    for (PendingSectors.Group group : node.pending.groups()) {
      addPath(nodes, group.first);
    }
    Layout layout = node.layout;
    long leaves =
        Math.max(
            Layout.leaves(layout.sectors(node.header.length)),
            Layout.leaves(layout.sectors(node.length)));
    if (leaves > 0) {
      bytes += (nodes.size() + 2L * (Layout.height(leaves) + 1)) * IMAGE;
    }
    return bytes;
  }

  private static void addPath(Set<Long> nodes, long sector) {
    if (sector < Layout.INLINE) {
      return;
    }
    long index = Layout.leafOf(sector);
    for (int level = 0; nodes.add(Overlay.key(level, index)) && index > 0; level++) {
      index /= Layout.FANOUT;
    }
  }

  /** Adds the file's part to the record. */
  void write(JournalRecord.Writer out) throws IOException {
    Overlay overlay = node.overlay;
    if (overlay == null) {
      overlay = new Overlay();
      node.overlay = overlay;
      node.tree.attach(overlay.pages);
    }
    overlay.host = node.host;
    overlay.unlinked = node.unlinked;
    node.contentNonces.beginBatch(null); // a checkpoint may have taken its time since prepare
    out.beginFile(
        node.uid(),
        node.header.generation == 0 || node.rekeyed,
        node.unlinked,
        node.header.tag,
        node.from,
        node.host);
    int size = node.layout.sectorBytes();
    out.putInt(size);
    out.putInt(journaled.length);
    byte[] entry = new byte[TagPage.ENTRY];
    for (long sector : journaled) {
      out.putLong(sector);
      int at = out.room(size, SectorCipher.TAG);
      node.writer.encrypt(sector, out.array(), at, entry, 0);
      node.pages.cleaned(sector);
      // The newest entry counts; an older one's slot is given back.
      node.pending.put(sector, entry, 0, at | PendingSectors.IN_RECORD);
    }
    PendingSectors.Group[] changed = data ? node.pending.groups() : new PendingSectors.Group[0];
    writeSources(out, changed);
    long cut = data ? node.cut : JournalRecord.NO_CUT;
    out.putLong(cut);
    if (cut != JournalRecord.NO_CUT) {
      releaseSlots(overlay, cut);
      overlay.dropSources(cut);
      node.tree.cut(cut);
      clearInline(cut);
    }
    if (data) {
      node.header.length = node.length;
    }
    long sectors = node.layout.sectors(node.header.length);
    for (PendingSectors.Group group : changed) {
      if (group.leaf < 0) {
        group.copyTo(node.header.inline, 0);
      } else {
        group.copyTo(node.tree.change(group.leaf, sectors), TagPage.ENTRIES);
      }
    }
    if (data) {
      node.header.root = node.tree.finish(sectors);
    }
    writeEntries(out, changed);
    writeHeader(out, overlay);
  }

  /** Tells where sectors lie that are not in the record: in the scratch file, or in place. */
  private static void writeSources(JournalRecord.Writer out, PendingSectors.Group[] changed) {
    int scratch = out.length();
    out.putInt(0);
    int count = 0;
    List<long[]> runs = new ArrayList<>();
    for (PendingSectors.Group group : changed) {
      for (int i = 0; i < group.count(); i++) {
        long sector = group.sector(i);
        long address = group.address(i);
        if (address == FileNode.IN_PLACE) {
          long[] last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
          if (last != null && last[0] + last[1] == sector) {
            last[1]++;
          } else {
            runs.add(new long[] {sector, 1});
          }
        } else if ((address & Overlay.SCRATCH) != 0) {
          out.putLong(sector);
          out.putLong(address & ~Overlay.SCRATCH);
          count++;
        }
      }
    }
    out.setInt(scratch, count);
    out.putInt(runs.size());
    for (long[] run : runs) {
      out.putLong(run[0]);
      out.putLong(run[1]);
    }
  }

  /** Pages that are new in the overlay go whole, of others the changed entries. */
  private void writeEntries(JournalRecord.Writer out, PendingSectors.Group[] changed) {
    List<PendingSectors.Group> deltas = new ArrayList<>();
    int count = 0;
    for (PendingSectors.Group group : changed) {
      if (group.leaf >= 0 && !node.tree.hasImage(group.leaf)) {
        deltas.add(group);
        count += group.count();
      }
    }
    node.tree.writeImages(out);
    out.putInt(count);
    for (PendingSectors.Group group : deltas) {
      for (int i = 0; i < group.count(); i++) {
        out.putLong(group.sector(i));
        out.put(group.entries(), i * TagPage.ENTRY, TagPage.ENTRY);
      }
    }
  }

  /** Gives slots of the scratch file back that sectors from one on no longer need. */
  private void releaseSlots(Overlay overlay, long from) {
    for (long sector : overlay.sources.sortedKeys()) {
      long address = overlay.sources.get(sector);
      if (sector >= from && (address & Overlay.SCRATCH) != 0) {
        node.volume.commits.releaseAtCheckpoint(
            address & ~Overlay.SCRATCH, node.layout.sectorBytes());
      }
    }
  }

  private void clearInline(long cut) {
    for (long sector = cut; sector < Layout.INLINE; sector++) {
      int at = (int) sector * TagPage.ENTRY;
      java.util.Arrays.fill(node.header.inline, at, at + TagPage.ENTRY, (byte) 0);
    }
  }

  private void writeHeader(JournalRecord.Writer out, Overlay overlay) throws IOException {
    node.headerNonces.beginBatch(null);
    byte[] nonce = new byte[SectorCipher.NONCE];
    node.headerNonces.next(nonce, 0);
    node.header.generation++;
    node.header.contentStarts = node.contentNonces.starts();
    node.header.contentNonces = node.contentNonces.total();
    node.header.headerStarts = node.headerNonces.starts();
    node.header.headerNonces = node.headerNonces.total();
    if (data && node.modified != null) {
      node.header.modified = node.modified;
    }
    if (data && node.changed != null) {
      node.header.changed = node.changed;
    }
    node.volume.requireRecoverable(node.header);
    overlay.header = node.header.encode(node.keys, nonce);
    out.putInt(overlay.header.length);
    out.put(overlay.header, 0, overlay.header.length);
  }

  /** Whether the commit counts on sectors in place that are not synced. */
  boolean countsOnPlace() {
    return node.place.unsynced;
  }

  /** Takes over what the record at an address has made committed. */
  void finish(long recordAddress) {
    Overlay overlay = java.util.Objects.requireNonNull(node.overlay);
    if (data) {
      for (PendingSectors.Group group : node.pending.groups()) {
        for (int i = 0; i < group.count(); i++) {
          long address = group.address(i);
          if (address == FileNode.IN_PLACE) {
            continue;
          }
          boolean scratch = (address & Overlay.SCRATCH) != 0;
          long source = scratch ? address : recordAddress + (address & ~PendingSectors.IN_RECORD);
          replaceSource(overlay, group.sector(i), source);
        }
      }
      node.pending.clear();
      node.expectNothing();
      overlay.count(node.volume.cache);
      node.cut = JournalRecord.NO_CUT;
      node.modified = null;
      node.changed = null;
      node.floor = Math.max(node.floor, node.layout.sectors(node.header.length));
    }
    node.namespaceDirty = false;
    node.rekeyed = false;
  }

  private void replaceSource(Overlay overlay, long sector, long address) {
    long before = overlay.sources.get(sector);
    if (before >= 0 && (before & Overlay.SCRATCH) != 0) {
      node.volume.commits.releaseAtCheckpoint(before & ~Overlay.SCRATCH, node.layout.sectorBytes());
    }
    overlay.sources.put(sector, address);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      node.committing = false;
      node.lock.unlock();
    }
  }
}
