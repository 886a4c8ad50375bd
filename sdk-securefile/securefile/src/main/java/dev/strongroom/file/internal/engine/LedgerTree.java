// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.LedgerLeaf;
import dev.strongroom.file.internal.format.v1.VolumeFileState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The content of a ledger: a B+tree of pages of 4096 bytes in a secure file, ordered by UID.
 *
 * <p>Page 0 is the meta page: magic 8 | root page u32 | pages u32 | zero 8 | leaves u64 | last
 * version u64 | revision of the volume file u64 | its signature 32. A leaf page is 1 | zero | cells
 * u16 | zero 4, then cells: UID 16 | version u64 | stamp 8 | flags u8, of which 1 says invalid. An
 * inner page is 2 | zero | keys u16 | first child u32, then (UID 16 | child u32) for each key.
 * Cells are replaced and added, never removed. Byte table: {@code docs/spec/secure-file-format.md},
 * section "Ledger".
 *
 * <p>Thread safety: guarded by the volume's lock.
 */
final class LedgerTree {

  /** Takes cells in ascending order of their UIDs. */
  interface Visitor {
    void visit(Bytes uid, LedgerLeaf leaf) throws IOException;
  }

  /** Length of a page in bytes. */
  static final int PAGE = 4096;

  private static final int UID = 16;
  private static final int HEAD = 8;
  private static final int LEAF = 1;
  private static final int INNER = 2;
  private static final int CELL = UID + 8 + 8 + 1;
  private static final int BRANCH = UID + 4;
  private static final int MAX_DEPTH = 12;
  private static final int INVALID = 1;

  private static final int ROOT = 8;
  private static final int PAGES = 12;
  private static final int ZERO = 16;
  private static final int LEAVES = 24;
  private static final int LAST_VERSION = 32;
  private static final int VOLUME_FILE = 40;
  private static final byte[] MAGIC = {'S', 'R', 'L', 'E', 'D', 'G', 'R', '1'};

  private final FileNode node;

  LedgerTree(FileNode node) {
    this.node = node;
  }

  /** Makes the meta page of an empty ledger beside a volume file. */
  void create(VolumeFileState volumeFile) throws IOException {
    byte[] meta = new byte[PAGE];
    System.arraycopy(MAGIC, 0, meta, 0, MAGIC.length);
    ByteBuffer.wrap(meta).putInt(PAGES, 1);
    volumeFile.write(meta, VOLUME_FILE);
    write(0, meta);
  }

  /** Which state of the volume file it was made beside. */
  VolumeFileState volumeFile() throws IOException {
    return VolumeFileState.read(meta(), VOLUME_FILE);
  }

  void volumeFile(VolumeFileState state) throws IOException {
    byte[] meta = meta();
    state.write(meta, VOLUME_FILE);
    write(0, meta);
  }

  /** How many files it names. */
  long size() throws IOException {
    return ByteBuffer.wrap(meta()).getLong(LEAVES);
  }

  /** The highest version that a freeze has given. */
  long lastVersion() throws IOException {
    return ByteBuffer.wrap(meta()).getLong(LAST_VERSION);
  }

  void lastVersion(long version) throws IOException {
    byte[] meta = meta();
    ByteBuffer.wrap(meta).putLong(LAST_VERSION, version);
    write(0, meta);
  }

  /** What it says of a file, {@link LedgerLeaf#NONE} if it does not name it. */
  LedgerLeaf find(Bytes uid) throws IOException {
    byte[] bytes = meta();
    int page = ByteBuffer.wrap(bytes).getInt(ROOT);
    if (page == 0) {
      return LedgerLeaf.NONE;
    }
    descend(page, 0, bytes);
    for (int depth = 1; bytes[0] == INNER; depth++) {
      page = child(bytes, branch(bytes, uid));
      descend(page, depth, bytes);
    }
    int index = position(bytes, uid, CELL);
    return isAt(bytes, index, uid) ? leaf(page, bytes, index) : LedgerLeaf.NONE;
  }

  /** Says something else of a file, or names it. */
  void put(Bytes uid, LedgerLeaf leaf) throws IOException {
    byte[] meta = meta();
    ByteBuffer head = ByteBuffer.wrap(meta);
    long before = head.getLong(LEAVES);
    int root = head.getInt(ROOT);
    byte[] cell = cell(uid, leaf);
    if (root == 0) {
      root = allocate(meta);
      byte[] first = new byte[PAGE];
      first[0] = LEAF;
      insert(first, 0, cell);
      write(root, first);
      head.putInt(ROOT, root);
      head.putLong(LEAVES, 1);
    } else {
      Split split = put(meta, root, uid, cell, 0);
      if (split != null) {
        byte[] inner = new byte[PAGE];
        inner[0] = INNER;
        setCount(inner, 1);
        ByteBuffer.wrap(inner).putInt(4, root);
        split.key.copyTo(inner, HEAD);
        ByteBuffer.wrap(inner).putInt(HEAD + UID, split.page);
        int top = allocate(meta);
        write(top, inner);
        head.putInt(ROOT, top);
      }
    }
    if (head.getLong(LEAVES) != before) {
      write(0, meta);
    }
  }

