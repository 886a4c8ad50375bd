// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.check;

import dev.strongroom.file.check.FindingKind;
import dev.strongroom.file.internal.format.v1.Layout;
import dev.strongroom.file.internal.format.v1.TagPage;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads and verifies all that a file's header commits to: the integrity tree and every sector, in
 * the order in which they lie in the host file, each byte once, in runs of up to a mebibyte. Holes
 * are passed over. Memory: the window and the nodes on the way from the root to one leaf.
 *
 * <p>Of the inner nodes only the first of each level lies behind its first child; these few are
 * read before their turn.
 *
 * <p>Thread safety: confined to the thread that checks; sectors are decrypted on several.
 */
public final class FileScan {

  private static final int BATCH_BYTES = 512 << 10;

  private final ScannedFile file;
  private final Layout layout;
  private final HostStream stream;
  private final SectorBatch batch;
  private final ScanSink sink;
  private final long sectors;

  /**
   * Prepares a scan.
   *
   * @param file what is committed
   * @param host its host file
   * @param sink takes what is read
   * @param meter told how many bytes have been read
   */
  public FileScan(ScannedFile file, StoreFile host, ScanSink sink, LongConsumer meter) {
    this.file = file;
    this.sink = sink;
    layout = file.layout;
    sectors = layout.sectors(file.length);
    stream = new HostStream(host, file.hostBytes(), meter);
    batch = new SectorBatch(file, Math.max(1, BATCH_BYTES / layout.sectorBytes()));
  }

  /**
   * Reads all of it.
   *
   * @throws IOException if the store or the sink fails; damage goes to the sink
   */
  public void run() throws IOException {
    scan(0, Math.min(Layout.INLINE, sectors), file.inline, 0);
    long leaves = Layout.leaves(sectors);
    if (leaves > 0) {
      visit(Layout.height(leaves), 0, file.root, 0);
    }
  }

  private void visit(int level, long index, byte[] digests, int at) throws IOException {
    if (TagPage.isNull(digests, at)) {
      return;
    }
    long span = Layout.span(level);
    long first = Layout.INLINE + index * span;
    long end = Math.min(sectors, first + span);
    if (TagPage.isLost(digests, at)) {
      damaged(FindingKind.LOST_SECTOR, first, end, LOST);
      return;
    }
    byte[] page = page(level, index, digests, at);
    if (page == null) {
      FindingKind kind = level == 0 ? FindingKind.TAG_PAGE : FindingKind.TREE_NODE;
      damaged(kind, first, end, "a page of the tree is not the one that the header commits to");
    } else if (level == 0) {
      scan(first, end - first, page, TagPage.ENTRIES);
    } else {
      long below = span / Layout.FANOUT;
      for (int i = 0; first + i * below < end; i++) {
        visit(level - 1, index * Layout.FANOUT + i, page, TagPage.offset(i));
      }
    }
  }

  private static final String LOST = "its entry was lost with a damaged page";

  private byte @Nullable [] page(int level, long index, byte[] digests, int at) throws IOException {
    byte[] covered = file.covered.page(level, index);
    if (covered != null) {
      return covered;
    }
    long position = layout.nodePosition(level, index);
    byte[] page;
    if (level > 0 && index == 0) {
      page = stream.block(position);
    } else {
      int length = stream.require(position, Layout.TAG_PAGE);
      int from = stream.offset(position);
      page = Arrays.copyOfRange(stream.array(), from, from + length);
    }
    boolean fits =
        page.length == Layout.TAG_PAGE
            && TagPage.isFor(page, level, index, file.uid, file.epoch)
            && MessageDigest.isEqual(
                file.keys.tree().mac(page, 0, page.length),
                Arrays.copyOfRange(digests, at, at + TagPage.ENTRY));
    return fits ? page : file.second.page(level, index);
  }

  /** Scans sectors whose entries stand one after the other. */
  private void scan(long first, long count, byte[] entries, int entriesAt) throws IOException {
    int i = 0;
    while (i < count) {
      long sector = first + i;
      int at = entriesAt + i * TagPage.ENTRY;
      if (TagPage.isNull(entries, at)) {
        i++;
      } else if (TagPage.isLost(entries, at)) {
        damaged(FindingKind.LOST_SECTOR, sector, sector + 1, LOST);
        i++;
      } else if (!TagPage.isReadable(TagPage.flags(entries, at))) {
        damaged(
            FindingKind.UNKNOWN_FORMAT, sector, sector + 1, "flags that this release cannot read");
        i++;
      } else if (file.covered.sector(sector)) {
        covered(sector, entries, at);
        i++;
      } else {
        int run = 1;
        while (run < batch.capacity() && i + run < count && inPlace(sector + run, entries, at)) {
          at += TagPage.ENTRY;
          run++;
        }
        inPlace(sector, run, entries, entriesAt + i * TagPage.ENTRY);
        i += run;
      }
    }
  }

  private boolean inPlace(long next, byte[] entries, int before) {
    int at = before + TagPage.ENTRY;
    return !TagPage.isNull(entries, at)
        && TagPage.isReadable(TagPage.flags(entries, at))
        && !file.covered.sector(next);
  }

  private void covered(long sector, byte[] entries, int at) throws IOException {
    int size = layout.sectorBytes();
    byte[] cipher = new byte[size];
    int read = file.covered.read(sector, cipher);
    batch.decrypt(sector, read < cipher.length ? 0 : 1, cipher, 0, entries, at);
    deliver(sector, 1, -size, entries, at);
  }

  private void inPlace(long sector, int run, byte[] entries, int at) throws IOException {
    int size = layout.sectorBytes();
    long position = layout.sectorPosition(sector);
    int read = stream.require(position, run * size);
    int complete = read / size;
    batch.decrypt(sector, complete, stream.array(), stream.offset(position), entries, at);
    deliver(sector, run, position, entries, at);
  }

  private void deliver(long sector, int run, long position, byte[] entries, int at)
      throws IOException {
    int size = layout.sectorBytes();
    try {
      for (int i = 0; i < run; i++) {
        long from = (sector + i) * size;
        long to = Math.min(file.length, from + size);
        if (batch.isAuthentic(i)) {
          sink.content(from, batch.clear(), i * size, (int) (to - from));
          int flags = TagPage.flags(entries, at + i * TagPage.ENTRY);
          if ((flags & TagPage.PURIFIED_IN_PART) != 0) {
            sink.purifiedInPart(from, to);
          }
        } else {
          again(sector + i, position + (long) i * size);
        }
      }
    } finally {
      batch.clean();
    }
  }

  /** The file may have changed since the scan began; if it has not, the sector is damaged. */
  private void again(long sector, long position) throws IOException {
    int size = layout.sectorBytes();
    byte[] now = file.second.sector(sector);
    if (now == null) {
      boolean medium = stream.isUnreadable(position, size);
      damaged(
          FindingKind.SECTOR,
          sector,
          sector + 1,
          medium ? "the medium cannot read it" : "it is not what was written there, or is cut off");
      return;
    }
    long from = sector * size;
    sink.content(from, now, 0, (int) (Math.min(file.length, from + size) - from));
    Arrays.fill(now, (byte) 0);
  }

  private void damaged(FindingKind kind, long first, long end, String detail) {
    long size = layout.sectorBytes();
    sink.damaged(kind, first * size, Math.min(file.length, end * size), detail);
  }
}
