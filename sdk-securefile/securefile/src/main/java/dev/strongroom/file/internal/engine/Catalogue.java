// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.FileType;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.internal.format.v1.Names;
import dev.strongroom.file.internal.format.v1.TypeCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A directory's entries: a B+tree of pages of 4096 bytes in a secure file, ordered by coded name.
 *
 * <p>Page 0 is the meta page: magic 8 | root page u32 | pages u32 | first free page u32 | zero 4 |
 * entries u64. A leaf is 1 | zero | cells u16 | zero 4, then cells: coded name 32 | UID 16 | type
 * u8, 80 added for a file with an attribute stream | name length u8 | name. An inner page is 2 |
 * zero | keys u16 | first child u32, then (coded name 32 | child u32) for each key. A free page is
 * 3 | zero 3 | next free u32. A page that loses its last cell is freed; pages are not merged
 * before.
 *
 * <p>Thread safety: guarded by the volume's lock.
 */
final class Catalogue {

  /**
   * An entry of a directory.
   *
   * @param streamed whether the file has an attribute stream, which ends with it
   */
  record Entry(Bytes coded, Bytes uid, FileType type, String name, boolean streamed) {
    Entry(Bytes coded, Bytes uid, FileType type, String name) {
      this(coded, uid, type, name, false);
    }
  }

  /** Length of a page in bytes. */
  static final int PAGE = 4096;

  private static final int HEAD = 8;

  /** Where the fields of the meta page end. */
  private static final int META = 32;

  private static final int LEAF = 1;
  private static final int INNER = 2;
  private static final int FREE = 3;
  private static final int CELL = 32 + 16 + 1 + 1;
  private static final int BRANCH = 32 + 4;
  private static final int MAX_DEPTH = 12;

  /** In a cell's type: the file has an attribute stream. */
  private static final int STREAMED = 0x80;

  private static final byte[] MAGIC = {'S', 'R', 'C', 'A', 'T', 'A', 'L', '1'};

  private final FileNode node;

  Catalogue(FileNode node) {
    this.node = node;
  }

  /** Makes the meta page of an empty directory. */
  void create() throws IOException {
    byte[] meta = new byte[PAGE];
    System.arraycopy(MAGIC, 0, meta, 0, 8);
    ByteBuffer.wrap(meta).putInt(12, 1);
    write(0, meta);
  }

  long size() throws IOException {
    return ByteBuffer.wrap(meta()).getLong(24);
  }

  @Nullable Entry find(Bytes coded) throws IOException {
    return find(coded, new byte[PAGE]);
  }

  /** The same with memory of the caller for one page, since the way down needs no more. */
  @Nullable Entry find(Bytes coded, byte[] bytes) throws IOException {
    readMeta(bytes);
    int page = ByteBuffer.wrap(bytes).getInt(8);
    if (page == 0) {
      return null;
    }
    descend(page, 0, bytes);
    for (int depth = 1; bytes[0] == INNER; depth++) {
      page = child(bytes, branch(bytes, coded));
      descend(page, depth, bytes);
    }
    int at = cell(bytes, coded);
    return at < bytes.length && matches(bytes, at, coded) ? entry(bytes, at) : null;
  }

  List<Entry> list() throws IOException {
    byte[] meta = meta();
    return list(meta, new BitSet());
  }

  private List<Entry> list(byte[] meta, BitSet pages) throws IOException {
    List<Entry> entries = new ArrayList<>();
    int root = ByteBuffer.wrap(meta).getInt(8);
    if (root != 0) {
      collect(root, 0, null, null, entries, pages);
    }
    return entries;
  }

