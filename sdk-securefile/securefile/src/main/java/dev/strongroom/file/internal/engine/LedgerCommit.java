// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.internal.format.v1.JournalRecord;
import dev.strongroom.file.internal.format.v1.LedgerLeaf;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The ledger's share of one record: new leaves for files in it, whose headers get the same version
 * and stamp.
 *
 * <p>Until the record is in the journal nothing of it counts: {@link #close} takes changes of the
 * ledger back, and headers are touched only when the record is written.
 *
 * <p>Thread safety: confined to the committing thread.
 */
final class LedgerCommit implements AutoCloseable {

  /** What a leaf adds to a record, at most: two pages of the ledger with what leads to them. */
  static final long LEAF_BYTES = 4 * 4224;

  private final Ledger ledger;
  private final FileNode node;
  private final LedgerTree tree;
  private final Map<FileNode, LedgerLeaf> leaves = new LinkedHashMap<>();
  private @Nullable NodeCommit share;
  private boolean written;

  LedgerCommit(Ledger ledger, FileNode node) {
    this.ledger = ledger;
    this.node = node;
    tree = new LedgerTree(node);
  }

  /**
   * Gives a file a new stamp, and the version that it is to be frozen as. One that another freeze
   * has given a higher version meanwhile keeps that.
   */
  void add(FileNode file) throws IOException {
    LedgerLeaf before = tree.find(file.uid());
    boolean frozen = file.frozenAs != 0;
    long present = file.header.version;
    long version = Long.compareUnsigned(file.frozenAs, present) > 0 ? file.frozenAs : present;
    LedgerLeaf leaf = new LedgerLeaf(version, Ledger.newStamp(), before.invalid());
    tree.put(file.uid(), leaf);
    if (frozen && Long.compareUnsigned(tree.lastVersion(), version) < 0) {
      tree.lastVersion(version);
    }
    leaves.put(file, leaf);
  }

  /** Makes a leaf invalid; where it cannot be read there is none that could be valid. */
  void end(Bytes uid) throws IOException {
    try {
      LedgerLeaf leaf = tree.find(uid);
      if (!leaf.equals(LedgerLeaf.NONE) && !leaf.invalid()) {
        tree.put(uid, leaf.invalidated());
      }
    } catch (IntegrityException e) {
      node.volume.log("a file is removed whose place in the ledger is damaged", e);
    }
  }

  boolean isEmpty() {
    return leaves.isEmpty() && !node.isDirty() && !node.namespaceDirty;
  }

  /**
   * Loads what the commit needs.
   *
   * @param journalCapacity bytes of the journal
   * @param others bytes that other files have in the record
   * @return an upper bound of what the ledger adds to the record, in bytes
   */
  long prepare(long journalCapacity, long others) throws IOException {
    NodeCommit own = new NodeCommit(node, true);
    share = own;
    own.prepare(journalCapacity, others);
    return own.estimate();
  }

  /** Makes durable what the record will count on in place. */
  void syncPlace() throws IOException {
    node.syncPlace();
  }

  /** Gives the files' headers what their leaves say. */
  void stamp() {
    leaves.forEach(
        (file, leaf) -> {
          file.header.version = leaf.version();
          file.header.stamp = leaf.stamp();
        });
  }

  /** Adds the ledger's part to the record. */
  NodeCommit write(JournalRecord.Writer out) throws IOException {
    NodeCommit own = java.util.Objects.requireNonNull(share);
    ledger.slot.describe(node.header);
    own.write(out);
    return own;
  }

  /** The record is in the journal. */
  void finish() {
    written = true;
    leaves.keySet().forEach(file -> file.frozenAs = 0);
    ledger.ended();
    ledger.slot.written();
  }

  @Override
  public void close() throws IOException {
    NodeCommit own = share;
    share = null;
    if (own != null) {
      own.close();
    }
    if (!written && !node.closed) {
      ledger.takeBack(node);
    }
  }
}
