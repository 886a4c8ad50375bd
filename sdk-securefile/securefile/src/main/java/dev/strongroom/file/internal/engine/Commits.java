// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.CommitTooLargeException;
import dev.strongroom.file.internal.format.v1.JournalRecord;
import dev.strongroom.file.internal.format.v1.Names;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The commits of a volume: what waits for one, the records, and when they are durable.
 *
 * <p>Changes of names and the files that they concern go into one record; other files join it while
 * there is room. A record is written under the volume's lock, the wait for its fdatasync happens
 * without it.
 *
 * <p>Thread safety: thread-safe; methods that say so are called under the volume's lock.
 */
final class Commits {

  private final Volume volume;
  private final CommitTimer timer;
  private final CommitTimer lag;
  private final long lagMillis;
  private final Checkpoint checkpoint;
  private final JournalRecord.Writer writer = new JournalRecord.Writer(); // guarded by volume.lock

  /** Files with changes of content; those in transaction mode are not among them. */
  private final Set<FileNode> dirty = ConcurrentHashMap.newKeySet();

  /** Files whose header or place changes with names. */
  private final Set<FileNode> namespaceNodes = new LinkedHashSet<>(); // guarded by volume.lock

  /** Files that have ended, until a record says so. */
  private final List<FileNode> ended = new ArrayList<>(); // guarded by volume.lock

  /** Files that have ended without having been open. */
  private final List<JournalRecord.Removal> removals = new ArrayList<>(); // guarded by volume.lock

  /** Removals that are committed; their host files go at the next checkpoint. */
  final List<JournalRecord.Removal> committedRemovals = new ArrayList<>(); // guarded by volume.lock

  /** Files with sectors in place that records count on and that are not synced. */
  private final Set<FileNode> placeUnsynced = new LinkedHashSet<>(); // guarded by volume.lock

  private final AtomicBoolean transitUnsynced = new AtomicBoolean();

  Commits(Volume volume) {
    this.volume = volume;
    timer = new CommitTimer(volume.options.executor(), CommitTimer.DELAY_MILLIS, this::timerCommit);
    lagMillis = volume.options.freshnessLag().toMillis();
    lag = new CommitTimer(volume.options.executor(), lagMillis, this::settleLater);
    checkpoint = new Checkpoint(volume);
  }

  /** Notes that a file has something to commit, and starts the timer. */
  void becameDirty(FileNode node) {
    if (!node.transactional && dirty.add(node)) {
      startTimer();
    }
  }

  void namespaceChanged(FileNode node) {
    node.namespaceDirty = true;
    namespaceNodes.add(node);
    startTimer();
  }

  private void startTimer() {
    if (!timer.start()) {
      volume.log("the executor takes no commit timer; changes wait for a sync or close", null);
    }
  }

  /**
   * Runs something small on the volume's executor.
   *
   * @return false if it takes no more work
   */
  boolean inBackground(Runnable task) {
    return timer.execute(task);
  }

  private void timerCommit() {
    try {
      if (volume.isOpen() && !volume.hasFailed()) {
        sync();
      }
    } catch (IOException e) {
      if (volume.isOpen()) {
        volume.log("a commit by the timer failed", e);
      }
    } finally {
      if (hasWaiting() && !volume.hasFailed()) {
        startTimer();
      }
    }
  }

  private boolean hasWaiting() {
    volume.lock.lock();
    try {
      return !(dirty.isEmpty()
          && namespaceNodes.isEmpty()
          && ended.isEmpty()
          && removals.isEmpty()
          && !(lagMillis == 0 && volume.ledger.isStrict() && volume.ledger.isBehind()));
    } finally {
      volume.lock.unlock();
    }
  }

  /** Commits all files but those in transaction mode, durably. */
  void sync() throws IOException {
    volume.requireWritable();
    IOException problem = null;
    volume.lock.lock();
    try {
      commit(new ArrayList<>(dirty), true);
    } catch (IOException e) {
      problem = e; // of one file perhaps; the others have been committed
    } finally {
      volume.lock.unlock();
    }
    awaitDurable(problem);
    volume.lock.lock();
    try {
      if (volume.isOpen()
          && (volume.journal.used() > volume.journal.capacity() / 2 || overlayPressure())) {
        checkpoint();
      }
    } finally {
      volume.lock.unlock();
    }
  }

