// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.ByteRange;
import dev.strongroom.file.CommitTooLargeException;
import dev.strongroom.file.FileType;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.KeyScope;
import dev.strongroom.file.internal.crypto.FileKeys;
import dev.strongroom.file.internal.crypto.NonceSource;
import dev.strongroom.file.internal.crypto.SectorKey;
import dev.strongroom.file.internal.engine.Purification.OnDamage;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.JournalRecord;
import dev.strongroom.file.internal.format.v1.Layout;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One secure file that somebody has open, or whose changes are not in place yet: what is committed,
 * what is not, and the operations on its content.
 *
 * <p>{@link SectorReader} finds sectors, {@link SectorWriter} changes them, {@link CachedPages}
 * holds those in memory, {@link PendingSectors} knows those that left it before their commit, and
 * {@link PlaceFile} is the host file.
 *
 * <p>Thread safety: guarded by {@link #lock}; the namespace fields are guarded by the volume's
 * lock.
 */
final class FileNode {

  static final long HOLE = -1;
  static final long IN_PLACE = -2;
  static final long LOST = -3;
  static final int PAGE_SECTORS = 8;

  final ReentrantLock lock = new ReentrantLock();
  final Volume volume;
  final FileHeader header;
  final FileKeys keys;

  /** The keys of its pages, if each has its own. */
  final @Nullable PageKeys pageKeys;

  final Layout layout;
  final TagTree tree;
  final NonceSource contentNonces;
  final NonceSource headerNonces;
  final CachedPages pages = new CachedPages(this);
  final PendingSectors pending = new PendingSectors(this);
  final PlaceFile place = new PlaceFile(this);
  final SectorReader reader;
  final SectorWriter writer;
  final Purification purification;

  /** Guarded by the volume's lock. */
  int references;

  /** How many have it open for writing. Guarded by the volume's lock. */
  int writers;

  /** Guarded by the volume's lock, while it is open also by {@code lock}. */
  boolean unlinked;

  /** Guarded by the volume's lock: the name or place in the tree has changed. */
  boolean namespaceDirty;

  /** Where the file lies, empty when it has no host file. Guarded by the volume's lock and lock. */
  String from;

  /** Where it will lie after the checkpoint. Guarded by the volume's lock. */
  String host;

  /** The path under which it was opened last, for messages. */
  volatile String path;

  @Nullable Overlay overlay;

  /** The version that the next commit freezes it as, or 0. Guarded by the volume's lock. */
  long frozenAs;

  /** Whether the ledger has been asked about it. Guarded by the volume's lock. */
  boolean admitted;

  /** Whether the next commit is the first at a new key epoch. */
  boolean rekeyed;

  boolean transactional;

  /** While a commit is under way no changed page leaves the cache but by its hand. */
  boolean committing;

  boolean closed;

  /** Whether somebody has removed the host file. */
  boolean lost;

  long length;

  /** What the cache has been told to expect of a commit. */
  private long expected;

  long cut = JournalRecord.NO_CUT;

  /** Sectors from here on are beyond everything committed since the last checkpoint. */
  long floor;

  /** When uncommitted changes of content took place, or what a caller has set since. */
  @Nullable Instant modified;

  /** When the uncommitted changes, or those of attributes since, took place. */
  @Nullable Instant changed;

  private long owed;

  FileNode(Volume volume, FileHeader header, FileKeys keys, String from, String host, String path) {
    this.volume = volume;
    this.header = header;
    this.keys = keys;
    this.from = from;
    this.host = host;
    this.path = path;
    layout = header.layout();
    pageKeys = header.scope == KeyScope.PAGE ? new PageKeys(this) : null;
    length = header.length;
    floor = layout.sectors(length);
    contentNonces = keys.contentNonces(header.contentStarts, header.contentNonces);
    headerNonces = keys.headerNonces(header.headerStarts, header.headerNonces);
    tree =
        new TagTree(
            this,
            header.uid,
            header.epoch,
            layout,
            keys,
            volume.cache,
            place::read,
            floor,
            header.root);
    reader = new SectorReader(this);
    writer = new SectorWriter(this);
    purification = new Purification(this);
  }

  Bytes uid() {
    return header.uid;
  }

  boolean isDirectory() {
    return header.type == FileType.DIRECTORY;
  }

  /** Whether name and content belong together: half of them must not be committed. */
  boolean isWhole() {
    return header.type != FileType.FILE
        || header.attributeStream
        || header.system != null
        || rekeyed;
  }

  /** Notes what the file will take in place beyond its content and entries. */
  void owes(long bytes) {
    volume.owe(bytes - owed);
    owed = bytes;
  }

  private void contentChanged() {
    modified = volume.now();
    changed = modified;
  }

  /** Notes a change of attributes or name, which a commit of names publishes. */
  void attributesChanged() {
    header.changed = volume.now();
    if (changed != null) {
      changed = header.changed;
    }
  }

  /** Whether there is anything that a commit would publish. */
  boolean isDirty() {
    return pages.dirtySectors() > 0
        || pending.size() > 0
        || cut != JournalRecord.NO_CUT
        || length != header.length
        || modified != null;
  }

  IntegrityException damaged(String check, long sector, long start, long end, String detail) {
    return new IntegrityException(
        path, check, sector, start, Math.min(end, Math.max(start, length)), detail);
  }

  /**
   * Whether the file is due for new keys: after s*N > 2^64, when a nonce could repeat, or 2^40
   * sectors, when so much ciphertext under one key begins to tell.
   */
  boolean isExhausted() {
    return contentNonces.exhausted(64)
        || headerNonces.exhausted(64)
        || contentNonces.total() > 1L << 40;
  }

  int read(long position, byte[] target, int offset, int wanted) throws IOException {
    lock.lock();
    try {
      requireOpen();
      if (position >= length) {
        return -1;
      }
      int total = (int) Math.min(wanted, length - position);
      if (pageKeys != null) {
        return readInBatches(pageKeys, position, target, offset, total);
      }
      reader.read(position, target, offset, total);
      return total;
    } finally {
      lock.unlock();
    }
  }

  /** The first byte from a position on that is in no committed hole, or the length. */
  long nextData(long from) throws IOException {
    lock.lock();
    try {
      requireOpen();
      long sector = reader.nextPresent(from / layout.sectorBytes());
      return Math.min(length, Math.max(from, sector * layout.sectorBytes()));
    } finally {
      lock.unlock();
    }
  }

  /** Where the next committed hole begins behind such a byte, or a limit. */
  long dataEnd(long from, long limit) throws IOException {
    lock.lock();
    try {
      requireOpen();
      long sector = from / layout.sectorBytes();
      while (sector * layout.sectorBytes() < limit && reader.isPresent(sector)) {
        sector++;
      }
      return Math.min(limit, sector * layout.sectorBytes());
    } finally {
      lock.unlock();
    }
  }

  private int readInBatches(PageKeys own, long position, byte[] target, int offset, int wanted)
      throws IOException {
    int done = 0;
    while (done < wanted && position + done < length) {
      long from = position + done;
      long to = Math.min(Math.min(position + wanted, length), own.batchEnd(from));
      PageKeys.Span span = own.require(from, to, PageKeys.Purpose.READ);
      try {
        int part = (int) Math.max(0, Math.min(to, length) - from); // it may have been cut
        reader.read(from, target, offset + done, part);
        done += part;
      } finally {
        PageKeys.end(span);
      }
    }
    return done == 0 ? -1 : done;
  }

  /** The keys for an operation, if pages have keys of their own; null otherwise. */
  PageKeys.@Nullable Span keysFor(long from, long to, PageKeys.Purpose purpose) throws IOException {
    return pageKeys == null || to <= from ? null : pageKeys.require(from, to, purpose);
  }

  /** The key of a sector; where pages have keys of their own, it was asked for. */
  SectorKey keyOf(long sector) {
    return pageKeys == null ? keys.content() : pageKeys.key(sector / PAGE_SECTORS);
  }

  /** Whether a sector may be loaded by an operation that does not need it itself. */
  boolean mayLoad(long sector) {
    return pageKeys == null || pageKeys.isAtHand(sector / PAGE_SECTORS);
  }

  void write(long position, byte[] source, int offset, int count) throws IOException {
    write(position, source, offset, count, OnDamage.REFUSE);
  }

  void write(long position, byte[] source, int offset, int count, OnDamage onDamage)
      throws IOException {
    lock.lock();
    try {
      requireRoom(position, count);
      PageKeys.Span span = keysFor(position, position + count, PageKeys.Purpose.WRITE);
      try {
        put(position, source, offset, count, onDamage);
      } finally {
        PageKeys.end(span);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Writes what is no change of the content that anybody sees. */
  void writeKeepingTimes(long position, byte[] source, int count) throws IOException {
    lock.lock();
    try {
      Instant modifiedBefore = modified;
      Instant changedBefore = changed;
      write(position, source, 0, count);
      modified = modifiedBefore;
      changed = changedBefore;
    } finally {
      lock.unlock();
    }
  }

  private void requireRoom(long position, int count) throws IOException {
    requireOpen();
    if (position > Layout.MAX_LENGTH - count) {
      throw new IllegalArgumentException(
          "a secure file has at most " + Layout.MAX_LENGTH + " bytes");
    }
  }

  private void put(long position, byte[] source, int offset, int count, OnDamage onDamage)
      throws IOException {
    if (count > 0) {
      writer.write(position, source, offset, count, onDamage);
      contentChanged();
    }
  }

  /**
   * Whether so much is being written where a truncated file had its content that it pays to publish
   * the truncation first: then the rest can go straight to its place.
   */
  boolean beginsAnew(int count) {
    lock.lock();
    try {
      long waiting = (pages.dirtySectors() + pending.size()) * layout.sectorBytes() + count;
      return cut < floor && !transactional && waiting > SectorWriter.APPENDED_BYTES;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Tells the cache what a commit of all changes would need.
   *
   * @throws CommitTooLargeException if this is a transaction, and it would be more than there may
   *     be
   * @throws IOException if what is known of a transaction must leave memory and cannot
   */
  void expectCommit() throws IOException {
    lock.lock();
    try {
      long needed = commitBytes();
      if (transactional) {
        spill();
        long limit = volume.cache.budget() / 2;
        if (needed + pending.bytes() > limit) {
          throw CommitTooLargeException.ofMemory(path, needed + pending.bytes(), limit);
        }
        needed = 0;
      }
      volume.cache.expect(needed - expected);
      expected = needed;
    } finally {
      lock.unlock();
    }
  }

  /** Moves what is known of a transaction's sectors out of memory when it becomes much. */
  private void spill() throws IOException {
    if (pending.isDue()) {
      place.settle(); // a run that fails later is known in memory only
      try {
        pending.spill();
      } catch (IOException e) {
        if (pending.bytes() > volume.cache.budget() / 4) {
          throw e;
        }
      }
    }
  }

  /** Memory that a commit of all that has changed would need until the checkpoint, at most. */
  long commitBytes() {
    long leaves = (long) pages.dirtyPages() + pending.leaves();
    if (leaves == 0) {
      return 0;
    }
    long sectors = layout.sectors(length);
    long tree =
        transactional
            ? TagTree.bytesForCommit(leaves, sectors, volume.cache.budget())
            : TagTree.bytesOnTheWay(leaves, sectors);
    return tree
        + SectorSources.bytesFor(
            pages.dirtySectors(), pending.size() - pending.inPlace(), pending.leaves());
  }

  /** Nothing waits for a commit any more. */
  void expectNothing() {
    volume.cache.expect(-expected);
    expected = 0;
  }

  long append(byte[] source, int offset, int count, OnDamage onDamage) throws IOException {
    lock.lock();
    try {
      while (true) {
        long at = length;
        requireRoom(at, count);
        PageKeys.Span span = keysFor(at, at + count, PageKeys.Purpose.WRITE);
        try {
          if (at == length) { // or somebody has appended while the element was asked
            put(at, source, offset, count, onDamage);
            return at;
          }
        } finally {
          PageKeys.end(span);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  void truncate(long size) throws IOException {
    truncate(size, OnDamage.REFUSE);
  }

  void truncate(long size, OnDamage onDamage) throws IOException {
    lock.lock();
    try {
      requireOpen();
      if (size > Layout.MAX_LENGTH) {
        throw new IllegalArgumentException(
            "a secure file has at most " + Layout.MAX_LENGTH + " bytes");
      }
      int within = (int) (size % layout.sectorBytes());
      PageKeys.Purpose purpose =
          onDamage == OnDamage.OVERWRITE ? PageKeys.Purpose.WRITE : PageKeys.Purpose.READ;
      PageKeys.Span span = size < length ? keysFor(size - within, size, purpose) : null;
      try {
        cutOrGrow(size, within, onDamage);
      } finally {
        PageKeys.end(span);
      }
    } finally {
      lock.unlock();
    }
  }

  private void cutOrGrow(long size, int within, OnDamage onDamage) throws IOException {
    place.settle();
    if (size < length) {
      purification.prepareCut(layout.sectors(size), onDamage);
      long end = size / layout.sectorBytes();
      boolean damaged = within != 0 && purification.isDamaged(end, onDamage);
      if (damaged || (within != 0 && reader.sector(end, 1) != null)) {
        if (!isDirectory()) {
          volume.reserveSpace(layout.sectorBytes());
        }
        if (damaged) {
          purification.fill(end);
        }
        byte[] last = writer.writable(end, false);
        Arrays.fill(last, within, last.length, (byte) 0);
      }
      long keep = layout.sectors(size);
      pages.dropFrom(keep);
      pending.dropFrom(keep);
      if (keep < layout.sectors(header.length)) {
        cut = Math.min(cut, keep);
      }
    }
    if (size != length) {
      length = size;
      contentChanged();
      volume.commits.becameDirty(this);
    }
  }

  /**
   * Whether sectors in place or in the scratch file are what their entries say; for recovery.
   *
   * @param sectors ascending
   */
  boolean areThere(long[] sectors) throws IOException {
    lock.lock();
    try {
      int size = layout.sectorBytes();
      for (int done = 0; done < sectors.length; ) {
        long from = sectors[done] * size;
        long batchEnd = pageKeys == null ? Long.MAX_VALUE : pageKeys.batchEnd(from);
        int stop = done;
        while (stop < sectors.length && sectors[stop] < batchEnd / size) {
          stop++;
        }
        PageKeys.Span span = keysFor(from, (sectors[stop - 1] + 1) * size, PageKeys.Purpose.READ);
        try {
          for (; done < stop; done++) {
            if (!reader.isThere(sectors[done])) {
              return false;
            }
          }
        } finally {
          PageKeys.end(span);
        }
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Takes back what a failed write has added behind a length. */
  void dropBeyond(long size) {
    place.settle();
    if (length > size) {
      long keep = layout.sectors(size);
      pages.dropFrom(keep);
      try {
        pending.dropFrom(keep);
      } catch (IOException e) {
        volume.log("a transaction of " + path + " can only be discarded", e);
      }
      int within = (int) (size % layout.sectorBytes());
      byte[] last = within == 0 ? null : pages.sector(keep - 1);
      if (last != null) {
        Arrays.fill(last, within, last.length, (byte) 0);
        if (mayWait(keep - 1)) { // it may have been encrypted since
          pages.changed(pages.pageFor(keep - 1), (int) ((keep - 1) % PAGE_SECTORS));
        }
      }
      length = size;
    }
  }

  private boolean mayWait(long sector) {
    try {
      return pending.contains(sector);
    } catch (IOException e) {
      return true; // no commit comes of it
    }
  }

  /** Goes back to what is committed. */
  void discard() {
    lock.lock();
    try {
      place.settle();
      pending.dropAll();
      pages.dropAll();
      expectNothing();
      tree.resent();
      cut = JournalRecord.NO_CUT;
      length = header.length;
      modified = null;
      changed = null;
    } finally {
      lock.unlock();
    }
  }

  /** Reads the last sector, unless it need not be read, so that damage shows at once. */
  void checkEnd() throws IOException {
    lock.lock();
    try {
      requireOpen();
      long last = length == 0 ? -1 : (length - 1) / layout.sectorBytes();
      if (last < 0 || !reader.isUnseen(last)) {
        return;
      }
      PageKeys.Span span = keysFor(last * layout.sectorBytes(), length, PageKeys.Purpose.READ);
      try {
        if (last * layout.sectorBytes() < length) { // or it was cut while the element was asked
          reader.sector(last, 1);
        }
      } finally {
        PageKeys.end(span);
      }
    } finally {
      lock.unlock();
    }
  }

  /** A sector as the file has it, read past the cache; null if it is damaged. */
  byte @Nullable [] readAgain(long sector) throws IOException {
    lock.lock();
    try {
      if (closed) {
        return null;
      }
      long from = sector * layout.sectorBytes();
      PageKeys.Span span =
          keysFor(from, from + layout.sectorBytes(), PageKeys.Purpose.WRITE); // also for a hole
      try {
        return reader.readAgain(sector);
      } finally {
        PageKeys.end(span);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether a sector was damaged, and has been written in part since. */
  boolean isPurifiedInPart(long sector) throws IOException {
    lock.lock();
    try {
      return reader.isPurifiedInPart(sector);
    } finally {
      lock.unlock();
    }
  }

  /** The ranges that were damaged, and have been written in part since. */
  List<ByteRange> partlyPurified() throws IOException {
    lock.lock();
    try {
      requireOpen();
      return purification.marked();
    } finally {
      lock.unlock();
    }
  }

  /** Makes sectors in place durable. */
  void syncPlace() throws IOException {
    lock.lock();
    try {
      place.sync();
    } finally {
      lock.unlock();
    }
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw volume.gone(this);
    }
    volume.requireUsable();
  }

  /** Zeroes everything and forgets what is not committed. */
  void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      pages.dropAll();
      pending.clear();
      expectNothing();
      owes(0);
      if (overlay != null) {
        overlay.discount(volume.cache);
      }
      tree.close();
      if (pageKeys != null) {
        pageKeys.close();
      }
      contentNonces.close();
      headerNonces.close();
      keys.close();
      Arrays.fill(header.namesKey, (byte) 0);
      header.attributes.erase();
      place.close();
    } catch (IOException e) {
      volume.log("closing a host file failed", e);
    } finally {
      lock.unlock();
    }
  }

  /** Gives clean sectors back when nobody has the file open any more. */
  void shrink() throws IOException {
    lock.lock();
    try {
      if (pageKeys != null) {
        pageKeys.endRun();
      }
      if (pages.dirtySectors() == 0) {
        pages.dropAll();
      }
      place.close();
    } finally {
      lock.unlock();
    }
  }
}