  /**
   * All entries, if they are as many as the meta page says, and in their order, and every page is
   * either one of the tree or free.
   */
  List<Entry> verified() throws IOException {
    byte[] meta = meta();
    ByteBuffer head = ByteBuffer.wrap(meta);
    BitSet pages = new BitSet();
    List<Entry> entries = list(meta, pages);
    pages.set(0);
    for (int free = head.getInt(16); free != 0; free = nextFree(free, head.getInt(8))) {
      if (free < 0 || pages.get(free)) {
        throw corrupt(free, "the list of free pages leads to a page that is in use");
      }
      pages.set(free);
    }
    if (pages.cardinality() != head.getInt(12)) {
      throw corrupt(0, "it has pages that are neither in use nor free");
    }
    if (entries.size() != size()) {
      throw corrupt(0, "it counts " + size() + " entries, there are " + entries.size());
    }
    byte[] before = new byte[0];
    for (Entry entry : entries) {
      byte[] coded = entry.coded().toByteArray();
      if (Arrays.compareUnsigned(before, coded) >= 0) {
        throw corrupt(-1, "its entries are out of order");
      }
      before = coded;
    }
    return entries;
  }

  /** Collects what lies below a page, which is between two coded names; so no page comes twice. */
  private void collect(
      int page,
      int depth,
      @Nullable Bytes low,
      @Nullable Bytes high,
      List<Entry> entries,
      BitSet pages)
      throws IOException {
    byte[] bytes = descend(page, depth);
    pages.set(page);
    int count = count(bytes);
    if (bytes[0] == INNER) {
      Bytes from = low;
      for (int i = 0; i <= count; i++) {
        Bytes to = i == count ? high : Bytes.copyOf(bytes, HEAD + i * BRANCH, 32);
        if (from != null && to != null && from.compareTo(to) >= 0) {
          throw corrupt(page, "its keys do not ascend within those above it");
        }
        collect(child(bytes, i), depth + 1, from, to, entries, pages);
        from = to;
      }
      return;
    }
    int at = HEAD;
    for (int i = 0; i < count; i++) {
      Entry entry = entry(bytes, at);
      if ((low != null && low.compareTo(entry.coded()) > 0)
          || (high != null && high.compareTo(entry.coded()) <= 0)) {
        throw corrupt(page, "an entry lies outside the keys above it");
      }
      entries.add(entry);
      at += cellLength(bytes, at);
    }
  }

  /** Adds an entry whose coded name is not there yet. */
  void insert(Entry entry) throws IOException {
    byte[] meta = meta();
    ByteBuffer head = ByteBuffer.wrap(meta);
    int root = head.getInt(8);
    byte[] cell = cell(entry);
    if (root == 0) {
      byte[] leaf = new byte[PAGE];
      leaf[0] = LEAF;
      insertCell(leaf, HEAD, cell);
      root = allocate(meta);
      write(root, leaf);
      head.putInt(8, root);
    } else {
      Split split = insert(meta, root, entry.coded(), cell, 0);
      if (split != null) {
        byte[] inner = new byte[PAGE];
        inner[0] = INNER;
        setCount(inner, 1);
        ByteBuffer.wrap(inner).putInt(4, root);
        split.key.copyTo(inner, HEAD);
        ByteBuffer.wrap(inner).putInt(HEAD + 32, split.page);
        int top = allocate(meta);
        write(top, inner);
        head.putInt(8, top);
      }
    }
    head.putLong(24, head.getLong(24) + 1);
    write(0, meta);
  }

  /** Replaces an entry that is there by one of the same length; the directory's times stay. */
  void replace(Entry entry) throws IOException {
    int page = ByteBuffer.wrap(meta()).getInt(8);
    byte[] bytes = read(page);
    for (int depth = 0; bytes[0] == INNER; depth++) {
      page = child(bytes, branch(bytes, entry.coded()));
      bytes = descend(page, depth);
    }
    byte[] cell = cell(entry);
    System.arraycopy(cell, 0, bytes, cell(bytes, entry.coded()), cell.length);
    node.writeKeepingTimes((long) page * PAGE, bytes, PAGE);
  }

  private record Split(Bytes key, int page) {}

