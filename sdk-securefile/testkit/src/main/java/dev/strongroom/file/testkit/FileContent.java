// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A sparse file: blocks of 4 KiB by index, and a length. A block that was never written takes no
 * memory and reads as zeros.
 *
 * <p>Copies share blocks until one side writes to them.
 *
 * <p>Thread safety: thread-safe.
 */
final class FileContent {

  static final int BLOCK = 4096;

  private final Map<Long, Block> blocks;
  private long size;
  private Object owner = new Object();

  /** Bytes, and who may change them in place. */
  private static final class Block {
    final byte[] bytes;
    final Object owner;

    Block(byte[] bytes, Object owner) {
      this.bytes = bytes;
      this.owner = owner;
    }
  }

  FileContent() {
    this(new HashMap<>(), 0);
  }

  private FileContent(Map<Long, Block> blocks, long size) {
    this.blocks = blocks;
    this.size = size;
  }

  synchronized FileContent copy() {
    // Nobody owns the blocks now, so the next writer on either side copies.
    owner = new Object();
    return new FileContent(new HashMap<>(blocks), size);
  }

  synchronized long size() {
    return size;
  }

  synchronized long allocatedBytes() {
    return (long) blocks.size() * BLOCK;
  }

  synchronized int read(long position, byte[] target, int offset, int length) {
    requireRange(position, target, offset, length);
    if (position >= size) {
      return 0;
    }
    int count = (int) Math.min(length, size - position);
    for (int done = 0; done < count; ) {
      long at = position + done;
      int within = (int) (at % BLOCK);
      int part = Math.min(count - done, BLOCK - within);
      Block block = blocks.get(at / BLOCK);
      if (block == null) {
        Arrays.fill(target, offset + done, offset + done + part, (byte) 0);
      } else {
        System.arraycopy(block.bytes, within, target, offset + done, part);
      }
      done += part;
    }
    return count;
  }

  synchronized void write(long position, byte[] source, int offset, int length) {
    requireRange(position, source, offset, length);
    for (int done = 0; done < length; ) {
      long at = position + done;
      int within = (int) (at % BLOCK);
      int part = Math.min(length - done, BLOCK - within);
      System.arraycopy(source, offset + done, writable(at / BLOCK), within, part);
      done += part;
    }
    if (length > 0) {
      size = Math.max(size, position + length);
    }
  }

  synchronized void truncate(long newSize) {
    if (newSize < 0) {
      throw new IllegalArgumentException("a file cannot have " + newSize + " bytes");
    }
    if (newSize < size) {
      long kept = (newSize + BLOCK - 1) / BLOCK;
      blocks.keySet().removeIf(index -> index >= kept);
      int within = (int) (newSize % BLOCK);
      if (within > 0 && blocks.containsKey(newSize / BLOCK)) {
        Arrays.fill(writable(newSize / BLOCK), within, BLOCK, (byte) 0);
      }
    }
    size = newSize;
  }

  private byte[] writable(long index) {
    @Nullable Block block = blocks.get(index);
    if (block == null || block.owner != owner) {
      block = new Block(block == null ? new byte[BLOCK] : block.bytes.clone(), owner);
      blocks.put(index, block);
    }
    return block.bytes;
  }

  private static void requireRange(long position, byte[] array, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, array.length);
    if (position < 0) {
      throw new IllegalArgumentException("position " + position + " is negative");
    }
    if (position > Long.MAX_VALUE - length) {
      throw new IllegalArgumentException("position " + position + " is beyond any file");
    }
  }
}
