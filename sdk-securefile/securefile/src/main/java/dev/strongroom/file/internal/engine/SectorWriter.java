// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.internal.engine.Purification.OnDamage;
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

  /** Calls from this length on may go past the cache. */
  private static final int DIRECT_BYTES = 64 << 10;

  /**
   * Appended bytes that wait in memory for a commit, which takes them into its record; more than
   * that go in place first.
   */
  static final int APPENDED_BYTES = 1 << 20;

  /** For so many requests for memory a file is not asked again after it could not be written. */
  private static final int ROUNDS_BETWEEN = 16;

  private final FileNode node;
  private final Layout layout;

  /** The last request for memory that is not to try again; 0 if nothing has failed. */
  private long lastWithout;

  SectorWriter(FileNode node) {
    this.node = node;
    layout = node.layout;
  }

  /**
   * Writes bytes and lengthens the file. Where there is no space, or what is partly overwritten is
   * damaged, it fails before it has changed anything; when the store fails later, the file is not
   * longer than before.
   */
  void write(long position, byte[] source, int offset, int count, OnDamage onDamage)
      throws IOException {
    prepare(position, count, onDamage);
    long lengthBefore = node.length;
    int size = layout.sectorBytes();
    boolean beyond = lengthBefore % size != 0 && position + count > lengthBefore;
    long last = beyond ? lengthBefore / size : -1;
    CachePage held = null;
    try {
      for (int done = 0; done < count; ) {
        requireMemory();
        long sector = (position + done) / size;
        int within = (int) ((position + done) % size);
        int part = Math.min(size - within, count - done);
        int whole = within == 0 ? (count - done) / size : 0;
        whole = sector > last ? whole : (int) Math.min(whole, last - sector);
        if (goesDirectly(sector, (long) whole * size)) {
          part = writeDirectly(sector, whole, source, offset + done) * size;
        } else {
          byte[] clear = writable(sector, isWhole(sector, within, part));
          System.arraycopy(source, offset + done, clear, within, part);
        }
        if (sector == last) { // stays in the cache, so that what is behind the end can be dropped
          held = node.pages.pageFor(sector);
          held.busy++;
        }
        done += part;
        node.length = Math.max(node.length, position + done);
      }
    } catch (IOException e) {
      node.dropBeyond(lengthBefore);
      throw e;
    } finally {
      if (held != null) {
        held.busy--;
      }
    }
  }

  /** Lets a write fail before it has changed anything: for want of space, or for damage. */
  private void prepare(long position, int count, OnDamage onDamage) throws IOException {
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
    if (count == 0) {
      return;
    }
    node.purification.prepareEntries(first, end, onDamage);
    int within = (int) (position % size);
    boolean head =
        !isWhole(first, within, Math.min(size - within, count))
            && node.purification.isDamaged(first, onDamage);
    int rest = (int) (position + count - (end - 1) * size);
    boolean tail =
        end - 1 > first
            && !isWhole(end - 1, 0, rest)
            && node.purification.isDamaged(end - 1, onDamage);
    // Nothing is filled before everything that can fail has been done.
    if (head) {
      node.purification.fill(first);
    }
    if (tail) {
      node.purification.fill(end - 1);
    }
  }

  /** Whether a write replaces all that a sector holds of the file. */
  private boolean isWhole(long sector, int within, int part) {
    int size = layout.sectorBytes();
    return within == 0 && (part == size || sector * size + part >= node.length);
  }

  /** The clear sector, marked as changed; its content is not read if all of it is replaced. */
  byte[] writable(long sector, boolean whole) throws IOException {
    node.place.settle(); // or a run that fails later would take the place of what is written now
    int slot = (int) (sector % FileNode.PAGE_SECTORS);
    CachePage page = node.pages.pageFor(sector);
    if (page.sectors[slot] == null) {
      page.busy++;
      try {
        if (whole || node.reader.sector(sector, 1) == null) {
          page.sectors[slot] = node.volume.cache.allocate(layout.sectorBytes());
          page.setPurifiedInPart(slot, false);
        }
      } finally {
        page.busy--;
      }
    }
    if (whole) {
      page.setPurifiedInPart(slot, false);
    }
    if (!page.isDirty(slot)) {
      node.pages.changed(page, slot);
      node.volume.commits.becameDirty(node);
    }
    return java.util.Objects.requireNonNull(page.sectors[slot]);
  }

  /** Whether whole sectors need not stay in memory: many of them, beyond everything committed. */
  private boolean goesDirectly(long sector, long bytes) {
    long waiting = (node.pages.dirtySectors() + node.pending.size()) * layout.sectorBytes();
    return bytes >= DIRECT_BYTES
        && sector >= node.floor
        && waiting + bytes > APPENDED_BYTES
        && !node.isDirectory();
  }

  /** Encrypts whole sectors out of the caller's array to their place; answers how many. */
  private int writeDirectly(long first, int whole, byte[] source, int offset) throws IOException {
    int size = layout.sectorBytes();
    int count = Math.min(Layout.adjacent(first), Math.min(whole, RunBuffer.LONGEST / size));
    node.contentNonces.beginBatch(node.volume.nonceRandomness());
    RunBuffer buffer = RunBuffer.take(count * size);
    for (int i = 0; i < count; i++) {
      nextEntry(buffer.entries, i * TagPage.ENTRY, TagPage.PRESENT, size);
      seal(first + i, source, offset + i * size, buffer.cipher, i * size, buffer.entries, i);
    }
    try {
      node.pending.group(first); // all of the run are in it
      node.place.forWriting(); // nothing may fail from here to its write
    } catch (IOException e) {
      buffer.close();
      throw e;
    }
    for (int i = 0; i < count; i++) {
      node.pages.forget(first + i);
      node.pending.put(first + i, buffer.entries, i * TagPage.ENTRY, FileNode.IN_PLACE);
    }
    if (node.pageKeys == null) {
      node.place.writeBehind(first, count, buffer);
    } else {
      writeAtOnce(first, count, buffer); // or the keys to take a run back with may be gone
    }
    node.volume.commits.becameDirty(node);
    return count;
  }

  /** Writes a run to its place while the caller waits. */
  private void writeAtOnce(long first, int count, RunBuffer run) throws IOException {
    try (RunBuffer buffer = run) {
      boolean written = false;
      try {
        int bytes = count * layout.sectorBytes();
        node.place.write(layout.sectorPosition(first), buffer.cipher, 0, bytes);
        written = true;
      } finally {
        if (!written) { // what lay there may be gone
          takeBack(first, count, buffer);
        }
      }
    }
  }

  /** Makes changed sectors in the cache of a run that could not be written. */
  void takeBack(long first, int count, RunBuffer buffer) {
    // From the last to the first, since a tag is put over the beginning of the next sector.
    for (int i = count - 1; i >= 0; i--) {
      long sector = first + i;
      if (node.pending.isInPlace(sector, buffer.entries, i * TagPage.ENTRY)) {
        if (!node.pages.isDirty(sector)) { // or what is there is newer
          CachePage page = node.pages.pageFor(sector);
          node.reader.reload(sector, buffer, i);
          node.pages.changed(page, (int) (sector % FileNode.PAGE_SECTORS));
        }
        node.pending.drop(sector);
      }
    }
  }

  /**
   * Writes changed sectors of pages out so that their memory can be used for others, and changed
   * neighbours with them: to their place if nothing committed can be lost by that, otherwise to the
   * scratch file, many at once.
   *
   * @param pages ascending
   */
  void writeOut(long... pages) throws IOException {
    long[] moving = new long[RunBuffer.LONGEST / layout.sectorBytes()];
    int count = 0;
    long next = 0;
    for (long page : pages) {
      next = Math.max(next, page * FileNode.PAGE_SECTORS);
      long end = (page + 1) * FileNode.PAGE_SECTORS;
      while (next < end || (next < node.floor && count < moving.length)) {
        if (!node.pages.isDirty(next)) {
          if (next >= end) {
            break;
          }
          next++;
        } else if (next >= node.floor) {
          next += writeToPlace(next);
        } else {
          if (count == moving.length) {
            writeToScratch(moving, count);
            count = 0;
          }
          moving[count++] = next++;
        }
      }
    }
    writeToScratch(moving, count);
  }

  /**
   * Writes a changed page out for the cache, which asks for one page after the other: after a
   * failure not again at once, since each time takes as long as a success.
   */
  PageCache.Eviction tryWriteOut(long page, long round) {
    if (round <= lastWithout) {
      return PageCache.Eviction.KEPT;
    }
    try {
      writeOut(page);
      lastWithout = 0;
      return PageCache.Eviction.DONE;
    } catch (IOException e) {
      lastWithout = round + ROUNDS_BETWEEN;
      return PageCache.Eviction.FAILED;
    }
  }

  /**
   * Lets a write fail when the cache holds too much that cannot leave it: what the cache has tried
   * in vain is tried again where the error reaches the caller.
   */
  private void requireMemory() throws IOException {
    if (lastWithout > 0 && !node.isDirectory() && node.volume.cache.room() < 0) {
      long[] dirty = node.pages.dirtyIndexes();
      if (dirty.length > 0) {
        writeOut(dirty[0]);
      }
      lastWithout = 0;
    }
  }

  private int writeToPlace(long first) throws IOException {
    int size = layout.sectorBytes();
    int run = 1;
    while (run < RunBuffer.LONGEST / size && node.pages.isDirty(first + run)) {
      run++;
    }
    run = Math.min(run, Layout.adjacent(first));
    node.contentNonces.beginBatch(node.volume.nonceRandomness());
    try (RunBuffer buffer = RunBuffer.take(run * size)) {
      for (int i = 0; i < run; i++) {
        encrypt(first + i, buffer.cipher, i * size, buffer.entries, i);
      }
      node.place.write(layout.sectorPosition(first), buffer.cipher, 0, run * size);
      for (int i = 0; i < run; i++) {
        left(first + i, buffer, i, FileNode.IN_PLACE);
      }
    }
    return run;
  }

  private void writeToScratch(long[] sectors, int count) throws IOException {
    if (count == 0) {
      return;
    }
    int size = layout.sectorBytes();
    node.contentNonces.beginBatch(node.volume.nonceRandomness());
    try (RunBuffer buffer = RunBuffer.take(count * size)) {
      for (int i = 0; i < count; i++) {
        encrypt(sectors[i], buffer.cipher, i * size, buffer.entries, i);
      }
      long[] addresses = node.volume.scratch.add(buffer.cipher, size, count);
      for (int i = 0; i < count; i++) {
        left(sectors[i], buffer, i, addresses[i] | Overlay.SCRATCH);
      }
    }
  }

  /** Notes that a sector waits outside of the cache for its commit. */
  private void left(long sector, RunBuffer buffer, int index, long address) throws IOException {
    node.pending.put(sector, buffer.entries, index * TagPage.ENTRY, address);
    node.pages.cleaned(sector);
  }

  /** Encrypts a changed sector out of the cache; the array needs a tag's room behind it. */
  void encrypt(long sector, byte[] out, int at, byte[] entries, int index) {
    long remaining = node.length - sector * layout.sectorBytes();
    int valid = (int) Math.max(1, Math.min(layout.sectorBytes(), remaining));
    CachePage page = node.pages.pageFor(sector);
    boolean marked = page.isPurifiedInPart((int) (sector % FileNode.PAGE_SECTORS));
    int flags = TagPage.PRESENT | (marked ? TagPage.PURIFIED_IN_PART : 0);
    nextEntry(entries, index * TagPage.ENTRY, flags, valid);
    byte[] clear = java.util.Objects.requireNonNull(node.pages.sector(sector));
    seal(sector, clear, 0, out, at, entries, index);
  }

  /** Begins an entry: everything but the tag. */
  private void nextEntry(byte[] entries, int at, int flags, int valid) {
    TagPage.setState(entries, at, flags, valid);
    node.contentNonces.next(entries, at);
  }

  private void seal(
      long sector, byte[] clear, int clearAt, byte[] out, int at, byte[] entries, int index) {
    int entryAt = index * TagPage.ENTRY;
    byte[] context =
        TagPage.sectorContext(node.header.uid, node.header.epoch, sector, entries, entryAt);
    int size = layout.sectorBytes();
    node.keyOf(sector).encryptSector(entries, entryAt, context, clear, clearAt, size, out, at);
  }
}
