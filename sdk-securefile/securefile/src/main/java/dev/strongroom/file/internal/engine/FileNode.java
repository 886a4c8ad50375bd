// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.FileType;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.internal.collect.LongMap;
import dev.strongroom.file.internal.crypto.FileKeys;
import dev.strongroom.file.internal.crypto.NonceSource;
import dev.strongroom.file.internal.crypto.SectorCipher;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.JournalRecord;
import dev.strongroom.file.internal.format.v1.Layout;
import dev.strongroom.file.internal.format.v1.TagPage;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One secure file that somebody has open, or whose changes are not in place yet: its clear sectors
 * in the cache, what is committed, and what is not.
 *
 * <p>A sector is found, in this order, in the cache; among the pending ones, which left the cache
 * before their commit; in the overlay, committed but not in place; in place; or it is a hole. A
 * sector that replaces a committed one never goes in place before its commit is durable: a pending
 * one lies in the scratch file. A sector beyond everything committed since the last checkpoint (the
 * floor) goes straight to its place.
 *
 * <p>Thread safety: guarded by {@link #lock}; the namespace fields are guarded by the volume's
 * lock.
 */
final class FileNode {

  /** A sector that left the cache before its commit. */
  static final class Pending {
    final byte[] entry;

    /** In the scratch file, or {@link #IN_PLACE}. */
    final long address;

    Pending(byte[] entry, long address) {
      this.entry = entry;
      this.address = address;
    }
  }

  static final long HOLE = -1;
  static final long IN_PLACE = -2;
  static final int PAGE_SECTORS = 8;

  /** Longest run that is read or written at once, in bytes. */
  private static final int RUN_BYTES = 512 << 10;

  /** Ciphertext that is being read; an eviction in the meantime uses the other buffer. */
  private static final ThreadLocal<byte[]> READ_BUFFER =
      ThreadLocal.withInitial(() -> new byte[RUN_BYTES + SectorCipher.TAG]);

  private static final ThreadLocal<byte[]> WRITE_BUFFER =
      ThreadLocal.withInitial(() -> new byte[RUN_BYTES + SectorCipher.TAG]);

  final ReentrantLock lock = new ReentrantLock();
  final Volume volume;
  final FileHeader header;
  final FileKeys keys;
  final Layout layout;
  final TagTree tree;
  final NonceSource contentNonces;
  final NonceSource headerNonces;
  final LongMap<CachePage> pages = new LongMap<>();

  /** Those of the pages that have changed sectors. */
  final LongMap<CachePage> dirtyPages = new LongMap<>();

  final LongMap<Pending> pending = new LongMap<>();

  /** Guarded by the volume's lock. */
  int references;

  /** How many have it open for writing. Guarded by the volume's lock. */
  int writers;

  /** Guarded by the volume's lock. */
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

  /** Whether the next commit is the first at a new key epoch. */
  boolean rekeyed;

  boolean transactional;

  /** While a commit is under way no changed page leaves the cache but by its hand. */
  boolean committing;

  boolean closed;

  /** Whether somebody has removed the host file. */
  boolean lost;

  /** Whether sectors in place are not synced. */
  boolean placeUnsynced;

  long length;
  long cut = JournalRecord.NO_CUT;
  long floor;
  long dirtySectors;
  @Nullable Instant modified;

  private @Nullable StoreFile file;
  private boolean fileWritable;
  private long nextSequential = -1;
  private byte[] entry = new byte[0];
  private int entryAt;

  FileNode(Volume volume, FileHeader header, FileKeys keys, String from, String host, String path) {
    this.volume = volume;
    this.header = header;
    this.keys = keys;
    this.from = from;
    this.host = host;
    this.path = path;
    layout = header.layout();
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
            keys.tree(),
            volume.cache,
            this::readPlace,
            floor,
            header.root);
  }

  Bytes uid() {
    return header.uid;
  }

  boolean isDirectory() {
    return header.type == FileType.DIRECTORY;
  }

  /** Whether there is anything that a commit would publish. */
  boolean isDirty() {
    return dirtySectors > 0
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

  /** The first sector from one on that is not a hole, or the number of sectors. */
  long nextPresent(long sector) throws IOException {
    long end = layout.sectors(length);
    long next = sector;
    while (next < end && locate(next) == HOLE) {
      boolean whole = next >= Layout.INLINE && next >= Layout.firstSector(Layout.leafOf(next));
      if (whole && tree.leaf(next) == null) {
        next = Layout.firstSector(Layout.leafOf(next) + 1);
      } else {
        next++;
      }
    }
    return Math.min(next, end);
  }

  // ---- reading

  int read(long position, byte[] target, int offset, int wanted) throws IOException {
    lock.lock();
    try {
      requireOpen();
      if (position >= length) {
        return -1;
      }
      int total = (int) Math.min(wanted, length - position);
      int size = layout.sectorBytes();
      for (int done = 0; done < total; ) {
        long sector = (position + done) / size;
        int within = (int) ((position + done) % size);
        int part = Math.min(size - within, total - done);
        long more = (within + (long) total - done + size - 1) / size;
        byte[] clear = sector(sector, more);
        if (clear == null) {
          Arrays.fill(target, offset + done, offset + done + part, (byte) 0);
        } else {
          System.arraycopy(clear, within, target, offset + done, part);
        }
        nextSequential = sector + 1;
        done += part;
      }
      return total;
    } finally {
      lock.unlock();
    }
  }

  /** A clear sector, or null for a hole; {@code wanted} sectors from it on will be asked for. */
  private byte @Nullable [] sector(long sector, long wanted) throws IOException {
    CachePage page = pages.get(sector / PAGE_SECTORS);
    if (page != null) {
      page.used = true;
      byte[] clear = page.sectors[(int) (sector % PAGE_SECTORS)];
      if (clear != null) {
        return clear;
      }
    }
    long address = locate(sector);
    if (address == HOLE) {
      return null;
    }
    if (address != IN_PLACE) {
      return loadFrom(sector, address);
    }
    long ahead = wanted;
    if (sector == nextSequential) {
      ahead = Math.max(wanted, RUN_BYTES / layout.sectorBytes() / 2);
    }
    return loadRun(sector, (int) Math.min(ahead, RUN_BYTES / layout.sectorBytes()));
  }

  /** Finds where a sector lies that is not in the cache, and its entry. */
  private long locate(long sector) throws IOException {
    Pending waiting = pending.get(sector);
    if (waiting != null) {
      entry = waiting.entry;
      entryAt = 0;
      return waiting.address;
    }
    if (sector >= cut || sector >= layout.sectors(header.length)) {
      return HOLE;
    }
    if (sector < Layout.INLINE) {
      entry = header.inline;
      entryAt = (int) sector * TagPage.ENTRY;
    } else {
      byte[] leaf = tree.leaf(sector);
      if (leaf == null) {
        return HOLE;
      }
      entry = leaf;
      entryAt = TagPage.offset(Layout.slotOf(sector));
    }
    if (TagPage.isNull(entry, entryAt)) {
      return HOLE;
    }
    Overlay over = overlay;
    if (over != null) {
      long address = over.sources.get(sector);
      if (address >= 0) {
        return address;
      }
    }
    return IN_PLACE;
  }

  private byte[] loadFrom(long sector, long address) throws IOException {
    byte[] buffer = READ_BUFFER.get();
    int size = layout.sectorBytes();
    byte[] found = Arrays.copyOfRange(entry, entryAt, entryAt + TagPage.ENTRY);
    if (volume.readSource(address, buffer, 0, size) < size) {
      throw damagedSector(sector, "the scratch file ends before it");
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
          && (sector >= layout.sectors(length)
              || layout.sectorPosition(sector) != position + (long) count * size
              || isCached(sector)
              || locate(sector) != IN_PLACE)) {
        break;
      }
      System.arraycopy(entry, entryAt, entries, count * TagPage.ENTRY, TagPage.ENTRY);
      count++;
    }
    byte[] buffer = READ_BUFFER.get();
    int read = readPlace(position, buffer, 0, count * size);
    int complete = read / size;
    if (complete == 0) {
      throw damagedSector(first, "the host file ends before it");
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
      throw failure != null ? failure : damagedSector(first, "it cannot be read");
    }
    return result;
  }

  private boolean isCached(long sector) {
    CachePage page = pages.get(sector / PAGE_SECTORS);
    return page != null && page.sectors[(int) (sector % PAGE_SECTORS)] != null;
  }

  private byte[] decrypt(long sector, byte[] found, byte[] buffer, int at) throws IOException {
    CachePage page = pageFor(sector);
    if ((found[TagPage.FLAGS] != 0) || (found[TagPage.FLAGS + 1] != TagPage.PRESENT)) {
      throw new FormatVersionException(
          path,
          FileHeader.FORMAT + " with unknown flags of sector " + sector,
          FileHeader.FORMAT + " with present sectors and holes only");
    }
    page.busy++;
    byte[] clear;
    try {
      clear = volume.cache.allocate(layout.sectorBytes());
    } finally {
      page.busy--;
    }
    byte[] context = TagPage.sectorContext(header.uid, header.epoch, sector, found, 0);
    if (!keys.decryptSector(found, 0, context, buffer, at, clear)) {
      volume.cache.free(clear);
      throw damagedSector(sector, "its authentication tag does not match");
    }
    page.sectors[(int) (sector % PAGE_SECTORS)] = clear;
    return clear;
  }

  private IntegrityException damagedSector(long sector, String detail) {
    long start = sector * layout.sectorBytes();
    return damaged("sector", sector, start, start + layout.sectorBytes(), detail);
  }

  private CachePage pageFor(long sector) {
    long index = sector / PAGE_SECTORS;
    CachePage page = pages.get(index);
    if (page == null) {
      page = new CachePage(this, index);
      pages.put(index, page);
      volume.cache.add(page);
    }
    page.used = true;
    return page;
  }

  // ---- writing

  void write(long position, byte[] source, int offset, int count) throws IOException {
    lock.lock();
    try {
      requireOpen();
      if (position > Layout.MAX_LENGTH - count) {
        throw new IllegalArgumentException(
            "a secure file has at most " + Layout.MAX_LENGTH + " bytes");
      }
      int size = layout.sectorBytes();
      prepareWrite(position, count);
      for (int done = 0; done < count; ) {
        long sector = (position + done) / size;
        int within = (int) ((position + done) % size);
        int part = Math.min(size - within, count - done);
        byte[] clear = writable(sector, part == size);
        System.arraycopy(source, offset + done, clear, within, part);
        done += part;
        length = Math.max(length, position + done);
      }
      if (count > 0) {
        modified = volume.now();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets a write fail before it has changed anything: for want of space, or for damage. */
  private void prepareWrite(long position, int count) throws IOException {
    int size = layout.sectorBytes();
    long first = position / size;
    long end = (position + count + size - 1) / size;
    long fresh = 0;
    for (long sector = first; sector < end; sector++) {
      CachePage page = pages.get(sector / PAGE_SECTORS);
      boolean dirty = page != null && (page.dirty & (1 << (int) (sector % PAGE_SECTORS))) != 0;
      fresh += dirty ? 0 : 1;
    }
    // A directory's own pages are few, and removing files must work on a full medium.
    if (fresh > 0 && !isDirectory()) {
      volume.reserveSpace(fresh * size);
    }
    if (position % size != 0) {
      sector(first, 1);
    }
    if ((position + count) % size != 0 && end > first) {
      sector(end - 1, 1);
    }
  }

  long append(byte[] source, int offset, int count) throws IOException {
    lock.lock();
    try {
      long at = length;
      write(at, source, offset, count);
      return at;
    } finally {
      lock.unlock();
    }
  }

  void truncate(long size) throws IOException {
    lock.lock();
    try {
      requireOpen();
      if (size > Layout.MAX_LENGTH) {
        throw new IllegalArgumentException(
            "a secure file has at most " + Layout.MAX_LENGTH + " bytes");
      }
      if (size < length) {
        int within = (int) (size % layout.sectorBytes());
        if (within != 0 && sector(size / layout.sectorBytes(), 1) != null) {
          if (!isDirectory()) {
            volume.reserveSpace(layout.sectorBytes());
          }
          byte[] last = writable(size / layout.sectorBytes(), false);
          Arrays.fill(last, within, last.length, (byte) 0);
        }
        long keep = layout.sectors(size);
        dropFrom(keep);
        if (keep < layout.sectors(header.length)) {
          cut = Math.min(cut, keep);
        }
      }
      if (size != length) {
        length = size;
        modified = volume.now();
        volume.commits.becameDirty(this);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The clear sector, marked as changed; its content is not read if all of it is replaced. */
  private byte[] writable(long sector, boolean whole) throws IOException {
    int slot = (int) (sector % PAGE_SECTORS);
    CachePage page = pageFor(sector);
    if (page.sectors[slot] == null) {
      page.busy++;
      try {
        if (whole || sector(sector, 1) == null) {
          page.sectors[slot] = volume.cache.allocate(layout.sectorBytes());
        }
      } finally {
        page.busy--;
      }
    }
    if ((page.dirty & (1 << slot)) == 0) {
      if (page.dirty == 0) {
        dirtyPages.put(page.index, page);
      }
      page.dirty |= 1 << slot;
      dirtySectors++;
      volume.commits.becameDirty(this);
    }
    return java.util.Objects.requireNonNull(page.sectors[slot]);
  }

  /** Forgets cached and pending sectors from one on. */
  private void dropFrom(long sector) {
    for (long index : pages.sortedKeys()) {
      if ((index + 1) * PAGE_SECTORS > sector) {
        CachePage page = java.util.Objects.requireNonNull(pages.get(index));
        int from = (int) Math.max(0, sector - index * PAGE_SECTORS);
        for (int slot = from; slot < PAGE_SECTORS; slot++) {
          cleaned(page, slot);
          page.release(slot);
        }
        if (from == 0) {
          page.dead = true;
          pages.remove(index);
        }
      }
    }
    for (long waiting : pending.sortedKeys()) {
      if (waiting >= sector) {
        forget(java.util.Objects.requireNonNull(pending.remove(waiting)));
      }
    }
  }

  private void forget(Pending waiting) {
    if (waiting.address != IN_PLACE) {
      volume.scratch.release(waiting.address & ~Overlay.SCRATCH, layout.sectorBytes());
    }
  }

  /** Goes back to what is committed. */
  void discard() {
    lock.lock();
    try {
      for (long waiting : pending.sortedKeys()) {
        forget(java.util.Objects.requireNonNull(pending.remove(waiting)));
      }
      dropPages();
      cut = JournalRecord.NO_CUT;
      length = header.length;
      modified = null;
    } finally {
      lock.unlock();
    }
  }

  /** Gives all cached sectors back, changed or not. */
  private void dropPages() {
    for (long index : pages.sortedKeys()) {
      java.util.Objects.requireNonNull(pages.remove(index)).discard();
    }
    dirtyPages.clear();
    dirtySectors = 0;
  }

  /**
   * Writes changed sectors of a page out so that their memory can be used for others: to their
   * place if nothing committed can be lost by that, otherwise to the scratch file.
   */
  void writeOut(CachePage page) throws IOException {
    byte[] buffer = WRITE_BUFFER.get();
    int size = layout.sectorBytes();
    contentNonces.beginBatch(volume.nonceRandomness());
    long first = page.index * PAGE_SECTORS;
    for (int slot = 0; slot < PAGE_SECTORS; slot++) {
      if ((page.dirty & (1 << slot)) == 0) {
        continue;
      }
      // Neighbours that lie behind each other in place are written at once.
      int run = 0;
      byte[][] entries = new byte[PAGE_SECTORS][];
      long position = layout.sectorPosition(first + slot);
      while (slot + run < PAGE_SECTORS
          && (page.dirty & (1 << (slot + run))) != 0
          && (run == 0
              || (first + slot >= floor
                  && layout.sectorPosition(first + slot + run) == position + (long) run * size))) {
        entries[run] = encrypt(first + slot + run, page, slot + run, buffer, run * size);
        run++;
      }
      if (first + slot >= floor) {
        placeForWriting().write(position, buffer, 0, run * size);
        placeUnsynced = true;
        for (int i = 0; i < run; i++) {
          setPending(first + slot + i, new Pending(entries[i], IN_PLACE));
        }
      } else {
        long address = volume.scratch.allocate(size);
        volume.scratch.write(address, buffer, 0, size);
        setPending(first + slot, new Pending(entries[0], address | Overlay.SCRATCH));
      }
      for (int i = 0; i < run; i++) {
        cleaned(page, slot + i);
      }
      slot += run - 1;
    }
  }

  /** Notes that a sector is not changed, or not any more. */
  void cleaned(CachePage page, int slot) {
    if ((page.dirty & (1 << slot)) != 0) {
      page.dirty &= ~(1 << slot);
      dirtySectors--;
      if (page.dirty == 0) {
        dirtyPages.remove(page.index);
      }
    }
  }

  private void setPending(long sector, Pending next) {
    Pending before = pending.get(sector);
    if (before != null) {
      forget(before);
    }
    pending.put(sector, next);
  }

  /** Encrypts a changed sector; the array needs a tag's room behind it. */
  byte[] encrypt(long sector, CachePage page, int slot, byte[] out, int at) {
    byte[] fresh = new byte[TagPage.ENTRY];
    long remaining = length - sector * layout.sectorBytes();
    int valid = (int) Math.max(1, Math.min(layout.sectorBytes(), remaining));
    TagPage.setState(fresh, 0, TagPage.PRESENT, valid);
    contentNonces.next(fresh, 0);
    byte[] context = TagPage.sectorContext(header.uid, header.epoch, sector, fresh, 0);
    byte[] clear = java.util.Objects.requireNonNull(page.sectors[slot]);
    keys.encryptSector(fresh, 0, context, clear, out, at);
    return fresh;
  }

  // ---- the host file

  private int readPlace(long position, byte[] target, int offset, int wanted) throws IOException {
    StoreFile open = file;
    if (open == null) {
      if (from.isEmpty()) {
        return 0;
      }
      open = volume.openHost(this, from, Store.Access.READ);
      file = open;
      fileWritable = false;
    }
    return open.read(position, target, offset, wanted);
  }

  /** The host file, opened or made for writing. */
  StoreFile placeForWriting() throws IOException {
    StoreFile open = file;
    if (open != null && fileWritable) {
      return open;
    }
    closeFile();
    if (from.isEmpty()) {
      from = volume.makeTransit(this);
    }
    open = volume.openHost(this, from, Store.Access.WRITE);
    file = open;
    fileWritable = true;
    return open;
  }

  void closeFile() throws IOException {
    StoreFile open = file;
    if (open != null) {
      file = null;
      fileWritable = false;
      open.close();
    }
  }

  /** Makes sectors in place durable. */
  void syncPlace() throws IOException {
    lock.lock();
    try {
      if (placeUnsynced) {
        placeForWriting().sync();
        placeUnsynced = false;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether a sector in place or in the scratch file is what its entry says; for recovery. */
  boolean isThere(long sector) throws IOException {
    long address = locate(sector);
    boolean inPlace = address == IN_PLACE;
    if (!inPlace && (address < 0 || (address & Overlay.SCRATCH) == 0)) {
      return true;
    }
    byte[] found = Arrays.copyOfRange(entry, entryAt, entryAt + TagPage.ENTRY);
    byte[] buffer = READ_BUFFER.get();
    int size = layout.sectorBytes();
    int read =
        inPlace
            ? readPlace(layout.sectorPosition(sector), buffer, 0, size)
            : volume.scratch.read(address & ~Overlay.SCRATCH, buffer, 0, size);
    if (read < size) {
      return false;
    }
    byte[] clear = new byte[size];
    byte[] context = TagPage.sectorContext(header.uid, header.epoch, sector, found, 0);
    boolean authentic = keys.decryptSector(found, 0, context, buffer, 0, clear);
    Arrays.fill(clear, (byte) 0);
    return authentic;
  }

  /** A sector as the file has it, read past the cache; null if it is damaged. */
  byte @Nullable [] readAgain(long sector) throws IOException {
    lock.lock();
    try {
      requireOpen();
      int size = layout.sectorBytes();
      byte[] clear = new byte[size];
      long address = sector >= layout.sectors(length) ? HOLE : locate(sector);
      if (address == HOLE) {
        return clear;
      }
      byte[] found = Arrays.copyOfRange(entry, entryAt, entryAt + TagPage.ENTRY);
      byte[] buffer = new byte[size + SectorCipher.TAG];
      int read =
          address == IN_PLACE
              ? readPlace(layout.sectorPosition(sector), buffer, 0, size)
              : volume.readSource(address, buffer, 0, size);
      byte[] context = TagPage.sectorContext(header.uid, header.epoch, sector, found, 0);
      boolean authentic = read == size && keys.decryptSector(found, 0, context, buffer, 0, clear);
      return authentic ? clear : null;
    } catch (IntegrityException e) {
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new java.nio.channels.ClosedChannelException();
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
      dropPages();
      tree.close();
      contentNonces.close();
      headerNonces.close();
      keys.close();
      Arrays.fill(header.namesKey, (byte) 0);
      closeFile();
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
      if (dirtySectors == 0) {
        dropPages();
      }
      closeFile();
    } finally {
      lock.unlock();
    }
  }
}
