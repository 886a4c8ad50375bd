// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.share;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.internal.crypto.FileKeys;
import dev.strongroom.file.internal.crypto.MacKey;
import dev.strongroom.file.internal.crypto.NonceSource;
import dev.strongroom.file.internal.crypto.SectorCipher;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.Layout;
import dev.strongroom.file.internal.format.v1.TagPage;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Writes the image of a secure file in one pass over its sectors, in ascending order. Each page of
 * the tree is written when the last of what it covers has been; of each level one page is kept.
 *
 * <p>Thread safety: confined to one thread.
 */
public final class ImageWriter implements AutoCloseable {

  private static final int BATCH = 512 << 10;

  /**
   * What the prelude says of the image.
   *
   * @param length bytes
   * @param headerSignature of the header, 32 bytes
   * @param contentDigest SHA-256 of the sectors' ciphertext
   */
  public record Written(long length, Bytes headerSignature, Bytes contentDigest) {}

  /** The page of a level that is being filled. */
  private static final class Level {
    long index = -1;
    byte[] page = new byte[0];
  }

  private final StoreFile target;
  private final long base;
  private final FileHeader header;
  private final FileKeys keys;
  private final Layout layout;
  private final NonceSource nonces;
  private final MessageDigest digest;
  private final Level[] levels;
  private final byte[] batch;
  private final byte[] entry = new byte[TagPage.ENTRY];
  private long batchFirst;
  private int batchCount;
  private long end;

  /**
   * Begins an image.
   *
   * @param target where to
   * @param base position of the image in it
   * @param header the file's header; its root, entries and counters are filled in
   * @param keys the file's keys, which stay the caller's
   */
  public ImageWriter(StoreFile target, long base, FileHeader header, FileKeys keys) {
    this.target = target;
    this.base = base;
    this.header = header;
    this.keys = keys;
    layout = header.layout();
    nonces = keys.contentNonces(0, 0);
    digest = Digests.sha256();
    long leaves = Layout.leaves(layout.sectors(header.length));
    levels = new Level[leaves == 0 ? 0 : Layout.height(leaves) + 1];
    Arrays.setAll(levels, level -> new Level());
    int size = layout.sectorBytes();
    batch = new byte[Math.max(BATCH, size) / size * size + SectorCipher.TAG];
    end = 2L * header.headerBytes;
  }

  /**
   * Adds a sector.
   *
   * @param sector its index, above those of all before
   * @param clear holds the whole sector, zeros behind the content
   * @param offset where it begins
   * @param valid bytes of content in it
   * @param flags {@link TagPage#PRESENT} and perhaps {@link TagPage#PURIFIED_IN_PART}
   * @throws IOException if the target fails
   */
  public void sector(long sector, byte[] clear, int offset, int valid, int flags)
      throws IOException {
    int size = layout.sectorBytes();
    if (batchCount > 0 && !continues(sector)) {
      flush();
    }
    if (batchCount == 0) {
      batchFirst = sector;
    }
    int at = batchCount * size;
    nonces.beginBatch(null);
    nonces.next(entry, 0);
    TagPage.setState(entry, 0, flags, valid);
    byte[] context = TagPage.sectorContext(header.uid, header.epoch, sector, entry, 0);
    keys.content().encryptSector(entry, 0, context, clear, offset, size, batch, at);
    digest.update(batch, at, size);
    batchCount++;
    if (sector < Layout.INLINE) {
      System.arraycopy(entry, 0, header.inline, (int) sector * TagPage.ENTRY, TagPage.ENTRY);
    } else {
      put(0, Layout.leafOf(sector), Layout.slotOf(sector), entry);
    }
  }

  private boolean continues(long sector) {
    return sector == batchFirst + batchCount
        && batchCount < Layout.adjacent(batchFirst)
        && (batchCount + 1) * layout.sectorBytes() <= batch.length - SectorCipher.TAG;
  }

  private void flush() throws IOException {
    if (batchCount > 0) {
      write(layout.sectorPosition(batchFirst), batch, batchCount * layout.sectorBytes());
      batchCount = 0;
    }
  }

  private void write(long position, byte[] source, int length) throws IOException {
    target.write(base + position, source, 0, length);
    end = Math.max(end, position + length);
  }

  private void put(int level, long index, int slot, byte[] content) throws IOException {
    Level current = levels[level];
    if (current.index != index) {
      complete(level);
      current.index = index;
      current.page = TagPage.create(level, index, header.uid, header.epoch);
    }
    System.arraycopy(content, 0, current.page, TagPage.offset(slot), TagPage.ENTRY);
  }

  /** Writes the page of a level and tells the level above, or the header, its digest. */
  private void complete(int level) throws IOException {
    Level done = levels[level];
    if (done.index < 0) {
      return;
    }
    write(layout.nodePosition(level, done.index), done.page, done.page.length);
    byte[] mac = keys.tree().mac(done.page, 0, done.page.length);
    if (level == levels.length - 1) {
      header.root = mac;
    } else {
      put(level + 1, done.index / Layout.FANOUT, (int) (done.index % Layout.FANOUT), mac);
    }
  }

  /**
   * Writes what is left, and the header.
   *
   * @return what the prelude says of the image
   * @throws IOException if the target fails
   */
  public Written finish() throws IOException {
    flush();
    header.root = new byte[MacKey.LENGTH];
    for (int level = 0; level < levels.length; level++) {
      complete(level);
    }
    header.contentStarts = nonces.starts();
    header.contentNonces = nonces.total();
    byte[] nonce = new byte[SectorCipher.NONCE];
    try (NonceSource headerNonces = keys.headerNonces(0, 0)) {
      headerNonces.beginBatch(null);
      headerNonces.next(nonce, 0);
      header.headerStarts = headerNonces.starts();
      header.headerNonces = headerNonces.total();
    }
    byte[] used = header.encode(keys, nonce);
    byte[] copy = Arrays.copyOf(used, header.headerBytes);
    write(0, copy, copy.length);
    write(header.headerBytes, copy, copy.length);
    return new Written(
        end,
        Bytes.copyOf(used, used.length - MacKey.LENGTH, MacKey.LENGTH),
        Bytes.copyOf(digest.digest()));
  }

  @Override
  public void close() {
    nonces.close();
  }
}
