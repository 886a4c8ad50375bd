// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.check;

import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.util.TreeSet;
import java.util.function.LongConsumer;

/**
 * Reads a host file forwards through a window, each byte once, in long runs where one request
 * follows the other. Blocks that the medium cannot read count as zeros, and are remembered.
 *
 * <p>Thread safety: confined to the thread that checks.
 */
final class HostStream {

  /** Length of the window, and of the runs in which a file is read. */
  static final int WINDOW = 1 << 20;

  private static final int BLOCK = 4096;

  private final StoreFile file;
  private final long end;
  private final LongConsumer meter;
  private final TreeSet<Long> stops = new TreeSet<>();
  private final TreeSet<Long> unreadable = new TreeSet<>();
  private byte[] window = new byte[WINDOW];
  private long start;
  private int filled;

  /**
   * Reads a file.
   *
   * @param file the host file
   * @param end where reading ends at the latest
   * @param meter told how many bytes have been read
   */
  HostStream(StoreFile file, long end, LongConsumer meter) {
    this.file = file;
    this.end = end;
    this.meter = meter;
  }

  /** Reads a block by itself, out of turn; the stream will not read it again. */
  byte[] block(long position) throws IOException {
    if (position >= start && position + BLOCK <= start + filled) {
      int at = (int) (position - start);
      return java.util.Arrays.copyOfRange(window, at, at + BLOCK);
    }
    byte[] block = new byte[BLOCK];
    int read = fill(position, block, 0, BLOCK);
    meter.accept(read);
    stops.add(position);
    return read == BLOCK ? block : java.util.Arrays.copyOf(block, read);
  }

  /**
   * Brings a range into the window, which stays as it is until the next call.
   *
   * @return how many bytes of it there are; fewer only where the file ends
   */
  int require(long position, int length) throws IOException {
    int kept = 0;
    boolean follows = position >= start && position <= start + filled;
    if (follows) {
      int at = (int) (position - start);
      kept = filled - at;
      if (kept >= length) {
        return length;
      }
      if (length > window.length) {
        window = java.util.Arrays.copyOf(window, length);
      }
      System.arraycopy(window, at, window, 0, kept);
    } else if (length > window.length) {
      window = new byte[length];
    }
    long from = position + kept;
    Long stop = stops.ceiling(from);
    long limit = Math.min(end, stop == null ? Long.MAX_VALUE : stop);
    // After a jump no more than was asked for: behind it there may be a hole.
    long wanted = Math.min(follows ? window.length - kept : length - kept, limit - from);
    int read = wanted <= 0 ? 0 : fill(from, window, kept, (int) wanted);
    start = position;
    filled = kept + read;
    meter.accept(read);
    return Math.min(filled, length);
  }

  /** The window's array. */
  byte[] array() {
    return window;
  }

  /** Where a position lies in the window. */
  int offset(long position) {
    return (int) (position - start);
  }

  /** Whether the medium could not read all of a range. */
  boolean isUnreadable(long position, long length) {
    Long next = unreadable.ceiling(position / BLOCK * BLOCK);
    return next != null && next < position + length;
  }

  private int fill(long position, byte[] target, int offset, int length) throws IOException {
    try {
      return file.read(position, target, offset, length);
    } catch (IOException e) {
      return fillByBlocks(position, target, offset, length, e);
    }
  }

  /** A block that cannot be read must not take its neighbours with it. */
  private int fillByBlocks(long position, byte[] target, int offset, int length, IOException first)
      throws IOException {
    long size;
    try {
      size = file.size();
    } catch (IOException e) {
      e.addSuppressed(first);
      throw e; // the file is gone, not a block of it
    }
    int there = (int) Math.max(0, Math.min(length, size - position));
    for (int at = 0; at < there; at += BLOCK) {
      int part = Math.min(BLOCK, there - at);
      try {
        file.read(position + at, target, offset + at, part);
      } catch (IOException e) {
        java.util.Arrays.fill(target, offset + at, offset + at + part, (byte) 0);
        unreadable.add((position + at) / BLOCK * BLOCK);
      }
    }
    return there;
  }
}
