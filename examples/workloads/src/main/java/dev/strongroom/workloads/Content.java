// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.workloads;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/**
 * What a file should hold: sectors that say at their beginning and end which they are and how often
 * they have been written, with random bytes between.
 *
 * <p>A stamp costs a few nanoseconds, so that it can be written and checked in what is timed; a
 * whole check compares every byte.
 *
 * <p>Thread safety: confined to one thread.
 */
final class Content {

  static final int SECTOR = 4096;

  private static final int LAST = SECTOR - Long.BYTES;
  private static final long FILLER_SEED = 7;

  private final String file;
  private final long salt;
  private final int[] generations;

  /** The content of a file of a peer before anything is written. */
  Content(String file, int number, long bytes) {
    this.file = file;
    salt = 0x9E3779B97F4A7C15L * (number + 1);
    generations = new int[Math.toIntExact((bytes + SECTOR - 1) / SECTOR)];
  }

  int sectors() {
    return generations.length;
  }

  /** Fills a whole buffer with what lies between the stamps. */
  static void fill(ByteBuffer buffer) {
    byte[] filler = new byte[SECTOR];
    SplittableRandom random = new SplittableRandom(FILLER_SEED);
    for (int i = 0; i < SECTOR; i++) {
      filler[i] = (byte) random.nextInt();
    }
    buffer.clear();
    while (buffer.hasRemaining()) {
      buffer.put(filler);
    }
    buffer.clear();
  }

  /** Stamps the beginning of a buffer as newer content of sectors. */
  void stamp(ByteBuffer buffer, long position, int length) {
    buffer.clear();
    int sector = (int) (position / SECTOR);
    for (int at = 0; at < length; at += SECTOR, sector++) {
      generations[sector]++;
      long stamp = stampOf(sector);
      buffer.putLong(at, stamp).putLong(at + LAST, ~stamp);
    }
  }

  /** Checks the stamps in the beginning of a buffer. */
  void check(ByteBuffer buffer, long position, int length) throws IOException {
    buffer.clear();
    int sector = (int) (position / SECTOR);
    for (int at = 0; at < length; at += SECTOR, sector++) {
      long stamp = stampOf(sector);
      if (buffer.getLong(at) != stamp || buffer.getLong(at + LAST) != ~stamp) {
        throw wrong(sector);
      }
    }
  }

  /** Checks every byte of the beginning of a buffer. */
  void checkAll(ByteBuffer buffer, long position, int length, ByteBuffer filler)
      throws IOException {
    check(buffer, position, length);
    for (int at = 0; at < length; at += SECTOR) {
      ByteBuffer found = buffer.slice(at + Long.BYTES, SECTOR - 2 * Long.BYTES);
      ByteBuffer expected = filler.slice(Long.BYTES, SECTOR - 2 * Long.BYTES);
      if (found.mismatch(expected) >= 0) {
        throw wrong((int) ((position + at) / SECTOR));
      }
    }
  }

  private long stampOf(int sector) {
    return salt + ((long) generations[sector] << 32 | sector);
  }

  private IOException wrong(int sector) {
    return new IOException(file + ": sector " + sector + " does not hold what was written");
  }
}