  private @Nullable Split insert(byte[] meta, int page, Bytes coded, byte[] cell, int depth)
      throws IOException {
    byte[] bytes = descend(page, depth);
    if (bytes[0] == LEAF) {
      int at = cell(bytes, coded);
      if (used(bytes) + cell.length <= PAGE) {
        insertCell(bytes, at, cell);
        write(page, bytes);
        return null;
      }
      return splitLeaf(meta, page, bytes, at, cell);
    }
    int index = branch(bytes, coded);
    Split below = insert(meta, child(bytes, index), coded, cell, depth + 1);
    if (below == null) {
      return null;
    }
    int count = count(bytes);
    byte[] wide = Arrays.copyOf(bytes, PAGE + BRANCH);
    int at = HEAD + index * BRANCH;
    System.arraycopy(wide, at, wide, at + BRANCH, HEAD + count * BRANCH - at);
    below.key.copyTo(wide, at);
    ByteBuffer.wrap(wide).putInt(at + 32, below.page);
    setCount(wide, count + 1);
    if (HEAD + (count + 1) * BRANCH <= PAGE) {
      write(page, Arrays.copyOf(wide, PAGE));
      return null;
    }
    return splitInner(meta, page, wide);
  }

  private Split splitInner(byte[] meta, int page, byte[] wide) throws IOException {
    int count = count(wide);
    int middle = count / 2;
    int from = HEAD + middle * BRANCH;
    byte[] right = new byte[PAGE];
    right[0] = INNER;
    System.arraycopy(wide, from + 32, right, 4, 4);
    int rest = count - middle - 1;
    System.arraycopy(wide, from + BRANCH, right, HEAD, rest * BRANCH);
    setCount(right, rest);
    Bytes key = Bytes.copyOf(wide, from, 32);
    byte[] left = Arrays.copyOf(Arrays.copyOf(wide, from), PAGE);
    setCount(left, middle);
    int fresh = allocate(meta);
    write(fresh, right);
    write(page, left);
    return new Split(key, fresh);
  }

  private Split splitLeaf(byte[] meta, int page, byte[] bytes, int at, byte[] cell)
      throws IOException {
    byte[] wide = Arrays.copyOf(bytes, PAGE + cell.length);
    insertCell(wide, at, cell);
    int count = count(wide);
    int end = used(wide);
    int middle = HEAD;
    int left = 0;
    // Both halves fit, since a cell is at most 305 bytes.
    while (middle < HEAD + (end - HEAD) / 2) {
      middle += cellLength(wide, middle);
      left++;
    }
    byte[] right = new byte[PAGE];
    right[0] = LEAF;
    System.arraycopy(wide, middle, right, HEAD, end - middle);
    setCount(right, count - left);
    Bytes key = Bytes.copyOf(wide, middle, 32);
    byte[] kept = Arrays.copyOf(Arrays.copyOf(wide, middle), PAGE);
    setCount(kept, left);
    int fresh = allocate(meta);
    write(fresh, right);
    write(page, kept);
    return new Split(key, fresh);
  }

  /** Removes the entry of a coded name that is there. */
  void remove(Bytes coded) throws IOException {
    byte[] meta = meta();
    ByteBuffer head = ByteBuffer.wrap(meta);
    int root = head.getInt(8);
    if (remove(meta, root, coded, 0)) {
      head.putInt(8, 0);
    } else {
      byte[] top = descend(root, 0);
      while (top[0] == INNER && count(top) == 0) {
        int only = child(top, 0);
        byte[] next = descend(only, 0);
        release(meta, root);
        root = only;
        head.putInt(8, root);
        top = next;
      }
    }
    head.putLong(24, head.getLong(24) - 1);
    write(0, meta);
  }