  /** Commits one file. */
  void commitFile(FileNode node, Durability durability) throws IOException {
    commitSome(List.of(node), durability);
  }

  /** Files that wait for a commit. */
  List<FileNode> waiting() {
    return new ArrayList<>(dirty);
  }

  /** Commits files and puts them in place. */
  void publishInPlace(List<FileNode> files) throws IOException {
    volume.requireWritable();
    volume.lock.lock();
    try {
      commit(files, false);
      checkpoint();
    } finally {
      volume.lock.unlock();
    }
  }

  /** Makes what is committed durable without committing more. */
  void syncCommitted() throws IOException {
    commitSome(List.of(), Durability.DURABLE);
  }

  private void commitSome(List<FileNode> files, Durability durability) throws IOException {
    volume.requireWritable();
    boolean durable = durability == Durability.DURABLE;
    IOException problem = null;
    volume.lock.lock();
    try {
      commit(files, durable);
      if (overlayPressure()) {
        checkpoint();
      }
    } catch (IOException e) {
      problem = e;
    } finally {
      volume.lock.unlock();
    }
    if (durable) {
      awaitDurable(problem);
    } else if (problem != null) {
      throw problem;
    }
  }

  /** Whether a commit is durable when the call returns. */
  enum Durability {
    /** Atomic, but its durability may lag by the timer. */
    LAGGING,
    /** Durable. */
    DURABLE
  }

  /** Waits until all records are durable, then reports what went wrong before. */
  private void awaitDurable(@Nullable IOException problem) throws IOException {
    volume.requireUsable();
    try {
      volume.journal.sync(volume.journal.appendedThrough());
    } catch (IOException e) {
      throw volume.fail(e);
    }
    settleIfBound(problem);
    if (problem != null) {
      throw problem;
    }
  }

  /**
   * Where every commit is bound, a durable one ends with the element's step, or is followed by it.
   */
  private void settleIfBound(@Nullable IOException problem) throws IOException {
    if (!volume.ledger.isStrict() || !volume.ledger.isBehind()) {
      return;
    }
    if (lagMillis > 0) {
      if (!lag.start()) {
        volume.log("the executor takes no timer; the element is brought up by the close", null);
      }
      return;
    }
    try {
      volume.ledger.settle();
    } catch (IOException e) {
      throw problem == null ? e : collect(problem, e);
    }
  }

  private void settleLater() {
    try {
      if (volume.isOpen() && !volume.hasFailed()) {
        volume.ledger.settle();
      }
    } catch (IOException e) {
      if (volume.isOpen()) {
        volume.log("the element could not be brought up to the ledger; it is tried again", e);
        lag.start();
      }
    }
  }

  /** Makes the records up to one durable; without the volume's lock, if it can be helped. */
  void syncJournal(long sequence) throws IOException {
    try {
      volume.journal.sync(sequence);
    } catch (IOException e) {
      throw volume.fail(e);
    }
  }

  /** Makes durable what committed records count on in place. */
  void syncCountedPlaces() throws IOException {
    syncPlaces(List.of());
  }

  private boolean overlayPressure() {
    return volume.cache.isPinned();
  }

