// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.internal.collect.LongLongMap;
import dev.strongroom.file.internal.collect.LongMap;
import dev.strongroom.file.internal.crypto.FileKeys;
import dev.strongroom.file.internal.format.v1.JournalRecord;
import dev.strongroom.file.internal.format.v1.Layout;
import dev.strongroom.file.internal.format.v1.TagPage;
import java.io.IOException;
import java.util.Arrays;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The committed integrity tree of one file: entries of the sectors beyond the inline ones, with the
 * digests that bind them to the root in the header.
 *
 * <p>A page is read once, checked against its parent, and kept in the cache while there is room. A
 * commit takes pages over into the overlay, where they stay until the checkpoint; it first {@link
 * #prepare}s all it needs, so that damage is found before anything changes.
 *
 * <p>Thread safety: guarded by the file's lock.
 */
final class TagTree {

  /** Reads the file's host file in place. */
  interface Place {
    int read(long position, byte[] target, int offset, int length) throws IOException;
  }

  private final class CachedPage extends PageCache.Item {
    final long key;
    final byte[] bytes;

    CachedPage(long key, byte[] bytes) {
      this.key = key;
      this.bytes = bytes;
    }

    @Override
    PageCache.Eviction tryEvict(long round) {
      if (!node.lock.tryLock()) {
        return PageCache.Eviction.BUSY;
      }
      try {
        if (!dead) {
          drop(this);
        }
        return PageCache.Eviction.DONE;
      } finally {
        node.lock.unlock();
      }
    }
  }

  private static final byte[] NULL = new byte[TagPage.ENTRY];

  /** Length of an image in a record beside its page: level, index, length. */
  private static final int IMAGE_HEAD = 1 + Long.BYTES + Integer.BYTES;

  /** Memory for a page that was moved out of it: where it is, and that it is new. */
  private static final int INDEX_BYTES = 96;

  private final FileNode node;
  private final Bytes uid;
  private final int epoch;
  private final Layout layout;
  private final FileKeys keys;
  private final PageCache cache;
  private final Place place;
  private final LongMap<CachedPage> clean = new LongMap<>();
  private LongMap<byte[]> dirty = new LongMap<>();

  /** Where those pages of the overlay lie in the scratch file that a large commit has ended. */
  private LongLongMap spilled = new LongLongMap();

  /** Pages that cannot be read, as the next commit of a forced write has them. */
  private final LongMap<byte[]> forgiven = new LongMap<>();

  private final TreeSet<Long> changed = new TreeSet<>();

  /** Pages that are new in the overlay, with their used length once they have left memory. */
  private LongLongMap images = new LongLongMap();

  private long sectors;
  private long leaves;
  private byte[] root;

  /** The level of the highest page that the file's end lies in and that is lost; -1 for none. */
  private int lostEnd = -1;

  TagTree(
      FileNode node,
      Bytes uid,
      int epoch,
      Layout layout,
      FileKeys keys,
      PageCache cache,
      Place place,
      long sectors,
      byte[] root) {
    this.node = node;
    this.uid = uid;
    this.epoch = epoch;
    this.layout = layout;
    this.keys = keys;
    this.cache = cache;
    this.place = place;
    this.sectors = sectors;
    this.leaves = Layout.leaves(sectors);
    this.root = root.clone();
  }

  /** Works on an overlay's pages from now on. */
  void attach(Overlay overlay) {
    dirty = overlay.pages;
    spilled = overlay.spilled;
    cache.pin((long) dirty.size() * Layout.TAG_PAGE);
  }

  /** Keeps the pages that a checkpoint has put in place as clean ones. */
  void detach() {
    for (long pageKey : dirty.sortedKeys()) {
      cache.pin(-(long) Layout.TAG_PAGE);
      keepClean(pageKey, java.util.Objects.requireNonNull(dirty.get(pageKey)));
    }
    dirty = new LongMap<>();
    releaseSpilled();
  }

  private void releaseSpilled() {
    for (long pageKey : spilled.sortedKeys()) {
      node.volume.scratch.release(spilled.get(pageKey), Layout.TAG_PAGE);
    }
    spilled = new LongLongMap();
  }

  /** What {@link #forEachChanged} does with each page. */
  @FunctionalInterface
  interface PageVisitor {
    void visit(int level, long index, byte[] page) throws IOException;
  }

  /** Visits the pages of the overlay. */
  void forEachChanged(PageVisitor visitor) throws IOException {
    for (long pageKey : dirty.sortedKeys()) {
      byte[] page = java.util.Objects.requireNonNull(dirty.get(pageKey));
      visitor.visit(Overlay.level(pageKey), Overlay.index(pageKey), page);
    }
    for (long pageKey : spilled.sortedKeys()) {
      visitor.visit(Overlay.level(pageKey), Overlay.index(pageKey), readSpilled(pageKey));
    }
  }

  private byte[] readSpilled(long pageKey) throws IOException {
    byte[] page = readPage(Overlay.level(pageKey), Overlay.index(pageKey));
    return java.util.Objects.requireNonNull(page); // an empty one stays in memory
  }

  /** An upper bound of the memory for all pages on the way to so many leaves. */
  static long bytesOnTheWay(long leaves, long sectors) {
    long pages = 0;
    for (long level = Layout.leaves(sectors); level > 0; level = level / Layout.FANOUT) {
      pages += Math.min(leaves, level);
    }
    return (pages + 1) * Layout.TAG_PAGE;
  }

  /** Whether a commit of so many leaves moves pages out of memory as it goes. */
  static boolean isMuch(long leaves, long sectors, long budget) {
    return bytesOnTheWay(leaves, sectors) > budget / 8;
  }

  /** An upper bound of the memory for a commit of so many leaves in one transaction. */
  static long bytesForCommit(long leaves, long sectors, long budget) {
    long all = bytesOnTheWay(leaves, sectors);
    return isMuch(leaves, sectors, budget) ? all / Layout.TAG_PAGE * INDEX_BYTES : all;
  }

  /**
   * Finds the page with a sector's entry.
   *
   * @return the page, or null when the sector is a hole
   */
  byte @Nullable [] leaf(long sector) throws IOException {
    long index = Layout.leafOf(sector);
    return index >= leaves ? null : page(0, index);
  }

  /**
   * Passes over holes, whole subtrees at a time, so that a hole of any length costs next to
   * nothing.
   *
   * @param leaf where to begin
   * @return the first leaf from there on that is not all holes, or the first beyond the tree
   */
  long nextLeaf(long leaf) throws IOException {
    long next = leaf;
    while (next < leaves && page(0, next) == null) {
      int level = 0;
      long index = next;
      while (level < Layout.height(leaves) && page(level + 1, index / Layout.FANOUT) == null) {
        level++;
        index /= Layout.FANOUT;
      }
      next = (index + 1) * (Layout.span(level) / Layout.FANOUT);
    }
    return next;
  }

  private byte @Nullable [] page(int level, long index) throws IOException {
    long pageKey = Overlay.key(level, index);
    byte[] page = dirty.get(pageKey);
    if (page != null) {
      return page;
    }
    CachedPage cached = clean.get(pageKey);
    if (cached != null) {
      cached.used = true;
      return cached.bytes;
    }
    byte[] lost = forgiven.get(pageKey);
    if (lost != null) {
      return lost;
    }
    byte[] read = readPage(level, index);
    return read == null ? null : keepClean(pageKey, read);
  }

  /**
   * Reads a page in place, or in the scratch file, whether it is known or not; null for a subtree
   * of holes.
   */
  private byte @Nullable [] readPage(int level, long index) throws IOException {
    byte[] digests = root;
    int offset = 0;
    if (level < Layout.height(leaves)) {
      byte[] parent = page(level + 1, index / Layout.FANOUT);
      if (parent == null) {
        return null;
      }
      digests = parent;
      offset = TagPage.offset((int) (index % Layout.FANOUT));
    }
    if (TagPage.isNull(digests, offset)) {
      return null;
    }
    if (TagPage.isLost(digests, offset)) {
      return lostPage(level, index);
    }
    byte[] expected = Arrays.copyOfRange(digests, offset, offset + TagPage.ENTRY);
    byte[] read = new byte[Layout.TAG_PAGE];
    long slot = spilled.get(Overlay.key(level, index));
    int length =
        slot == LongLongMap.ABSENT
            ? place.read(layout.nodePosition(level, index), read, 0, read.length)
            : node.volume.scratch.read(slot, read, 0, read.length);
    if (length < read.length) {
      throw damaged(level, index, "the host file ends before it");
    }
    if (!TagPage.isFor(read, level, index, uid, epoch)) {
      throw damaged(level, index, "another page, or damage, stands there");
    }
    if (!java.security.MessageDigest.isEqual(keys.tree().mac(read, 0, read.length), expected)) {
      throw damaged(level, index, "it is not the one that the file's header commits to");
    }
    return read;
  }

  /**
   * A page as the committed state has it, read past the cache; a page of holes where there is none.
   */
  byte[] pageAgain(int level, long index) throws IOException {
    byte[] page = null;
    if (leaves > 0 && level <= Layout.height(leaves) && index < Layout.nodes(leaves, level)) {
      byte[] newer = dirty.get(Overlay.key(level, index));
      page = newer == null ? readPage(level, index) : newer.clone();
    }
    return page == null ? TagPage.create(level, index, uid, epoch) : page;
  }

  private byte[] keepClean(long pageKey, byte[] read) {
    byte[] kept = cache.allocate(Layout.TAG_PAGE);
    System.arraycopy(read, 0, kept, 0, read.length);
    CachedPage page = new CachedPage(pageKey, kept);
    clean.put(pageKey, page);
    cache.add(page);
    return kept;
  }

  private void drop(CachedPage page) {
    page.dead = true;
    clean.remove(page.key);
    // The bytes may still be in use by the caller that found them, so they are not zeroed.
    cache.forget(page.bytes);
  }

  private IntegrityException damaged(int level, long index, String detail) {
    long span = Layout.FANOUT;
    for (int i = 0; i < level; i++) {
      span *= Layout.FANOUT;
    }
    long first = Layout.INLINE + index * span;
    return node.damaged(
        level == 0 ? "tag page " + index : "tree node " + level + "." + index,
        -1,
        first * layout.sectorBytes(),
        (first + span) * layout.sectorBytes(),
        detail);
  }

  /**
   * Loads all pages on the way to a sector's entry that the file still has after a cut that waits,
   * so that {@link #change} cannot fail.
   */
  void prepare(long sector) throws IOException {
    long kept = keptLeaves();
    if (sector < Layout.INLINE || kept == 0) {
      return;
    }
    long index = Layout.leafOf(sector);
    for (int level = 0; level <= Layout.height(kept); level++) {
      if (index < Layout.nodes(kept, level)) {
        page(level, index);
      }
      index /= Layout.FANOUT;
    }
  }

  private long keptLeaves() {
    return Layout.leaves(Math.min(sectors, node.cut));
  }

  /**
   * Replaces the pages on the way to a sector's entry that cannot be read by ones whose entries are
   * lost, for the next commit.
   */
  void forgive(long sector) throws IOException {
    long kept = keptLeaves();
    long wanted = Layout.leafOf(sector);
    long leaf = Math.min(wanted, kept - 1);
    for (int level = Layout.height(leaves); level >= 0; level--) {
      long covered = Layout.span(level) / Layout.FANOUT;
      if (wanted / covered >= Layout.nodes(kept, level) && level <= Layout.height(kept)) {
        return; // from here on down there is nothing yet
      }
      long index = leaf / covered;
      try {
        page(level, index);
      } catch (IntegrityException e) {
        forgiven.put(Overlay.key(level, index), lostPage(level, index));
      }
    }
  }

  /** Takes back what was forgiven and not committed. */
  void resent() {
    forgiven.clear();
  }

  /** A page whose entries are lost as far as the file has sectors, or the level below it pages. */
  private byte[] lostPage(int level, long index) {
    byte[] page = TagPage.create(level, index, uid, epoch);
    long below =
        level == 0
            ? sectors - Layout.firstSector(index)
            : Layout.nodes(leaves, level - 1) - index * Layout.FANOUT;
    TagPage.lose(page, (int) Math.min(Layout.FANOUT, below));
    return page;
  }

  /**
   * Finds out whether the file's end lies in pages that are lost. A growth publishes them first, or
   * the holes that it adds would count as lost too.
   */
  void prepareGrowth() throws IOException {
    lostEnd = -1;
    if (leaves == 0) {
      return;
    }
    try {
      for (int level = Layout.height(leaves); level > 0; level--) {
        byte[] parent = page(level, indexOfEnd(level));
        if (parent == null) {
          return;
        }
        int offset = TagPage.offset((int) (indexOfEnd(level - 1) % Layout.FANOUT));
        if (TagPage.isLost(parent, offset)) {
          lostEnd = level - 1;
          return;
        }
      }
    } catch (IntegrityException e) {
      // What cannot be read is lost when it is written over, and then with all that it covers.
      lostEnd = -1;
    }
  }

  private long indexOfEnd(int level) {
    return (leaves - 1) / (Layout.span(level) / Layout.FANOUT);
  }

  /** Loads all pages that {@link #cut} changes. */
  void prepareCut(long sector) throws IOException {
    long keep = Layout.leaves(sector);
    if (keep > 0 && keep <= leaves) {
      page(0, keep - 1);
      int height = Layout.height(leaves);
      long index = keep - 1;
      for (int level = 1; level <= height; level++) {
        index /= Layout.FANOUT;
        page(level, index);
      }
    }
  }

  /** Makes holes of all sectors from one on. */
  void cut(long sector) throws IOException {
    long keep = Layout.leaves(sector);
    sectors = Math.min(sectors, sector);
    lostEnd = -1; // what it cuts into, it publishes
    if (keep > leaves) {
      return;
    }
    int oldHeight = leaves == 0 ? -1 : Layout.height(leaves);
    int height = keep == 0 ? -1 : Layout.height(keep);
    long index = keep - 1;
    for (int level = 0; level <= oldHeight && keep > 0; level++) {
      int from = Overlay.firstCut(level, index, sector, keep);
      if (page(level, index) != null && (from < Layout.FANOUT || level == height)) {
        byte[] page = mutable(level, index);
        if (from < Layout.FANOUT) {
          TagPage.clearFrom(page, from);
        }
      }
      index /= Layout.FANOUT;
    }
    boolean rootIsNull = keep > 0 && page(height, 0) == null;
    for (long pageKey : dirty.sortedKeys()) {
      if (Overlay.beyond(Overlay.level(pageKey), Overlay.index(pageKey), keep, height)) {
        dirty.remove(pageKey);
        cache.pin(-(long) Layout.TAG_PAGE);
        changed.remove(pageKey);
        images.remove(pageKey);
      }
    }
    for (long pageKey : spilled.sortedKeys()) {
      if (Overlay.beyond(Overlay.level(pageKey), Overlay.index(pageKey), keep, height)) {
        forgetSpilled(pageKey);
        images.remove(pageKey);
      }
    }
    for (long pageKey : clean.sortedKeys()) {
      if (Overlay.beyond(Overlay.level(pageKey), Overlay.index(pageKey), keep, height)) {
        drop(java.util.Objects.requireNonNull(clean.get(pageKey)));
      }
    }
    for (long pageKey : forgiven.sortedKeys()) {
      if (Overlay.beyond(Overlay.level(pageKey), Overlay.index(pageKey), keep, height)) {
        forgiven.remove(pageKey);
      }
    }
    leaves = keep;
    if (keep == 0 || rootIsNull) {
      root = NULL.clone();
    }
  }

  /** A leaf whose entries are about to be set; all pages on the way have been prepared. */
  byte[] change(long leaf, long sectorsAfter) throws IOException {
    grow(sectorsAfter);
    return mutable(0, leaf);
  }

  private void grow(long sectorsAfter) throws IOException {
    if (sectorsAfter <= sectors) {
      return;
    }
    for (; lostEnd >= 0; lostEnd--) {
      mutable(lostEnd, indexOfEnd(lostEnd));
    }
    sectors = sectorsAfter;
    long after = Layout.leaves(sectorsAfter);
    if (after <= leaves) {
      return;
    }
    int oldHeight = leaves == 0 ? -1 : Layout.height(leaves);
    int height = Layout.height(after);
    boolean rootIsNull = TagPage.isNull(root, 0);
    if (oldHeight >= 0 && height > oldHeight && !rootIsNull) {
      byte[] old = root;
      int level = oldHeight;
      leaves = after;
      // The old root becomes the first child of a new node on each new level.
      byte[] child = old;
      while (level < height) {
        level++;
        byte[] parent = TagPage.create(level, 0, uid, epoch);
        System.arraycopy(child, 0, parent, TagPage.ENTRIES, TagPage.ENTRY);
        adopt(Overlay.key(level, 0), parent);
        child = keys.tree().mac(parent, 0, parent.length);
      }
      root = child;
    }
    leaves = after;
  }

  /** Ends a commit: computes the digests up to the root. */
  byte[] finish(long sectorsAfter) throws IOException {
    grow(sectorsAfter);
    while (!changed.isEmpty()) {
      end(changed.first());
    }
    return root.clone();
  }

  /** Ends one page, all below which have been ended: its digest goes into its parent. */
  private byte[] end(long pageKey) throws IOException {
    changed.remove(pageKey);
    int level = Overlay.level(pageKey);
    long index = Overlay.index(pageKey);
    byte[] page = java.util.Objects.requireNonNull(dirty.get(pageKey));
    byte[] digest = TagPage.isEmpty(page) ? NULL.clone() : keys.tree().mac(page, 0, page.length);
    if (level == Layout.height(leaves)) {
      root = digest;
    } else {
      byte[] parent = mutable(level + 1, index / Layout.FANOUT);
      int offset = TagPage.offset((int) (index % Layout.FANOUT));
      System.arraycopy(digest, 0, parent, offset, TagPage.ENTRY);
    }
    return page;
  }

  /**
   * Ends all changed pages that cover only leaves before one, and moves them out of memory: for a
   * commit of more pages than there is room for, which changes leaves in ascending order. They are
   * clear, as in place, and authenticated by their parents.
   */
  void endBefore(long leaf) throws IOException {
    long span = 1;
    for (int level = 0; level < Layout.height(leaves); level++) {
      long stop = Overlay.key(level, leaf / span);
      Long next = changed.ceiling(Overlay.key(level, 0));
      while (next != null && next < stop) {
        byte[] page = end(next);
        if (!TagPage.isEmpty(page)) {
          spill(next, page);
        }
        next = changed.ceiling(next);
      }
      span *= Layout.FANOUT;
    }
  }

  /** Where there is no room it stays in memory, since a commit must not fail half-way. */
  private void spill(long pageKey, byte[] page) {
    Scratch scratch = node.volume.scratch;
    try {
      long slot = scratch.reserve(Layout.TAG_PAGE);
      try {
        scratch.write(slot, page, 0, page.length);
      } catch (IOException e) {
        scratch.release(slot, Layout.TAG_PAGE);
        return;
      }
      spilled.put(pageKey, slot);
    } catch (IOException e) {
      return;
    }
    dirty.remove(pageKey);
    cache.pin(-(long) Layout.TAG_PAGE);
    if (images.get(pageKey) != LongLongMap.ABSENT) {
      images.put(pageKey, TagPage.usedLength(page));
    }
  }

  private void forgetSpilled(long pageKey) {
    node.volume.scratch.release(spilled.remove(pageKey), Layout.TAG_PAGE);
  }

  /** Recomputes all digests above the overlay's pages, after a recovery replayed them. */
  byte[] recompute() throws IOException {
    for (long pageKey : dirty.sortedKeys()) {
      changed.add(pageKey);
    }
    byte[] computed = leaves == 0 ? NULL.clone() : finish(0);
    images = new LongLongMap();
    return computed;
  }

  /** Adds the images of pages that are new in the overlay to a record, and forgets them. */
  void writeImages(JournalRecord.Writer out) throws IOException {
    long[] all = images.sortedKeys();
    long bytes = 0;
    for (long pageKey : all) {
      byte[] page = dirty.get(pageKey);
      bytes += IMAGE_HEAD + (page == null ? images.get(pageKey) : TagPage.usedLength(page));
    }
    out.putInt(all.length);
    out.section(bytes, target -> writeImages(all, target));
    images = new LongLongMap();
  }

  private void writeImages(long[] all, JournalRecord.Writer out) throws IOException {
    for (long pageKey : all) {
      byte[] changedPage = dirty.get(pageKey);
      byte[] page = changedPage == null ? readSpilled(pageKey) : changedPage;
      out.putByte(Overlay.level(pageKey));
      out.putLong(Overlay.index(pageKey));
      int used = TagPage.usedLength(page);
      out.putInt(used);
      out.put(page, 0, used);
    }
  }

  /** Whether the record that is being written has the image of a leaf. */
  boolean hasImage(long leaf) {
    return images.get(Overlay.key(0, leaf)) != LongLongMap.ABSENT;
  }

  private byte[] mutable(int level, long index) throws IOException {
    long pageKey = Overlay.key(level, index);
    changed.add(pageKey);
    byte[] page = dirty.get(pageKey);
    if (page != null) {
      return page;
    }
    byte[] found = page(level, index);
    page = found == null ? TagPage.create(level, index, uid, epoch) : found.clone();
    CachedPage cached = clean.get(pageKey);
    if (cached != null) {
      drop(cached);
    }
    boolean wasSpilled = spilled.get(pageKey) != LongLongMap.ABSENT;
    if (wasSpilled) {
      forgetSpilled(pageKey);
    }
    if (!wasSpilled || forgiven.get(pageKey) != null) {
      adopt(pageKey, page);
    } else { // a record has its image, or this one will
      dirty.put(pageKey, page);
      cache.pin(Layout.TAG_PAGE);
    }
    return page;
  }

  private void adopt(long pageKey, byte[] page) {
    forgiven.remove(pageKey);
    dirty.put(pageKey, page);
    images.put(pageKey, 0);
    changed.add(pageKey);
    cache.pin(Layout.TAG_PAGE);
  }

  /** Gives all memory back. */
  void close() {
    for (long pageKey : clean.sortedKeys()) {
      drop(java.util.Objects.requireNonNull(clean.get(pageKey)));
    }
    cache.pin(-(long) dirty.size() * Layout.TAG_PAGE);
    dirty = new LongMap<>();
    releaseSpilled();
  }
}
