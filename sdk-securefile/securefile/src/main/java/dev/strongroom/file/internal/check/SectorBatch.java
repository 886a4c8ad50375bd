// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.check;

import dev.strongroom.file.internal.crypto.SectorCipher;
import dev.strongroom.file.internal.format.v1.TagPage;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Decrypts sectors that lie one after the other, on all cores when there are many.
 *
 * <p>Thread safety: confined to the thread that checks.
 */
final class SectorBatch {

  /** Fewer bytes are not worth another thread. */
  private static final int PARALLEL_BYTES = 128 << 10;

  private final ScannedFile file;
  private final int size;
  private final byte[] clear;
  private final boolean[] authentic;
  private final ThreadLocal<byte[]> cipherText;
  private int used;

  SectorBatch(ScannedFile file, int capacity) {
    this.file = file;
    size = file.layout.sectorBytes();
    clear = new byte[capacity * size];
    authentic = new boolean[capacity];
    cipherText = ThreadLocal.withInitial(() -> new byte[size + SectorCipher.TAG]);
  }

  int capacity() {
    return authentic.length;
  }

  /** Decrypts the first sectors of a batch; the others are not authentic. */
  void decrypt(long first, int count, byte[] cipher, int offset, byte[] entries, int at)
      throws IOException {
    file.content.require(first, first + count);
    Arrays.fill(authentic, false);
    used = count;
    IntStream each = IntStream.range(0, count);
    if (count * size >= PARALLEL_BYTES) {
      each = each.parallel();
    }
    each.forEach(
        i -> authentic[i] = fits(first, i, cipher, offset, entries, at + i * TagPage.ENTRY));
  }

  private boolean fits(long first, int i, byte[] cipher, int offset, byte[] entries, int at) {
    if (!TagPage.isWithin(entries, at, size)) {
      return false;
    }
    // A copy, because the tag is put behind the ciphertext, where the next sector begins.
    byte[] own = cipherText.get();
    System.arraycopy(cipher, offset + i * size, own, 0, size);
    byte[] context = TagPage.sectorContext(file.uid, file.epoch, first + i, entries, at);
    return file.content
        .key(first + i)
        .decryptSector(entries, at, context, own, 0, clear, i * size, size);
  }

  boolean isAuthentic(int i) {
    return authentic[i];
  }

  byte[] clear() {
    return clear;
  }

  /** Zeroes the clear data. */
  void clean() {
    Arrays.fill(clear, 0, used * size, (byte) 0);
  }
}