  /**
   * Commits files, with all changes of names that wait, in as few records as possible.
   *
   * @param durable whether all data that the records count on is to be synced before them; the
   *     records themselves are synced by {@link #awaitDurable}
   */
  void commit(Collection<FileNode> files, boolean durable) throws IOException {
    volume.requireUsable();
    Set<FileNode> all = new LinkedHashSet<>(namespaceNodes);
    Set<FileNode> wanted = new LinkedHashSet<>(files);
    all.addAll(wanted);
    IOException problem = null;
    List<NodeCommit> group = new ArrayList<>();
    try {
      long limit = Math.min(volume.journal.capacity() / 2, volume.cache.budget() / 4);
      long estimate = 0;
      for (FileNode node : all) {
        if (node == volume.ledger.node()) {
          continue; // goes with the record that changes it
        }
        boolean data = wanted.contains(node) || (!node.transactional && !isLarge(node));
        NodeCommit share = new NodeCommit(node, data || node.isWhole());
        group.add(share);
        if (share.isEmpty()) {
          group.remove(share);
          share.close();
          continue;
        }
        try {
          share.prepare(volume.journal.capacity(), estimate);
        } catch (IOException e) {
          group.remove(share);
          share.close();
          // A directory's entries and the files that they name belong together; a link, an
          // attribute stream, or a file that begins anew is nothing without its content.
          if (node.isWhole()) {
            throw e;
          }
          problem = collect(problem, e);
          if (namespaceNodes.contains(node)) {
            NodeCommit name = new NodeCommit(node, false);
            group.add(name);
            estimate += name.estimate();
          }
          continue;
        }
        long more = share.estimate() + volume.ledger.shareBytes();
        // Changes of names belong together; only other files may go into a further record.
        if (estimate > 0 && estimate + more > limit && !namespaceNodes.contains(node)) {
          group.remove(share);
          flush(group, estimate, durable);
          group.add(share);
          estimate = 0;
        }
        estimate += more;
      }
      flush(group, estimate, durable);
    } catch (IOException e) {
      problem = collect(problem, e);
    } finally {
      group.forEach(NodeCommit::close);
    }
    if (problem != null) {
      throw problem;
    }
    if (durable) {
      syncPlaces(List.of());
    }
  }

  /** Publishes changes of names when they might become too many for one record. */
  void commitNamesIfMany() throws IOException {
    if (namespaceNodes.size() * (2048 + volume.ledger.shareBytes())
        > volume.journal.capacity() / 8) {
      commit(List.of(), false);
    }
  }

  private boolean isLarge(FileNode node) {
    return node.pages.dirtySectors() * node.layout.sectorBytes() > volume.journal.capacity() / 16;
  }

  static IOException collect(@Nullable IOException first, IOException next) {
    if (first == null) {
      return next;
    }
    if (first != next) {
      first.addSuppressed(next);
    }
    return first;
  }

  /** Writes one record of the files' shares and takes them over. */
  private void flush(List<NodeCommit> group, long estimate, boolean durable) throws IOException {
    try (LedgerCommit ledger = volume.ledger.commit(group)) {
      if (group.isEmpty() && removals.isEmpty() && ended.isEmpty() && ledger == null) {
        return;
      }
      long own = ledger == null ? 0 : ledger.prepare(volume.journal.capacity(), estimate);
      flush(group, ledger, estimate + own, durable);
    }
  }

  private void flush(
      List<NodeCommit> group, @Nullable LedgerCommit ledger, long estimate, boolean durable)
      throws IOException {
    long needed = estimate + 4096 + (removals.size() + ended.size()) * 256L;
    long limit = Math.min(volume.options.journalLimitBytes(), JournalRecord.MAX_BYTES);
    if (needed > JournalRecord.MAX_BYTES
        || (needed > volume.journal.capacity() && needed > limit)) {
      throw new CommitTooLargeException(volume.store.toString(), needed, limit);
    }
    if (needed > volume.journal.free() || overlayPressure()) {
      long grown = Math.min(2 * needed, volume.options.journalLimitBytes());
      // The capacity counts in whole blocks.
      checkpoint.run(needed > volume.journal.capacity() ? (grown + 4095) / 4096 * 4096 : 0);
    }
    try {
      if (durable) {
        syncPlaces(group);
        if (ledger != null) {
          ledger.syncPlace();
        }
      }
      volume.scratch.sync();
      volume.journal.begin(writer);
      boolean unsynced = false;
      if (ledger != null) {
        ledger.stamp();
      }
      for (NodeCommit share : group) {
        share.write(writer);
        unsynced |= share.countsOnPlace();
      }
      if (ledger != null) {
        NodeCommit share = ledger.write(writer);
        group.add(share);
        unsynced |= share.countsOnPlace();
      }
      for (FileNode node : ended) {
        removals.add(new JournalRecord.Removal(node.uid(), node.host, node.from));
      }
      removals.forEach(writer::removal);
      long address = volume.journal.append(writer, unsynced, durable && !unsynced);
      for (NodeCommit share : group) {
        share.finish(address);
        finished(share.node);
      }
      if (ledger != null) {
        ledger.finish();
      }
      committedRemovals.addAll(removals);
      removals.clear();
      for (FileNode node : ended) {
        releaseSlots(node);
        volume.nodes.remove(node.uid());
        placeUnsynced.remove(node);
        node.close();
      }
      ended.clear();
      if (!durable) {
        startTimer();
      }
    } catch (IOException | RuntimeException | Error e) {
      throw volume.fail(e); // also without memory: files are ahead of the journal
    } finally {
      group.forEach(NodeCommit::close);
      group.clear();
    }
  }

