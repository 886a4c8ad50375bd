// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.Capability;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.NoFreeVersionSlotException;
import dev.strongroom.core.device.VersionSlot;
import dev.strongroom.file.FileInvalidatedException;
import dev.strongroom.file.Freshness;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.LedgerRepair;
import dev.strongroom.file.LedgerState;
import dev.strongroom.file.RollbackException;
import dev.strongroom.file.internal.engine.KeyRing.KeysNeeded;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.LedgerLeaf;
import dev.strongroom.file.internal.format.v1.SystemFile;
import dev.strongroom.file.internal.format.v1.VolumeFileState;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which state of each file of a volume is the current one, as the element vouches for it.
 *
 * <p>A file's header and its leaf in the ledger change in one record ({@link LedgerCommit}); a file
 * whose header says something else than its leaf is not the one that was committed last. A volume
 * that has frozen nothing has no ledger.
 *
 * <p>Thread safety: guarded by the volume's lock, with what {@link LedgerSlot} says.
 */
final class Ledger {

  private static final SecureRandom RANDOM = new SecureRandom();

  final LedgerSlot slot;
  private final Volume volume;
  private final boolean strict;
  private @Nullable FileNode node;
  private boolean enforced = true;
  private boolean proved = true;
  private @Nullable LedgerState state;
  private @Nullable LedgerRepair repaired;
  private long lastGiven;

  /** Files that have lost their name, until a record says so of their leaves. */
  private final Set<Bytes> nameless = new LinkedHashSet<>();

  /** Which state of the volume file the ledger names; null: to be read. */
  private @Nullable VolumeFileState bound;

  Ledger(Volume volume) {
    this.volume = volume;
    slot = new LedgerSlot(volume);
    strict = volume.file.system().freshness() == Freshness.STRICT;
  }

  /** Whether every commit is bound. */
  boolean isStrict() {
    return strict;
  }

  /** The ledger's file, or null if there is none yet. */
  @Nullable FileNode node() {
    return node;
  }

  /** Takes the ledger's file into use. */
  void attach(FileNode ledger) {
    node = ledger;
    bound = null;
  }

  /** Notes what was found about a ledger that is read all the same. */
  void found(LedgerState wrong) {
    state = wrong;
  }

  /** What was found about the ledger, or null. */
  @Nullable LedgerState state() {
    return state;
  }

  /** Notes what the opening did about the ledger. */
  void repaired(LedgerRepair how) {
    repaired = how;
  }

  /** What the opening did about the ledger, or null. */
  @Nullable LedgerRepair repaired() {
    return repaired;
  }

  /** Takes every file for current, since the ledger cannot be relied on. */
  void passOver() {
    enforced = false;
    proved = false;
  }

  /** The element does not vouch for the ledger, which is used all the same. */
  void unproved() {
    proved = false;
  }

  /** Whether the element vouches for the ledger, or there is none. */
  boolean isProved() {
    return proved;
  }

  private static LedgerTree tree(FileNode ledger) {
    return new LedgerTree(ledger);
  }

  /** What the ledger says of a file. */
  LedgerLeaf leaf(Bytes uid) throws IOException {
    FileNode ledger = node;
    return ledger == null ? LedgerLeaf.NONE : tree(ledger).find(uid);
  }

  /** Whether the ledger says anything of a file of that kind. */
  static boolean binds(FileHeader header) {
    return !header.attributeStream && header.system != SystemFile.LEDGER;
  }

  /** Whether a header is the current one of its file. */
  boolean isCurrent(FileHeader header) throws IOException {
    return !enforced || !binds(header) || leaf(header.uid).isOf(header);
  }

  /**
   * Refuses a file that is not to be used.
   *
   * @throws RollbackException if its header is not the current one
   * @throws FileInvalidatedException if none is
   */
  void requireCurrent(FileHeader header, String path) throws IOException {
    if (!enforced || !binds(header)) {
      return;
    }
    LedgerLeaf leaf = leaf(header.uid);
    if (leaf.invalid()) {
      throw new FileInvalidatedException(path, leaf.version());
    }
    if (!leaf.isOf(header)) {
      throw new RollbackException(path, header.version, leaf.version());
    }
  }

  /** Makes a header that is written anew the current one of its file. */
  void renew(FileHeader header) throws IOException {
    LedgerLeaf leaf = leaf(header.uid);
    header.version = leaf.version();
    header.stamp = leaf.stamp();
  }

  /**
   * Refuses that one of the volume's own files is not there.
   *
   * @throws IntegrityException if the ledger knows it
   */
  void requireNeverMade(SystemFile file) throws IOException {
    LedgerLeaf leaf = enforced ? leaf(volume.file.system().uid(file)) : LedgerLeaf.NONE;
    if (!leaf.equals(LedgerLeaf.NONE)) {
      throw new IntegrityException(
          file.host(), "header", -1, -1, -1, "the host file " + file.host() + " is missing");
    }
  }

  /** Number of a freeze: the ledger's next counter, or more if that was given before. */
  long nextVersion() throws IOException {
    FileNode ledger = node;
    long given = ledger == null ? 0 : tree(ledger).lastVersion();
    long last = Long.compareUnsigned(given, lastGiven) > 0 ? given : lastGiven;
    long next = slot.nextCounter();
    lastGiven = Long.compareUnsigned(next, last) > 0 ? next : last + 1;
    return lastGiven;
  }

  static long newStamp() {
    long stamp;
    do {
      stamp = RANDOM.nextLong();
    } while (stamp == 0);
    return stamp;
  }

