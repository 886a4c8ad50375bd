// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Grub;
import dev.strongroom.file.FileGoneException;
import dev.strongroom.file.LedgerRepair;
import dev.strongroom.file.LedgerState;
import dev.strongroom.file.NoSpaceException;
import dev.strongroom.file.VolumeFailedException;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.check.Finding;
import dev.strongroom.file.check.FindingKind;
import dev.strongroom.file.check.Severity;
import dev.strongroom.file.internal.crypto.NonceSource;
import dev.strongroom.file.internal.crypto.VolumeKeys;
import dev.strongroom.file.internal.format.v1.ElementRecord;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.KeyOrigin;
import dev.strongroom.file.internal.format.v1.LedgerRepaired;
import dev.strongroom.file.internal.format.v1.Names;
import dev.strongroom.file.internal.format.v1.VolumeFile;
import dev.strongroom.file.internal.format.v1.VolumeFileState;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.nio.file.ReadOnlyFileSystemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
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

  private static final Logger LOG = LoggerFactory.getLogger(Volume.class);
  private static final long SPACE_MARGIN = 256 << 10;
  private static final int MOST_REPAIRS = 1000;

  final ReentrantLock lock = new ReentrantLock();
  final ElementSession session;
  final Store store;
  final VolumeOptions options;
  volatile VolumeFile file; // written under lock
  volatile VolumeFileState fileState; // written under lock
  final PageCache cache;
  final Scratch scratch;
  final Journal journal;
  final Map<Bytes, FileNode> nodes = new HashMap<>(); // guarded by lock
  final Commits commits;
  final FileTable files;
  final Ledger ledger;
  final VolumeKeys keys;

  /** Keys that came with the volume's own, while it is being opened. Guarded by lock. */
  EarlyKeys early = new EarlyKeys();

  private final KeySupply supply;
  private final AutoCloseable storeLock;
  private volatile @Nullable Throwable failure;
  private volatile boolean closed;

  /** Who began to close the volume; everybody else's new work is refused from then on. */
  private volatile @Nullable Thread closer;

  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable StrongroomException removal;
  private long grantedSpace; // guarded by spaceLock

  /** Counts what may have changed headers or host names on the medium. Guarded by lock. */
  long hostChanges;

  /** What new files will take in place beyond what the journal holds of them. */
  private long owedBytes; // guarded by spaceLock

  private final Object spaceLock = new Object();

  /** How far the journal went when the volume was opened. Guarded by lock. */
  private long journalAtOpening = -1;

  /** What has been repaired since the volume was opened; guarded by itself. */
  private final List<Finding> repairs = new ArrayList<>();

  Volume(
      ElementSession session,
      Store store,
      VolumeOptions options,
      VolumeFile file,
      VolumeFileState fileState,
      VolumeKeys keys,
      Journal journal,
      KeySupply supply,
      AutoCloseable storeLock) {
    this.session = session;
    this.supply = supply;
    this.store = store;
    this.options = options;
    this.file = file;
    this.fileState = fileState;
    this.keys = keys;
    this.journal = journal;
    this.storeLock = storeLock;
    cache = new PageCache(options.cacheBytes());
    scratch = new Scratch(store, options.readOnly());
    commits = new Commits(this);
    files = new FileTable(this);
    ledger = new Ledger(this);
  }

  /** What the volume file says. */
  public VolumeFile description() {
    return file;
  }

  /**
   * Where it keeps its host files.
   *
   * @return the store
   */
  public Store store() {
    return store;
  }

  /** The session whose element holds the keys. */
  public ElementSession session() {
    return session;
  }

  /**
   * What tells the time.
   *
   * @return the clock
   */
  public java.time.InstantSource clock() {
    return options.clock();
  }

  /**
   * Makes sure that the volume can be changed.
   *
   * @throws IOException if it is closed, has failed, or is open for reading only
   */
  public void requireChangeable() throws IOException {
    requireWritable();
  }

  Instant now() {
    return options.clock().instant();
  }

  NonceSource.@Nullable Randomness nonceRandomness() {
    return options.nonceFromElement() ? this::random : null;
  }

  // ---- the element

  /** Asks for the pairs of files; the caller closes them. May be called with locks. */
  List<Grub> pairs(List<KeyRequest> requests) throws StrongroomException {
    return supply.pairs(requests);
  }

  /** Asks for the keys of consecutive crypto pages; the caller closes them. As {@link #pairs}. */
  List<SecretBytes> pageKeys(KeyRequest file, long first, int count) throws StrongroomException {
    return supply.pages(file, first, count);
  }

  /** The header of a new file, or of a file's next epoch. */
  FileHeader header(KeyRequest request, Grub pair, int sectorBytes) {
    FileHeader header =
        new FileHeader(file.id(), request.uid(), pair.rnd(), request.epoch(), sectorBytes);
    header.origin = supply.origin(request, pair);
    return header;
  }

  private byte[] random() throws StrongroomException {
    return session.random(32);
  }

  /**
   * The session is lost: closes the volume on another thread, for a caller that may hold locks and
   * must not wait.
   */
  public void sessionLost() {
    if (!commits.inBackground(this::closeWithoutElement) && isOpen()) {
      log("the executor takes nothing; the volume stays open without its element", null);
    }
  }

  // ---- state

  /** Whether an error of the medium has stopped the volume. */
  public boolean hasFailed() {
    return failure != null;
  }

  /** Throws if the volume is closed, is being closed by another thread, or has failed. */
  void requireUsable() throws IOException {
    requireOpen(isOpen());
  }

  /** Throws if the volume is closed or has failed. */
  void requireOpen() throws IOException {
    requireOpen(!closed);
  }

  private void requireOpen(boolean open) throws IOException {
    if (!open) {
      StrongroomException lost = removal;
      throw lost != null
          ? session.loss().orElse(lost)
          : new java.nio.channels.ClosedChannelException();
    }
    Throwable cause = failure;
    if (cause != null) {
      throw new VolumeFailedException(store.toString(), cause);
    }
  }

  /** Whether it was opened for reading only. */
  public boolean isReadOnly() {
    return options.readOnly();
  }

  /** Whether the volume has not been closed, and no other thread is about to close it. */
  public boolean isOpen() {
    Thread closing = closer;
    return !closed && (closing == null || closing == Thread.currentThread());
  }

  void requireWritable() throws IOException {
    requireUsable();
    if (options.readOnly()) {
      throw new ReadOnlyFileSystemException();
    }
  }

  /** What an open file says when the volume was closed under it. */
  FileGoneException gone(FileNode node) {
    return new FileGoneException(node.path, removal);
  }

  /**
   * Closes the volume, whose session is lost: what was written is published, which needs no
   * element, and everything clear is zeroed. Called with no locks.
   */
  void closeWithoutElement() {
    if (closed) {
      return;
    }
    StrongroomException cause = session.loss().orElseThrow();
    removal = cause;
    try {
      close();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** Stops the volume: what is not durable is not known to be written. */
  VolumeFailedException fail(Throwable cause) {
    if (failure == null) {
      failure = cause;
      LOG.warn("volume {} stopped", store, cause);
    }
    return new VolumeFailedException(store.toString(), cause);
  }

  void log(String message, @Nullable Throwable cause) {
    LOG.warn("{}: {}", store, message, cause);
  }

  /** Notes that something was repaired, for the log and the next check. */
  void repaired(FindingKind kind, String path, String detail) {
    found(kind, Severity.REPAIRED, path, detail);
  }

  /** Notes what was met beside a check, for the log and the next check. */
  void found(FindingKind kind, Severity severity, String path, String detail) {
    LOG.warn("{}: {} of {}: {}", store, kind.code(), path, detail);
    synchronized (repairs) {
      if (repairs.size() < MOST_REPAIRS) {
        repairs.add(new Finding(kind, severity, path, -1, -1, detail));
      }
    }
  }

  /** Records an administrator's act in the volume file, durably. */
  void record(VolumeFile.Rebuilt act) throws IOException {
    record(copy -> VolumeFile.with(copy, act, keys));
    LOG.warn("{}: directories are rebuilt by the administrator", store);
  }

  /**
   * Records what an administrator does about the ledger, durably.
   *
   * @param newcomer the element that adopts it, if the volume does not name it yet
   * @param above a revision of the volume file that the ledger has seen
   */
  void record(LedgerRepaired act, @Nullable ElementRecord newcomer, long above) throws IOException {
    record(
        copy -> {
          byte[] changed = VolumeFile.with(VolumeFile.above(copy, above), act, keys);
          return newcomer == null ? changed : VolumeFile.with(changed, newcomer, keys);
        });
    LOG.warn("{}: {} of the ledger by the administrator", store, act.repair());
  }

  /** Records that there is a ledger, durably; the caller has the ledger say which state that is. */
  void recordLedger() throws IOException {
    change(copy -> VolumeFile.withLedger(copy, keys));
  }

  private void record(VolumeOpener.Change change) throws IOException {
    change(change);
    ledger.settle();
  }

  private void change(VolumeOpener.Change change) throws IOException {
    lock.lock();
    try {
      requireWritable();
      byte[] changed = VolumeOpener.rewrite(store, change, fileState, keys);
      file = java.util.Objects.requireNonNull(VolumeFile.parse(store.toString(), changed));
      fileState = VolumeFileState.of(changed);
    } finally {
      lock.unlock();
    }
  }

  /** What was found about the ledger, if that is read all the same. */
  public Optional<LedgerState> ledgerState() {
    lock.lock();
    try {
      return Optional.ofNullable(ledger.state());
    } finally {
      lock.unlock();
    }
  }

  /** What the opening has done about the ledger as the administrator wanted, if anything. */
  public Optional<LedgerRepair> ledgerRepair() {
    lock.lock();
    try {
      return Optional.ofNullable(ledger.repaired());
    } finally {
      lock.unlock();
    }
  }

  /** Whether the element vouches for the ledger, or there is none. */
  public boolean isFresh() {
    lock.lock();
    try {
      return ledger.isProved();
    } finally {
      lock.unlock();
    }
  }

  /** Records an element in the volume file, durably. */
  void record(ElementRecord element) throws IOException {
    record(copy -> VolumeFile.with(copy, element, keys));
    LOG.warn("{}: element {} is recorded", store, element.serialNumber());
  }

  /** A header that the recovery element could not read must never be written. */
  void requireRecoverable(FileHeader header) {
    boolean derivedAlone =
        header.origin instanceof KeyOrigin.Derived derived && derived.recovery() == null;
    if (derivedAlone && file.elements().recovery() != null) {
      throw new IllegalStateException("a header without a pair for the recovery element");
    }
  }

  /** Forgets what a recovery has brought that failed later. */
  void forgetRecovered() {
    nodes.values().forEach(FileNode::close);
    nodes.clear();
    commits.committedRemovals.clear();
    journal.passOver();
  }

  /** What has been repaired since the volume was opened. */
  List<Finding> repairs() {
    synchronized (repairs) {
      return List.copyOf(repairs);
    }
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
    commits.transitChanged();
    return host;
  }

  /**
   * Deletes the host file of a file that was never committed. What is left where that fails is
   * deleted at the next opening, so it is no reason for the caller to stop half-way.
   */
  void deleteUncommitted(FileNode node) {
    if (!node.from.isEmpty()) {
      try {
        store.delete(node.from);
      } catch (IOException e) {
        log("the host file " + node.from + " stays until the volume is opened again", e);
      }
    }
  }

  /** Reads ciphertext from the journal or the scratch file; answers how much there was. */
  int readSource(long address, byte[] target, int offset, int length) throws IOException {
    if ((address & Overlay.SCRATCH) != 0) {
      return scratch.read(address & ~Overlay.SCRATCH, target, offset, length);
    }
    journal.read(address, target, offset, length);
    return length;
  }

  /** How many bytes can still be written to the medium, as an estimate. */
  public long usableSpace() throws IOException {
    requireUsable();
    return store.usableSpace();
  }

  /** How many bytes the medium has. */
  public long totalSpace() throws IOException {
    requireUsable();
    return store.totalSpace();
  }

  /** Makes sure that the medium has room for a sector before it is accepted. */
  void reserveSpace(long bytes) throws IOException {
    synchronized (spaceLock) {
      if (grantedSpace < bytes) {
        long usable = store.usableSpace();
        long owed = cache.allocated() + journal.used() + owedBytes + SPACE_MARGIN;
        if (usable - owed < bytes) {
          throw new NoSpaceException(store.toString(), bytes + owed, usable, null);
        }
        grantedSpace = bytes + Math.min((usable - owed - bytes) / 2, 64 << 20);
      }
      grantedSpace -= bytes;
    }
  }

  /**
   * Goes on with what recovery has found in the journal and the medium has no room for in place.
   */
  void keepInJournal(NoSpaceException reason) {
    journalAtOpening = journal.appendedThrough();
    log("opened with changes in the journal that have no room in place yet", reason);
  }

  /** Counts what a new file will take in place, or less of it. */
  void owe(long bytes) {
    synchronized (spaceLock) {
      owedBytes += bytes;
    }
  }

  /** A medium that is too full to put in place what the journal holds. */
  NoSpaceException tooFullFor(NoSpaceException cause) throws IOException {
    synchronized (spaceLock) {
      long needed = journal.used() + owedBytes;
      return new NoSpaceException(store.toString(), needed, store.usableSpace(), cause);
    }
  }

  /** Commits all files but those in transaction mode, durably. */
  public void sync() throws IOException {
    commits.sync();
  }

  /** Commits changes of names and makes all that is committed durable. */
  public void syncNames() throws IOException {
    requireUsable();
    if (!options.readOnly()) {
      commits.syncCommitted();
    }
  }

  // ---- files that are open

  /** Drops a file that nobody needs any more. */
  void disposeIfIdle(FileNode node) throws IOException {
    if (node.references > 0 || commits.awaits(node)) {
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

  /** Gives a file back that was open for writing; the last one to do so ends a transaction. */
  void releaseWriter(FileNode node) throws IOException {
    lock.lock();
    try {
      node.writers--;
      if (node.writers == 0 && node.transactional) {
        node.discard();
        node.transactional = false;
      }
      release(node);
    } finally {
      lock.unlock();
    }
  }

  /** Gives a file back; the last one to do so ends an unlinked file. */
  void release(FileNode node) throws IOException {
    lock.lock();
    try {
      node.references--;
      if (node.references > 0 || closer != null) {
        return;
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
    if (node.header.generation > 0) {
      node.discard();
      commits.ended(node);
    } else {
      commits.forget(node);
      nodes.remove(node.uid());
      node.close();
      deleteUncommitted(node);
    }
    cache.sweep();
  }

  // ---- the end

  /**
   * Closes the volume: refuses new work and publishes what waits; has the element vouch for it,
   * without the volume's lock; gives everything back. Who closes it at the same time takes part in
   * the second of these, and does the third if he gets there first.
   */
  @Override
  public void close() throws IOException {
    IOException problem = publishAtClose();
    try {
      settleAtClose();
    } catch (IOException e) {
      problem = Commits.collect(problem, e);
    }
    problem = giveBack(problem);
    if (problem != null) {
      throw problem;
    }
  }

  private @Nullable IOException publishAtClose() {
    lock.lock();
    try {
      if (closer != null) {
        return null;
      }
      closer = Thread.currentThread();
      return failure == null && !options.readOnly() ? commitAllAndCheckpoint() : null;
    } finally {
      lock.unlock();
    }
  }

  /** What the element does not learn now it learns at the next opening, so nothing is lost. */
  private void settleAtClose() throws IOException {
    if (!closed && failure == null && session.loss().isEmpty()) {
      ledger.settleWritten();
    }
  }

  private @Nullable IOException giveBack(@Nullable IOException before) {
    IOException problem = before;
    boolean first;
    lock.lock();
    try {
      first = !closed;
      if (first) {
        try {
          if (failure == null && !options.readOnly() && journal.isEmpty()) {
            journal.markClean();
            scratch.clear();
          }
        } catch (IOException e) {
          problem = Commits.collect(problem, e);
        }
        closed = true;
        nodes.values().forEach(FileNode::close);
        nodes.clear();
        commits.stop();
      }
    } finally {
      lock.unlock();
    }
    if (!first) {
      awaitEnd();
      return problem;
    }
    for (AutoCloseable each :
        List.<AutoCloseable>of(scratch::close, journal::close, keys, supply, storeLock, store)) {
      try {
        each.close();
      } catch (IOException e) {
        problem = Commits.collect(problem, e);
      } catch (Exception e) {
        problem = Commits.collect(problem, new IOException(e));
      }
    }
    ended.countDown();
    return problem;
  }

  /** Until another thread has given everything back, for which nothing but the medium is needed. */
  private void awaitEnd() {
    boolean interrupted = false;
    while (true) {
      try {
        ended.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private @Nullable IOException commitAllAndCheckpoint() {
    IOException problem = null;
    try {
      discardTransactions();
      commits.commitAll();
    } catch (IOException e) {
      problem = e;
    }
    if (failure != null) {
      return problem; // files in memory may be ahead of the journal, and must not go in place
    }
    try {
      dropUnlinked();
      if (commits.hasEnded()) {
        commits.commitAll();
      }
      ledger.publishBinding();
      if (!journal.isEmpty()) {
        commits.checkpoint();
      }
    } catch (NoSpaceException e) {
      if (journal.appendedThrough() != journalAtOpening) {
        problem = Commits.collect(problem, e);
      } else {
        log("nothing was changed, and what the journal holds has no room in place yet", e);
      }
    } catch (IOException e) {
      problem = Commits.collect(problem, e);
    }
    try {
      journal.sync(journal.appendedThrough());
    } catch (IOException e) {
      problem = Commits.collect(problem, e);
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
}