  /** Takes in a file that a recovery has found in the journal. */
  void recovered(FileNode node) {
    volume.nodes.put(node.uid(), node);
    if (node.place.unsynced) {
      placeUnsynced.add(node);
    }
    if (node.from.startsWith(Names.TRANSIT)) {
      transitChanged();
    }
  }

  /** Lets the next checkpoint give back what a file has in the scratch file. */
  void releaseSlots(FileNode node) throws IOException {
    Overlay overlay = node.overlay;
    int size = node.layout.sectorBytes();
    if (overlay != null) {
      overlay.sources.forEachInScratch(
          (sector, address) -> volume.scratch.releaseAtCheckpoint(address, size));
    }
  }

  private void finished(FileNode node) {
    namespaceNodes.remove(node);
    if (!node.isDirty()) {
      dirty.remove(node);
    }
    if (node.place.unsynced) {
      placeUnsynced.add(node);
    }
  }

  /** Makes durable what committed and coming records count on in place. */
  private void syncPlaces(List<NodeCommit> group) throws IOException {
    try {
      for (NodeCommit share : group) {
        share.node.syncPlace();
      }
      for (FileNode node : placeUnsynced) {
        node.syncPlace();
      }
      placeUnsynced.clear();
      if (transitUnsynced.getAndSet(false)) {
        volume.store.syncDirectory(Names.TRANSIT);
        volume.store.syncDirectory(Names.FILES);
        volume.store.syncDirectory("");
      }
    } catch (IOException e) {
      throw volume.fail(e);
    }
  }

  void checkpoint() throws IOException {
    checkpoint.run(0);
  }

  /** All that a checkpoint needs to be durable before it changes anything in place. */
  void makeCommittedDurable() throws IOException {
    syncPlaces(List.of());
    try {
      volume.journal.sync(volume.journal.appendedThrough());
    } catch (IOException e) {
      throw volume.fail(e);
    }
  }

  /** Notes the end of a file that is not open. */
  void ended(JournalRecord.Removal removal) {
    removals.add(removal);
    startTimer();
  }

  /** Whether a host file belongs to a file that has ended, and goes at the next checkpoint. */
  boolean isRemoved(String host) {
    for (List<JournalRecord.Removal> each : List.of(removals, committedRemovals)) {
      for (JournalRecord.Removal removal : each) {
        if (removal.from().equals(host)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether anything of a file waits for a commit. */
  boolean awaits(FileNode node) {
    return namespaceNodes.contains(node) || dirty.contains(node) || ended.contains(node);
  }

  /** Notes the end of a file that was open, and whose changes no longer matter. */
  void ended(FileNode node) {
    forget(node);
    ended.add(node);
    startTimer();
  }

  /** Takes a file that was never committed, or is replaced by another, out of all that waits. */
  void forget(FileNode node) {
    namespaceNodes.remove(node);
    dirty.remove(node);
    if (node.header.generation == 0) {
      placeUnsynced.remove(node);
    }
  }

  /** A host file was made among those on their way; its name is not durable yet. */
  void transitChanged() {
    transitUnsynced.set(true);
  }

  /** Commits everything durably. */
  void commitAll() throws IOException {
    commit(new ArrayList<>(dirty), true);
  }

  /** Whether a file has ended and no record says so yet. */
  boolean hasEnded() {
    return !ended.isEmpty();
  }

  /** Forgets everything that waits; nothing is committed any more. */
  void stop() {
    timer.stop();
    lag.stop();
    dirty.clear();
    namespaceNodes.clear();
  }
}