  /** Removes below a page; answers whether the page is empty and has been freed. */
  private boolean remove(byte[] meta, int page, Bytes coded, int depth) throws IOException {
    byte[] bytes = descend(page, depth);
    int count = count(bytes);
    if (bytes[0] == LEAF) {
      int at = cell(bytes, coded);
      int length = cellLength(bytes, at);
      int end = used(bytes);
      System.arraycopy(bytes, at + length, bytes, at, end - at - length);
      Arrays.fill(bytes, end - length, end, (byte) 0);
      setCount(bytes, count - 1);
      if (count == 1) {
        release(meta, page);
        return true;
      }
      write(page, bytes);
      return false;
    }
    int index = branch(bytes, coded);
    if (!remove(meta, child(bytes, index), coded, depth + 1)) {
      return false;
    }
    if (count == 0) {
      release(meta, page);
      return true;
    }
    int end = HEAD + count * BRANCH;
    // Without child i goes the key before it; without the first child, the key behind it.
    int gone = index == 0 ? 4 : HEAD + (index - 1) * BRANCH;
    int length = BRANCH;
    if (index == 0) {
      System.arraycopy(bytes, HEAD + 32, bytes, 4, 4);
      gone = HEAD;
    }
    System.arraycopy(bytes, gone + length, bytes, gone, end - gone - length);
    Arrays.fill(bytes, end - length, end, (byte) 0);
    setCount(bytes, count - 1);
    write(page, bytes);
    return false;
  }

  private int allocate(byte[] meta) throws IOException {
    ByteBuffer head = ByteBuffer.wrap(meta);
    int free = head.getInt(16);
    if (free != 0) {
      head.putInt(16, nextFree(free, head.getInt(8)));
      return free;
    }
    int next = head.getInt(12);
    head.putInt(12, next + 1);
    return next;
  }

  /** The free page behind one; so that no list leads into the tree, nor to where it has been. */
  private int nextFree(int free, int root) throws IOException {
    byte[] page = read(free);
    int next = ByteBuffer.wrap(page).getInt(4);
    boolean isFree = page[0] == FREE && isZero(page, 1, 4);
    long end = node.length / PAGE;
    if (!isFree || free == root || next == free || next < 0 || next >= end) {
      throw corrupt(free, "a free page is expected");
    }
    return next;
  }

  private void release(byte[] meta, int page) throws IOException {
    ByteBuffer head = ByteBuffer.wrap(meta);
    byte[] free = new byte[PAGE];
    free[0] = FREE;
    ByteBuffer.wrap(free).putInt(4, head.getInt(16));
    write(page, free);
    head.putInt(16, page);
  }

  private byte[] meta() throws IOException {
    byte[] meta = new byte[PAGE];
    readMeta(meta);
    return meta;
  }

  private void readMeta(byte[] meta) throws IOException {
    read(0, meta);
    if (!Arrays.equals(meta, 0, 8, MAGIC, 0, 8)) {
      throw corrupt(0, "the meta page is expected");
    }
    if (!isZero(meta, 20, 24) || !isZero(meta, META, PAGE)) {
      throw corrupt(0, "it has fields that are not known");
    }
    if ((ByteBuffer.wrap(meta).getInt(12) & 0xFFFFFFFFL) * PAGE != node.length) {
      throw corrupt(0, "it has another number of pages than the file");
    }
  }

  private byte[] descend(int page, int depth) throws IOException {
    byte[] bytes = new byte[PAGE];
    descend(page, depth, bytes);
    return bytes;
  }

  private void descend(int page, int depth, byte[] bytes) throws IOException {
    read(page, bytes);
    if (depth > MAX_DEPTH || (bytes[0] != LEAF && bytes[0] != INNER)) {
      throw corrupt(page, "a page of the tree is expected");
    }
    if (!isPossible(bytes)) {
      throw corrupt(page, "what it holds does not fit, or does not ascend");
    }
  }

  /** Whether the cells or keys of a page end within it and ascend, and all else of it is zero. */
  private static boolean isPossible(byte[] page) {
    boolean leaf = page[0] == LEAF;
    if (page[1] != 0 || (leaf && !isZero(page, 4, HEAD))) {
      return false;
    }
    int at = HEAD;
    int before = -1;
    for (int i = count(page); i > 0; i--) {
      int head = leaf ? CELL : BRANCH;
      if (at + head > PAGE
          || (before >= 0
              && Arrays.compareUnsigned(page, before, before + 32, page, at, at + 32) >= 0)) {
        return false;
      }
      before = at;
      at += leaf ? cellLength(page, at) : BRANCH;
    }
    return at <= PAGE && (!leaf || at > HEAD);
  }

  private byte[] read(int page) throws IOException {
    byte[] bytes = new byte[PAGE];
    read(page, bytes);
    return bytes;
  }

