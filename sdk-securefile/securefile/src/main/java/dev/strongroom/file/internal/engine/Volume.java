// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Grub;
import dev.strongroom.file.CommitTooLargeException;
import dev.strongroom.file.NoSpaceException;
import dev.strongroom.file.VolumeFailedException;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.internal.crypto.FileKeys;
import dev.strongroom.file.internal.crypto.NonceSource;
import dev.strongroom.file.internal.crypto.VolumeKeys;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.JournalRecord;
import dev.strongroom.file.internal.format.v1.Names;
import dev.strongroom.file.internal.format.v1.VolumeFile;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.nio.file.ReadOnlyFileSystemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open volume: its files, its journal, its commits.
 *
 * <p>{@link #lock} serialises commits, checkpoints and changes of names. It is taken before any
 * file's lock; the wait for an fdatasync of the journal and element commands happen without it.
 *
 * <p>Thread safety: thread-safe, with what is said at the fields.
 */
public final class Volume implements AutoCloseable {

  /** How long a commit may wait for others, and how long a closed file's changes may be lost. */
  public static final long TIMER_MILLIS = 1000;

  private static final Logger LOG = LoggerFactory.getLogger(Volume.class);
  private static final long SPACE_MARGIN = 256 << 10;

  final ReentrantLock lock = new ReentrantLock();
  final ElementSession session;
  final Store store;
  final VolumeOptions options;
  final VolumeFile file;
  final PageCache cache;
  final Scratch scratch;
  final Journal journal;
  final Map<Bytes, FileNode> nodes = new HashMap<>(); // guarded by lock
  final Set<FileNode> namespaceNodes = new LinkedHashSet<>(); // guarded by lock

  /** Files that have ended, until a record says so. */
  private final List<FileNode> ended = new ArrayList<>(); // guarded by lock

  /** Files that have ended without having been open. */
  private final List<JournalRecord.Removal> removals = new ArrayList<>(); // guarded by lock

  /** Removals that are committed; their host files go at the next checkpoint. */
  final List<JournalRecord.Removal> committedRemovals = new ArrayList<>(); // guarded by lock

  private final VolumeKeys keys;
  private final AutoCloseable storeLock;
  private final Set<FileNode> dirty = ConcurrentHashMap.newKeySet();
  private final Set<FileNode> placeUnsynced = new LinkedHashSet<>(); // guarded by lock
  private final List<long[]> scratchGarbage = new ArrayList<>(); // guarded by lock
  private final JournalRecord.Writer writer = new JournalRecord.Writer(); // guarded by lock
  private final Checkpoint checkpoint = new Checkpoint(this);
  private final AtomicBoolean transitUnsynced = new AtomicBoolean();
  private @Nullable ScheduledExecutorService ownExecutor; // guarded by timerLock
  private @Nullable ScheduledFuture<?> timer; // guarded by timerLock
  private final Object timerLock = new Object();
  private volatile @Nullable Throwable failure;
  private volatile boolean closed;
  private long grantedSpace; // guarded by spaceLock
  private final Object spaceLock = new Object();

  Volume(
      ElementSession session,
      Store store,
      VolumeOptions options,
      VolumeFile file,
      VolumeKeys keys,
      Journal journal,
      AutoCloseable storeLock) {
    this.session = session;
    this.store = store;
    this.options = options;
    this.file = file;
    this.keys = keys;
    this.journal = journal;
    this.storeLock = storeLock;
    cache = new PageCache(options.cacheBytes());
    scratch = new Scratch(store, options.readOnly());
  }

  /** What the volume file says. */
  public VolumeFile description() {
    return file;
  }

  /** The session whose element holds the keys. */
  public ElementSession session() {
    return session;
  }

  Instant now() {
    return options.clock().instant();
  }

  NonceSource.@Nullable Randomness nonceRandomness() {
    return options.nonceFromElement() ? () -> session.random(32) : null;
  }

  // ---- state

  /** Whether an error of the medium has stopped the volume. */
  public boolean hasFailed() {
    return failure != null;
  }

  /** Throws if the volume is closed or has failed. */
  void requireUsable() throws IOException {
    if (closed) {
      throw new java.nio.channels.ClosedChannelException();
    }
    Throwable cause = failure;
    if (cause != null) {
      throw new VolumeFailedException(store.toString(), cause);
    }
  }

  boolean isReadOnly() {
    return options.readOnly();
  }

  /** Whether the volume has not been closed. */
  boolean isOpen() {
    return !closed;
  }

  void requireWritable() throws IOException {
    requireUsable();
    if (options.readOnly()) {
      throw new ReadOnlyFileSystemException();
    }
  }

  /** Stops the volume: what is not durable is not known to be written. */
  VolumeFailedException fail(Throwable cause) {
    if (failure == null) {
      failure = cause;
      LOG.error("volume {} stopped", store, cause);
    }
    return new VolumeFailedException(store.toString(), cause);
  }

  void log(String message, @Nullable Throwable cause) {
    LOG.warn("{}: {}", store, message, cause);
  }

  // ---- host files

  StoreFile openHost(FileNode node, String host, Store.Access access) throws IOException {
    try {
      return store.open(host, access);
    } catch (java.nio.file.NoSuchFileException e) {
      throw node.damaged("header", -1, 0, Long.MAX_VALUE, "the host file " + host + " is missing");
    }
  }

  /** Makes a host file for a new file that needs one before its first checkpoint. */
  String makeTransit(FileNode node) throws IOException {
    String host = Names.transit(node.uid(), node.header.epoch);
    store.createDirectory(Names.FILES);
    store.createDirectory(Names.TRANSIT);
    try (StoreFile made = store.open(host, Store.Access.CREATE)) {
      made.truncate(0);
    }
    transitUnsynced.set(true);
    return host;
  }

  /** Reads ciphertext from the journal or the scratch file; answers how much there was. */
  int readSource(long address, byte[] target, int offset, int length) throws IOException {
    if ((address & Overlay.SCRATCH) != 0) {
      return scratch.read(address & ~Overlay.SCRATCH, target, offset, length);
    }
    journal.read(address, target, offset, length);
    return length;
  }

  void releaseAtCheckpoint(long scratchAddress, int bytes) {
    scratchGarbage.add(new long[] {scratchAddress, bytes});
  }

  /** After a checkpoint only pending sectors need the scratch file. */
  void releaseScratch() throws IOException {
    for (long[] slot : scratchGarbage) {
      scratch.release(slot[0], (int) slot[1]);
    }
    scratchGarbage.clear();
  }

  /** Makes sure that the medium has room for a sector before it is accepted. */
  void reserveSpace(long bytes) throws IOException {
    synchronized (spaceLock) {
      if (grantedSpace < bytes) {
        long usable = store.usableSpace();
        long owed = cache.allocated() + journal.used() + SPACE_MARGIN;
        if (usable - owed < bytes) {
          throw new NoSpaceException(store.toString(), bytes + owed, usable, null);
        }
        grantedSpace = bytes + Math.min((usable - owed - bytes) / 2, 64 << 20);
      }
      grantedSpace -= bytes;
    }
  }

  // ---- commits

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
    synchronized (timerLock) {
      if (timer == null && !closed) {
        try {
          timer = executor().schedule(this::timerCommit, TIMER_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
          log("the executor takes no commit timer; changes wait for a sync or close", e);
        }
      }
    }
  }

  private ScheduledExecutorService executor() {
    ScheduledExecutorService given = options.executor();
    if (given != null) {
      return given;
    }
    ScheduledExecutorService own = ownExecutor;
    if (own == null) {
      own =
          Executors.newSingleThreadScheduledExecutor(
              task -> {
                Thread thread = new Thread(task, "strongroom-commit");
                thread.setDaemon(true);
                return thread;
              });
      ownExecutor = own;
    }
    return own;
  }

  private void timerCommit() {
    synchronized (timerLock) {
      timer = null;
    }
    try {
      if (!closed && failure == null) {
        sync();
      }
    } catch (IOException e) {
      if (!closed) {
        log("a commit by the timer failed", e);
      }
    } finally {
      if (!dirty.isEmpty() && failure == null) {
        startTimer();
      }
    }
  }

  /** Commits all files but those in transaction mode, durably. */
  public void sync() throws IOException {
    requireWritable();
    IOException problem = null;
    lock.lock();
    try {
      commit(new ArrayList<>(dirty), true);
    } catch (IOException e) {
      problem = e; // of one file perhaps; the others have been committed
    } finally {
      lock.unlock();
    }
    awaitDurable(problem);
    lock.lock();
    try {
      if (!closed && (journal.used() > journal.capacity() / 2 || overlayPressure())) {
        checkpoint();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Commits one file. */
  void commitFile(FileNode node, Durability durability) throws IOException {
    commitSome(List.of(node), durability);
  }

  /** Makes what is committed durable without committing more. */
  void syncCommitted() throws IOException {
    commitSome(List.of(), Durability.DURABLE);
  }

  private void commitSome(List<FileNode> files, Durability durability) throws IOException {
    requireWritable();
    boolean durable = durability == Durability.DURABLE;
    IOException problem = null;
    lock.lock();
    try {
      commit(files, durable);
    } catch (IOException e) {
      problem = e;
    } finally {
      lock.unlock();
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
    requireUsable();
    try {
      journal.sync(journal.appendedThrough());
    } catch (IOException e) {
      throw fail(e);
    }
    if (problem != null) {
      throw problem;
    }
  }

  private boolean overlayPressure() {
    return checkpoint.pinnedBytes() > cache.budget() / 4;
  }

  /**
   * Commits files, with all changes of names that wait, in as few records as possible.
   *
   * @param durable whether all data that the records count on is to be synced before them; the
   *     records themselves are synced by {@link #awaitDurable}
   */
  void commit(Collection<FileNode> files, boolean durable) throws IOException {
    requireUsable();
    Set<FileNode> all = new LinkedHashSet<>(namespaceNodes);
    Set<FileNode> wanted = new LinkedHashSet<>(files);
    all.addAll(wanted);
    IOException problem = null;
    List<NodeCommit> group = new ArrayList<>();
    try {
      long limit = journal.capacity() / 2;
      long estimate = 0;
      for (FileNode node : all) {
        boolean data = wanted.contains(node) || (!node.transactional && !isLarge(node));
        NodeCommit share = new NodeCommit(node, data || node.isDirectory());
        group.add(share);
        if (share.isEmpty()) {
          group.remove(share);
          share.close();
          continue;
        }
        try {
          share.prepare(journal.capacity());
        } catch (IOException e) {
          group.remove(share);
          share.close();
          if (node.isDirectory()) {
            throw e; // its entries and the files that they name belong together
          }
          problem = collect(problem, e);
          if (namespaceNodes.contains(node)) {
            NodeCommit name = new NodeCommit(node, false);
            group.add(name);
            estimate += name.estimate();
          }
          continue;
        }
        long more = share.estimate();
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
    if (namespaceNodes.size() * 2048L > journal.capacity() / 8) {
      commit(List.of(), false);
    }
  }

  private boolean isLarge(FileNode node) {
    return node.dirtySectors * node.layout.sectorBytes() > journal.capacity() / 16;
  }

  private static IOException collect(@Nullable IOException first, IOException next) {
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
    if (group.isEmpty() && removals.isEmpty() && ended.isEmpty()) {
      return;
    }
    long needed = estimate + 4096 + (removals.size() + ended.size()) * 256L;
    if (needed > journal.capacity() && needed > options.journalLimitBytes()) {
      throw new CommitTooLargeException(store.toString(), needed, options.journalLimitBytes());
    }
    if (needed > journal.free()) {
      long grown = Math.min(2 * needed, options.journalLimitBytes());
      // The capacity counts in whole blocks.
      checkpoint.run(needed > journal.capacity() ? (grown + 4095) / 4096 * 4096 : 0);
    }
    try {
      if (durable) {
        syncPlaces(group);
      }
      scratch.sync();
      journal.begin(writer);
      boolean unsynced = false;
      for (NodeCommit share : group) {
        share.write(writer);
        unsynced |= share.countsOnPlace();
      }
      for (FileNode node : ended) {
        removals.add(new JournalRecord.Removal(node.uid(), node.host, node.from));
      }
      removals.forEach(writer::removal);
      long address = journal.append(writer, unsynced, durable && !unsynced);
      for (NodeCommit share : group) {
        share.finish(address);
        finished(share.node);
      }
      committedRemovals.addAll(removals);
      removals.clear();
      for (FileNode node : ended) {
        releaseSlots(node);
        nodes.remove(node.uid());
        placeUnsynced.remove(node);
        node.close();
      }
      ended.clear();
      if (!durable) {
        startTimer();
      }
    } catch (IOException | RuntimeException e) {
      throw fail(e);
    } finally {
      group.forEach(NodeCommit::close);
      group.clear();
    }
  }

  /** Takes in a file that a recovery has found in the journal. */
  void recovered(FileNode node) {
    nodes.put(node.uid(), node);
    if (node.placeUnsynced) {
      placeUnsynced.add(node);
    }
    if (node.from.startsWith(Names.TRANSIT)) {
      transitUnsynced.set(true);
    }
  }

  private void releaseSlots(FileNode node) {
    Overlay overlay = node.overlay;
    if (overlay != null) {
      for (long sector : overlay.sources.sortedKeys()) {
        long address = overlay.sources.get(sector);
        if ((address & Overlay.SCRATCH) != 0) {
          releaseAtCheckpoint(address & ~Overlay.SCRATCH, node.layout.sectorBytes());
        }
      }
    }
  }

  private void finished(FileNode node) {
    namespaceNodes.remove(node);
    if (!node.isDirty()) {
      dirty.remove(node);
    }
    if (node.placeUnsynced) {
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
        store.syncDirectory(Names.TRANSIT);
        store.syncDirectory(Names.FILES);
        store.syncDirectory("");
      }
    } catch (IOException e) {
      throw fail(e);
    }
  }

  // ---- checkpoint

  void checkpoint() throws IOException {
    checkpoint.run(0);
  }

  /** All that a checkpoint needs to be durable before it changes anything in place. */
  void makeCommittedDurable() throws IOException {
    syncPlaces(List.of());
    try {
      journal.sync(journal.appendedThrough());
    } catch (IOException e) {
      throw fail(e);
    }
  }

  // ---- files that are open

  /** Notes the end of a file that is not open. */
  void ended(JournalRecord.Removal removal) {
    removals.add(removal);
    startTimer();
  }

  /** Drops a file that nobody needs any more. */
  void disposeIfIdle(FileNode node) throws IOException {
    if (node.references > 0
        || namespaceNodes.contains(node)
        || dirty.contains(node)
        || ended.contains(node)) {
      return;
    }
    if (node.overlay == null) {
      nodes.remove(node.uid());
      node.close();
      cache.sweep();
    } else {
      node.shrink();
    }
  }

  /** Gives a file back; the last one to do so ends a transaction or an unlinked file. */
  void release(FileNode node) throws IOException {
    lock.lock();
    try {
      node.references--;
      if (node.references > 0 || closed) {
        return;
      }
      if (node.transactional) {
        node.discard();
        node.transactional = false;
      }
      if (node.unlinked) {
        forget(node);
        return;
      }
      disposeIfIdle(node);
    } finally {
      lock.unlock();
    }
  }

  /** Ends an unlinked file that nobody has open. */
  void forget(FileNode node) throws IOException {
    namespaceNodes.remove(node);
    dirty.remove(node);
    if (node.header.generation > 0) {
      node.discard();
      ended.add(node);
      startTimer();
    } else {
      nodes.remove(node.uid());
      placeUnsynced.remove(node);
      node.close();
      if (!node.from.isEmpty()) {
        store.delete(node.from);
      }
    }
    cache.sweep();
  }

  /**
   * Encrypts a file that nobody has open again, under the keys of its next epoch, and puts the
   * result in its place in one commit.
   */
  void rekey(FileNode old, Grub grub) throws IOException {
    old.references++; // stays while the checkpoint disposes of what is idle
    FileNode fresh = null;
    try {
      commit(List.of(old), true);
      checkpoint();
      FileHeader header =
          new FileHeader(
              file.id(), old.uid(), grub.rnd(), old.header.epoch + 1, old.header.sectorBytes);
      header.copyAttributes(old.header);
      fresh = new FileNode(this, header, FileKeys.of(grub), "", old.host, old.path);
      fresh.references = 1;
      fresh.rekeyed = true;
      fresh.placeForWriting();
      int size = header.sectorBytes;
      byte[] clear = new byte[size];
      for (long at = old.nextPresent(0); at * size < old.length; at = old.nextPresent(at + 1)) {
        int part = old.read(at * size, clear, 0, size);
        fresh.write(at * size, clear, 0, part);
      }
      Arrays.fill(clear, (byte) 0);
      fresh.truncate(old.length);
      fresh.modified = header.modified;
      namespaceChanged(fresh);
      commit(List.of(fresh), true);
      nodes.put(fresh.uid(), fresh);
      checkpoint();
    } finally {
      old.references--;
      if (fresh != null && nodes.get(fresh.uid()) == fresh) {
        fresh.references--;
        dirty.remove(old);
        old.close();
        disposeIfIdle(fresh);
      } else if (fresh != null) {
        dirty.remove(fresh);
        namespaceNodes.remove(fresh);
        fresh.close();
        store.delete(fresh.from);
        disposeIfIdle(old);
      } else {
        disposeIfIdle(old);
      }
    }
  }

  // ---- the end

  @Override
  public void close() throws IOException {
    IOException problem = null;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      if (failure == null && !options.readOnly()) {
        problem = commitAllAndCheckpoint();
      }
      closed = true;
      nodes.values().forEach(FileNode::close);
      nodes.clear();
      dirty.clear();
      namespaceNodes.clear();
    } finally {
      lock.unlock();
    }
    stopTimer();
    for (AutoCloseable each :
        List.<AutoCloseable>of(scratch::close, journal::close, keys, storeLock, store)) {
      try {
        each.close();
      } catch (IOException e) {
        problem = collect(problem, e);
      } catch (Exception e) {
        problem = collect(problem, new IOException(e));
      }
    }
    if (problem != null) {
      throw problem;
    }
  }

  private @Nullable IOException commitAllAndCheckpoint() {
    IOException problem = null;
    try {
      discardTransactions();
      commit(new ArrayList<>(dirty), true);
    } catch (IOException e) {
      problem = e;
    }
    try {
      dropUnlinked();
      if (!ended.isEmpty()) {
        commit(List.of(), true);
      }
      if (!journal.isEmpty()) {
        checkpoint();
      }
      journal.markClean();
      scratch.clear();
    } catch (IOException e) {
      problem = collect(problem, e);
    }
    try {
      journal.sync(journal.appendedThrough());
    } catch (IOException e) {
      problem = collect(problem, e);
    }
    return problem;
  }

  /** Gives everything back without writing, after an opening that failed. */
  void abandon() throws IOException {
    failure = new IOException("the volume could not be opened");
    close();
  }

  private void discardTransactions() {
    for (FileNode node : nodes.values()) {
      if (node.transactional) {
        node.discard();
      }
    }
  }

  private void dropUnlinked() throws IOException {
    for (FileNode node : new ArrayList<>(nodes.values())) {
      if (node.unlinked) {
        forget(node);
      }
    }
  }

  private void stopTimer() {
    synchronized (timerLock) {
      if (timer != null) {
        timer.cancel(false);
        timer = null;
      }
      if (ownExecutor != null) {
        ownExecutor.shutdown();
      }
    }
  }
}