  /** Shows all cells, and makes sure that all pages are reached once and fit together. */
  void verify(Visitor visitor) throws IOException {
    byte[] meta = meta();
    int root = ByteBuffer.wrap(meta).getInt(ROOT);
    long[] seen = {0, 1};
    if (root != 0) {
      collect(root, 0, null, null, visitor, seen);
    }
    long leaves = ByteBuffer.wrap(meta).getLong(LEAVES);
    if (seen[0] != leaves) {
      throw corrupt(0, "it counts " + leaves + " files, there are " + seen[0]);
    }
    int pages = ByteBuffer.wrap(meta).getInt(PAGES);
    if (seen[1] != pages) {
      throw corrupt(0, "it counts " + pages + " pages, " + seen[1] + " are reached");
    }
  }

  private void collect(
      int page, int depth, @Nullable Bytes low, @Nullable Bytes high, Visitor visitor, long[] seen)
      throws IOException {
    byte[] bytes = new byte[PAGE];
    descend(page, depth, bytes);
    seen[1]++;
    int count = count(bytes);
    if (bytes[0] == INNER) {
      Bytes from = low;
      for (int i = 0; i <= count; i++) {
        Bytes to = i == count ? high : Bytes.copyOf(bytes, HEAD + i * BRANCH, UID);
        if (from != null && to != null && from.compareTo(to) >= 0) {
          throw corrupt(page, "its keys do not ascend within those above it");
        }
        collect(child(bytes, i), depth + 1, from, to, visitor, seen);
        from = to;
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      Bytes uid = Bytes.copyOf(bytes, HEAD + i * CELL, UID);
      if ((low != null && low.compareTo(uid) > 0) || (high != null && high.compareTo(uid) <= 0)) {
        throw corrupt(page, "a file lies outside the keys above it");
      }
      seen[0]++;
      visitor.visit(uid, leaf(page, bytes, i));
    }
  }

  private record Split(Bytes key, int page) {}

  private @Nullable Split put(byte[] meta, int page, Bytes uid, byte[] cell, int depth)
      throws IOException {
    byte[] bytes = new byte[PAGE];
    descend(page, depth, bytes);
    if (bytes[0] == LEAF) {
      return putCell(meta, page, bytes, uid, cell);
    }
    int index = branch(bytes, uid);
    Split below = put(meta, child(bytes, index), uid, cell, depth + 1);
    if (below == null) {
      return null;
    }
    byte[] branch = new byte[BRANCH];
    below.key.copyTo(branch, 0);
    ByteBuffer.wrap(branch).putInt(UID, below.page);
    byte[] wide = Arrays.copyOf(bytes, PAGE + BRANCH);
    insert(wide, index, branch);
    if (HEAD + count(wide) * BRANCH <= PAGE) {
      write(page, Arrays.copyOf(wide, PAGE));
      return null;
    }
    return splitInner(meta, page, wide);
  }

  private @Nullable Split putCell(byte[] meta, int page, byte[] bytes, Bytes uid, byte[] cell)
      throws IOException {
    int index = position(bytes, uid, CELL);
    if (isAt(bytes, index, uid)) {
      System.arraycopy(cell, 0, bytes, HEAD + index * CELL, CELL);
      write(page, bytes);
      return null;
    }
    ByteBuffer head = ByteBuffer.wrap(meta);
    head.putLong(LEAVES, head.getLong(LEAVES) + 1);
    byte[] wide = Arrays.copyOf(bytes, PAGE + CELL);
    insert(wide, index, cell);
    int count = count(wide);
    if (HEAD + count * CELL <= PAGE) {
      write(page, Arrays.copyOf(wide, PAGE));
      return null;
    }
    int left = count / 2;
    byte[] right = new byte[PAGE];
    right[0] = LEAF;
    int from = HEAD + left * CELL;
    System.arraycopy(wide, from, right, HEAD, (count - left) * CELL);
    setCount(right, count - left);
    Bytes key = Bytes.copyOf(wide, from, UID);
    byte[] kept = Arrays.copyOf(Arrays.copyOf(wide, from), PAGE);
    setCount(kept, left);
    int fresh = allocate(meta);
    write(fresh, right);
    write(page, kept);
    return new Split(key, fresh);
  }

  private Split splitInner(byte[] meta, int page, byte[] wide) throws IOException {
    int count = count(wide);
    int middle = count / 2;
    int from = HEAD + middle * BRANCH;
    byte[] right = new byte[PAGE];
    right[0] = INNER;
    System.arraycopy(wide, from + UID, right, 4, 4);
    int rest = count - middle - 1;
    System.arraycopy(wide, from + BRANCH, right, HEAD, rest * BRANCH);
    setCount(right, rest);
    Bytes key = Bytes.copyOf(wide, from, UID);
    byte[] kept = Arrays.copyOf(Arrays.copyOf(wide, from), PAGE);
    setCount(kept, middle);
    int fresh = allocate(meta);
    write(fresh, right);
    write(page, kept);
    return new Split(key, fresh);
  }

  /** Puts a cell or branch in front of the one with an index. */
  private static void insert(byte[] page, int index, byte[] item) {
    int count = count(page);
    int at = HEAD + index * item.length;
    System.arraycopy(page, at, page, at + item.length, (count - index) * item.length);
    System.arraycopy(item, 0, page, at, item.length);
    setCount(page, count + 1);
  }

  private static int allocate(byte[] meta) {
    ByteBuffer head = ByteBuffer.wrap(meta);
    int next = head.getInt(PAGES);
    head.putInt(PAGES, next + 1);
    return next;
  }

  private byte[] meta() throws IOException {
    byte[] meta = new byte[PAGE];
    read(0, meta);
    if (!Arrays.equals(meta, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw corrupt(0, "the meta page is expected");
    }
    ByteBuffer head = ByteBuffer.wrap(meta);
    if ((head.getInt(PAGES) & 0xFFFFFFFFL) * PAGE != node.length) {
      throw corrupt(0, "it has another number of pages than the file");
    }
    if (head.getLong(ZERO) != 0) {
      throw unknown("unknown fields in the meta page");
    }
    return meta;
  }

  private void descend(int page, int depth, byte[] bytes) throws IOException {
    read(page, bytes);
    if (page == 0 || depth > MAX_DEPTH || (bytes[0] != LEAF && bytes[0] != INNER)) {
      throw corrupt(page, "a page of the tree is expected");
    }
    int size = bytes[0] == LEAF ? CELL : BRANCH;
    int count = count(bytes);
    boolean fits = count > 0 && HEAD + count * size <= PAGE;
    for (int i = 1; fits && i < count; i++) {
      int at = HEAD + i * size;
      fits = Arrays.compareUnsigned(bytes, at - size, at - size + UID, bytes, at, at + UID) < 0;
    }
    if (!fits) {
      throw corrupt(page, "what it holds does not fit, or does not ascend");
    }
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
    return node.damaged("ledger page " + page, -1, (long) page * PAGE, (page + 1L) * PAGE, detail);
  }

  private FormatVersionException unknown(String what) {
    return new FormatVersionException(
        node.path, FileHeader.FORMAT + " with " + what, FileHeader.FORMAT);
  }

  private static byte[] cell(Bytes uid, LedgerLeaf leaf) {
    byte[] cell = new byte[CELL];
    uid.copyTo(cell, 0);
    ByteBuffer.wrap(cell)
        .putLong(UID, leaf.version())
        .putLong(UID + 8, leaf.stamp())
        .put(UID + 16, (byte) (leaf.invalid() ? INVALID : 0));
    return cell;
  }

  private LedgerLeaf leaf(int page, byte[] bytes, int index) throws IOException {
    int at = HEAD + index * CELL + UID;
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int flags = bytes[at + 16] & 0xFF;
    if ((flags & ~INVALID) != 0) {
      throw unknown("flags " + flags + " in page " + page + " of the ledger");
    }
    return new LedgerLeaf(in.getLong(at), in.getLong(at + 8), flags == INVALID);
  }

  private static boolean isAt(byte[] page, int index, Bytes uid) {
    int at = HEAD + index * CELL;
    return index < count(page) && Bytes.copyOf(page, at, UID).equals(uid);
  }

  /** The first cell or branch whose UID is not below one. */
  private static int position(byte[] page, Bytes uid, int size) {
    byte[] wanted = uid.toByteArray();
    int low = 0;
    int high = count(page);
    while (low < high) {
      int middle = (low + high) >>> 1;
      int at = HEAD + middle * size;
      if (Arrays.compareUnsigned(page, at, at + UID, wanted, 0, UID) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Which child of an inner page leads to a UID. */
  private static int branch(byte[] inner, Bytes uid) {
    int index = position(inner, uid, BRANCH);
    int at = HEAD + index * BRANCH;
    boolean equal = index < count(inner) && Bytes.copyOf(inner, at, UID).equals(uid);
    return equal ? index + 1 : index;
  }

  private static int child(byte[] inner, int index) {
    return ByteBuffer.wrap(inner).getInt(index == 0 ? 4 : HEAD + (index - 1) * BRANCH + UID);
  }

  private static int count(byte[] page) {
    return ByteBuffer.wrap(page).getShort(2) & 0xFFFF;
  }

  private static void setCount(byte[] page, int count) {
    ByteBuffer.wrap(page).putShort(2, (short) count);
  }
}