  private void read(int page, byte[] bytes) throws IOException {
    if (page < 0 || node.read((long) page * PAGE, bytes, 0, PAGE) < PAGE) {
      throw corrupt(page, "it lies beyond the end");
    }
  }

  private void write(int page, byte[] bytes) throws IOException {
    node.write((long) page * PAGE, bytes, 0, PAGE);
  }

  private IntegrityException corrupt(int page, String detail) {
    return node.damaged(
        "catalogue page " + page, -1, (long) page * PAGE, (page + 1L) * PAGE, detail);
  }

  private static byte[] cell(Entry entry) {
    byte[] name = entry.name().getBytes(StandardCharsets.UTF_8);
    byte[] cell = new byte[CELL + name.length];
    entry.coded().copyTo(cell, 0);
    entry.uid().copyTo(cell, 32);
    cell[48] = (byte) (TypeCode.of(entry.type()) | (entry.streamed() ? STREAMED : 0));
    cell[49] = (byte) name.length;
    System.arraycopy(name, 0, cell, CELL, name.length);
    return cell;
  }

  private Entry entry(byte[] bytes, int at) throws IOException {
    int code = bytes[at + 48] & 0xFF;
    FileType type = TypeCode.parse(code & ~STREAMED);
    String name = Names.decodeName(bytes, at + CELL, bytes[at + 49] & 0xFF);
    if (type == null || name == null) {
      throw corrupt(-1, "an entry has a type that is not known, or a name that no file can have");
    }
    return new Entry(
        Bytes.copyOf(bytes, at, 32),
        Bytes.copyOf(bytes, at + 32, 16),
        type,
        name,
        (code & STREAMED) != 0);
  }

  private static void insertCell(byte[] leaf, int at, byte[] cell) {
    int end = used(leaf);
    System.arraycopy(leaf, at, leaf, at + cell.length, end - at);
    System.arraycopy(cell, 0, leaf, at, cell.length);
    setCount(leaf, count(leaf) + 1);
  }

  /** The first cell whose coded name is not below one, or the end of the cells. */
  private static int cell(byte[] leaf, Bytes coded) {
    byte[] wanted = coded.toByteArray();
    int at = HEAD;
    for (int i = count(leaf); i > 0; i--) {
      if (Arrays.compareUnsigned(leaf, at, at + 32, wanted, 0, 32) >= 0) {
        return at;
      }
      at += cellLength(leaf, at);
    }
    return at;
  }

  private static boolean matches(byte[] leaf, int at, Bytes coded) {
    return at + 32 <= used(leaf) && Bytes.copyOf(leaf, at, 32).equals(coded);
  }

  private static int used(byte[] leaf) {
    int at = HEAD;
    for (int i = count(leaf); i > 0; i--) {
      at += cellLength(leaf, at);
    }
    return at;
  }

  private static int cellLength(byte[] leaf, int at) {
    return CELL + (leaf[at + 49] & 0xFF);
  }

  /** Which child of an inner page leads to a coded name. */
  private static int branch(byte[] inner, Bytes coded) {
    byte[] wanted = coded.toByteArray();
    int low = 0;
    int high = count(inner);
    while (low < high) {
      int middle = (low + high) >>> 1;
      int at = HEAD + middle * BRANCH;
      if (Arrays.compareUnsigned(inner, at, at + 32, wanted, 0, 32) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static int child(byte[] inner, int index) {
    return ByteBuffer.wrap(inner).getInt(index == 0 ? 4 : HEAD + (index - 1) * BRANCH + 32);
  }

  private static boolean isZero(byte[] bytes, int from, int to) {
    // Compared with itself, one byte further, which the JVM does in large steps.
    return bytes[from] == 0 && Arrays.equals(bytes, from, to - 1, bytes, from + 1, to);
  }

  private static int count(byte[] page) {
    return ByteBuffer.wrap(page).getShort(2) & 0xFFFF;
  }

  private static void setCount(byte[] page, int count) {
    ByteBuffer.wrap(page).putShort(2, (short) count);
  }
}