  /** Makes the ledger if there is none; the caller commits it. */
  void make(KeyRing keys) throws IOException, KeysNeeded {
    if (node == null) {
      node =
          volume.files.createSystem(
              SystemFile.LEDGER, keys, made -> new LedgerTree(made).create(volume.fileState));
    }
  }

  /** The same with keys that the caller has. */
  void make(Grub grub) throws IOException {
    node =
        volume.files.createSystem(
            SystemFile.LEDGER, grub, made -> new LedgerTree(made).create(volume.fileState));
  }

  /**
   * Makes sure that the element can vouch for a ledger, before there is one that it could not vouch
   * for.
   */
  void requireSlot() throws IOException {
    volume.session.info().require(Capability.VERSION_SLOTS);
    volume.lock.lock();
    try {
      if (node != null) {
        return;
      }
    } finally {
      volume.lock.unlock();
    }
    List<VersionSlot> used = volume.session.versions();
    boolean has = used.stream().anyMatch(each -> each.volume().equals(volume.file.id()));
    if (!has && used.size() >= volume.session.info().versionSlots()) {
      throw new NoFreeVersionSlotException();
    }
  }

  /** Says that no state of a file is to be used any more; the caller commits it. */
  void invalidate(Bytes uid) throws IOException {
    FileNode ledger = java.util.Objects.requireNonNull(node);
    LedgerTree tree = tree(ledger);
    tree.put(uid, tree.find(uid).invalidated());
    volume.commits.namespaceChanged(ledger);
  }

  /**
   * A file has lost its name for good: the record that says so makes its leaf invalid, if it has
   * one. The element follows with its next step, for which nobody waits.
   */
  void ends(Bytes uid) {
    if (node != null) {
      nameless.add(uid);
    }
  }

  /** The record that ends files is written. */
  void ended() {
    nameless.clear();
  }

  /** The share of a record that the ledger has beside files, or null if it has none. */
  @Nullable LedgerCommit commit(List<NodeCommit> files) throws IOException {
    FileNode ledger = node;
    if (ledger == null) {
      return null;
    }
    LedgerCommit commit = new LedgerCommit(this, ledger);
    try {
      for (Bytes uid : nameless) {
        commit.end(uid);
      }
      for (NodeCommit each : files) {
        if (binds(each.node.header) && (strict || each.node.frozenAs != 0)) {
          commit.add(each.node);
        }
      }
      if (commit.isEmpty()) {
        ended();
        commit.close();
        return null;
      }
      return commit;
    } catch (IOException | RuntimeException e) {
      commit.close();
      throw e;
    }
  }

  /** Makes sure that all pages of the ledger fit together. */
  void verify() throws IOException {
    FileNode ledger = node;
    if (ledger != null) {
      tree(ledger).verify((uid, leaf) -> {});
    }
  }

  /** Forgets what could not be committed whole, so that no later commit publishes a part of it. */
  void takeBackAfter(Exception problem) {
    FileNode ledger = node;
    if (ledger != null && !volume.hasFailed()) {
      try {
        takeBack(ledger);
      } catch (IOException e) {
        problem.addSuppressed(e);
      }
    }
  }

  /** Forgets what was to be committed, and a ledger that was to be made. */
  void takeBack(FileNode ledger) throws IOException {
    bound = null;
    if (ledger.header.generation == 0) {
      node = null;
      volume.files.dropSystem(SystemFile.LEDGER);
    } else {
      volume.commits.forget(ledger);
      ledger.namespaceDirty = false;
      ledger.discard();
    }
  }

  /** What the leaf of each file in a record costs beside it, at most, in bytes. */
  long shareBytes() {
    return strict ? LedgerCommit.LEAF_BYTES : 0;
  }

  /** Whether the element is behind the ledger. */
  boolean isBehind() {
    return slot.isBehind();
  }

  /** Has the element vouch for all that has been written of the ledger. */
  void settle() throws IOException {
    if (!volume.isReadOnly()) {
      publishBinding();
      settleWritten();
    }
  }

  /** The same of a volume that is being closed, which writes no more. */
  void settleWritten() throws IOException {
    FileNode ledger = node;
    if (ledger != null && !volume.isReadOnly()) {
      slot.settle(ledger);
    }
  }

  /** Has the ledger name the volume file as it is; the caller commits it. */
  boolean bind() throws IOException {
    FileNode ledger = java.util.Objects.requireNonNull(node);
    VolumeFileState present = volume.fileState;
    VolumeFileState known = bound == null ? tree(ledger).volumeFile() : bound;
    boolean changed = !known.equals(present);
    if (changed) {
      tree(ledger).volumeFile(present);
      volume.commits.namespaceChanged(ledger);
    }
    bound = present;
    return changed;
  }

  /**
   * Sees to it that volume file and ledger name each other, before the element vouches for either.
   * The volume file does so only when there is a ledger for certain: one without is lost.
   */
  void publishBinding() throws IOException {
    volume.lock.lock();
    try {
      FileNode ledger = node;
      if (ledger == null || ledger.header.generation == 0 || !volume.isOpen()) {
        return;
      }
      if (!volume.file.system().ledgerMade()) {
        volume.commits.syncCountedPlaces();
        volume.commits.syncJournal(volume.journal.appendedThrough());
        volume.recordLedger();
      }
      if (bind()) {
        volume.commits.commit(List.of(), false);
      }
    } catch (IOException | RuntimeException e) {
      takeBackAfter(e);
      throw e;
    } finally {
      volume.lock.unlock();
    }
  }
}
