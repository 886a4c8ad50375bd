// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.internal.crypto.SectorCipher;
import dev.strongroom.file.internal.format.v1.JournalRecord;
import dev.strongroom.file.internal.format.v1.Layout;
import dev.strongroom.file.internal.format.v1.TagPage;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
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
  private static final int SOURCE = 2 * Long.BYTES;
  private static final int DELTA = Long.BYTES + TagPage.ENTRY;

  /** What a pending leaf adds to a record: its image, or the entries that have changed. */
  private static final int PER_LEAF = Layout.FANOUT * DELTA;

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
    for (long leaf : node.pending.leafIndexes()) {
      node.tree.prepare(node.pending.groupOf(leaf).first);
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
    bytes += node.pending.size() * SOURCE + pendingPages();
    Set<Long> nodes = new HashSet<>();
    for (long sector : journaled) {
      addPath(nodes, sector);
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

  /** What pages on the way to pending sectors add to a record; there may be very many. */
  private long pendingPages() {
    long bytes = 0;
    long before = PendingGroup.HEADER;
    for (long leaf : node.pending.leafIndexes()) {
      if (leaf != PendingGroup.HEADER) {
        bytes += PER_LEAF;
        long index = leaf / Layout.FANOUT;
        long other = before == PendingGroup.HEADER ? -1 : before / Layout.FANOUT;
        while (index != other) {
          bytes += IMAGE;
          if (index == 0) {
            break;
          }
          index /= Layout.FANOUT;
          other = other < 0 ? other : other / Layout.FANOUT;
        }
        before = leaf;
      }
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
      node.tree.attach(overlay);
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
      long position = out.position();
      int at = out.room(size, SectorCipher.TAG);
      node.writer.encrypt(sector, out.array(), at, entry, 0);
      node.pages.cleaned(sector);
      // The newest entry counts; an older one's slot is given back.
      node.pending.put(sector, entry, 0, position | PendingSectors.IN_RECORD);
    }
    long[] changed = data ? node.pending.leafIndexes() : new long[0];
    writeSources(out, changed);
    long cut = data ? node.cut : JournalRecord.NO_CUT;
    out.putLong(cut);
    if (cut != JournalRecord.NO_CUT) {
      releaseSlots(overlay, cut);
      overlay.sources.dropFrom(cut);
      node.tree.cut(cut);
      clearInline(cut);
    }
    if (data) {
      node.header.length = node.length;
    }
    long sectors = node.layout.sectors(node.header.length);
    boolean much = TagTree.isMuch(changed.length, sectors, node.volume.cache.budget());
    for (long leaf : changed) {
      PendingGroup group = node.pending.groupOf(leaf);
      if (leaf == PendingGroup.HEADER) {
        group.copyTo(node.header.inline, 0);
      } else {
        if (much) {
          node.tree.endBefore(leaf);
        }
        group.copyTo(node.tree.change(leaf, sectors), TagPage.ENTRIES);
      }
    }
    if (data) {
      node.header.root = node.tree.finish(sectors);
    }
    writeEntries(out, changed);
    writeHeader(out, overlay);
  }

  /** Tells where sectors lie that are not in the record: in the scratch file, or in place. */
  private void writeSources(JournalRecord.Writer out, long[] changed) throws IOException {
    int[] counts = new int[2];
    inScratch(changed, (sector, address) -> counts[0]++);
    runsInPlace(changed, (first, count) -> counts[1]++);
    out.putInt(counts[0]);
    out.section((long) counts[0] * SOURCE, target -> inScratch(changed, pairs(target)));
    out.putInt(counts[1]);
    out.section((long) counts[1] * SOURCE, target -> runsInPlace(changed, pairs(target)));
  }

  private static SectorSources.Visitor pairs(JournalRecord.Writer target) {
    return (first, second) -> {
      target.putLong(first);
      target.putLong(second);
    };
  }

  /** Visits pending sectors in the scratch file, with their addresses there. */
  private void inScratch(long[] changed, SectorSources.Visitor visitor) throws IOException {
    for (long leaf : changed) {
      PendingGroup group = node.pending.groupOf(leaf);
      for (int i = 0; i < group.count(); i++) {
        long address = group.address(i);
        if (address >= 0 && (address & Overlay.SCRATCH) != 0) {
          visitor.visit(group.sector(i), address & ~Overlay.SCRATCH);
        }
      }
    }
  }

  /** Visits runs of pending sectors in place: their first sectors, and how many they have. */
  private void runsInPlace(long[] changed, SectorSources.Visitor visitor) throws IOException {
    long first = 0;
    long count = 0;
    for (long leaf : changed) {
      PendingGroup group = node.pending.groupOf(leaf);
      for (int i = 0; i < group.count(); i++) {
        if (group.address(i) == FileNode.IN_PLACE) {
          if (count > 0 && group.sector(i) != first + count) {
            visitor.visit(first, count);
            count = 0;
          }
          first = count == 0 ? group.sector(i) : first;
          count++;
        }
      }
    }
    if (count > 0) {
      visitor.visit(first, count);
    }
  }

  /** Pages that are new in the overlay go whole, of others the changed entries. */
  private void writeEntries(JournalRecord.Writer out, long[] changed) throws IOException {
    long[] deltas = new long[changed.length];
    int leaves = 0;
    int count = 0;
    for (long leaf : changed) {
      if (leaf != PendingGroup.HEADER && !node.tree.hasImage(leaf)) {
        deltas[leaves++] = leaf;
        count += node.pending.groupOf(leaf).count();
      }
    }
    node.tree.writeImages(out);
    long[] all = Arrays.copyOf(deltas, leaves);
    out.putInt(count);
    out.section((long) count * DELTA, target -> writeDeltas(all, target));
  }

  private void writeDeltas(long[] leaves, JournalRecord.Writer out) throws IOException {
    for (long leaf : leaves) {
      PendingGroup group = node.pending.groupOf(leaf);
      for (int i = 0; i < group.count(); i++) {
        out.putLong(group.sector(i));
        out.put(group.entries(), i * TagPage.ENTRY, TagPage.ENTRY);
      }
    }
  }

  /** Gives slots of the scratch file back that sectors from one on no longer need. */
  private void releaseSlots(Overlay overlay, long from) throws IOException {
    int size = node.layout.sectorBytes();
    overlay.sources.forEachInScratch(
        (sector, address) -> {
          if (sector >= from) {
            node.volume.scratch.releaseAtCheckpoint(address, size);
          }
        });
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
  void finish(long recordAddress) throws IOException {
    Overlay overlay = java.util.Objects.requireNonNull(node.overlay);
    if (data) {
      for (long leaf : node.pending.leafIndexes()) {
        PendingGroup group = node.pending.groupOf(leaf);
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
      node.volume.scratch.releaseAtCheckpoint(before & ~Overlay.SCRATCH, node.layout.sectorBytes());
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
