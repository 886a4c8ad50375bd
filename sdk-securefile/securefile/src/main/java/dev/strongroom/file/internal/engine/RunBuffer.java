// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.internal.crypto.SectorCipher;
import dev.strongroom.file.internal.format.v1.TagPage;
import java.util.ArrayDeque;

/**
 * Memory for the ciphertext and the entries of a run of sectors on its way from or to the store.
 * Taken for one run and given back, so that there are as many as runs at one time, not as threads.
 *
 * <p>Thread safety: taking and giving back is thread-safe; a buffer is confined to who has it.
 */
final class RunBuffer implements AutoCloseable {

  /** Longest run, in bytes. */
  static final int LONGEST = 512 << 10;

  private static final int SHORT = 64 << 10;
  private static final int KEPT_SHORT = 64;
  private static final int KEPT_LONG = 8;
  private static final ArrayDeque<RunBuffer> SHORT_ONES = new ArrayDeque<>();
  private static final ArrayDeque<RunBuffer> LONG_ONES = new ArrayDeque<>();

  /** Ciphertext, with room for a tag behind it. */
  final byte[] cipher;

  /** Entries of the run's sectors, which have at least 4096 bytes each. */
  final byte[] entries;

  private RunBuffer(int length) {
    cipher = new byte[length + SectorCipher.TAG];
    entries = new byte[length / 4096 * TagPage.ENTRY];
  }

  /** Takes a buffer for a run of so many bytes, at most {@link #LONGEST}. */
  static RunBuffer take(int bytes) {
    boolean isShort = bytes <= SHORT;
    ArrayDeque<RunBuffer> kept = isShort ? SHORT_ONES : LONG_ONES;
    synchronized (kept) {
      RunBuffer found = kept.poll();
      if (found != null) {
        return found;
      }
    }
    return new RunBuffer(isShort ? SHORT : LONGEST);
  }

  @Override
  public void close() {
    boolean isShort = cipher.length < LONGEST;
    ArrayDeque<RunBuffer> kept = isShort ? SHORT_ONES : LONG_ONES;
    synchronized (kept) {
      if (kept.size() < (isShort ? KEPT_SHORT : KEPT_LONG)) {
        kept.push(this);
      }
    }
  }
}
