// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.share;

import dev.strongroom.file.store.StoreFile;
import java.util.BitSet;

/**
 * A host file in memory as it is or with some bytes altered, cut or with something behind it. The
 * content is shared and not copied, so that one can be made for each byte. Notes what was read.
 */
final class AlteredFile implements StoreFile {

  private final byte[] content;
  private final int size;
  private final int[] altered;
  private final BitSet read = new BitSet();

  private AlteredFile(byte[] content, int size, int... altered) {
    this.content = content;
    this.size = size;
    this.altered = altered;
  }

  static AlteredFile whole(byte[] content) {
    return new AlteredFile(content, content.length);
  }

  /** One with other bytes, each altered in the same way, at some positions. */
  static AlteredFile at(byte[] content, int... positions) {
    return new AlteredFile(content, content.length, positions);
  }

  /** One that was cut, or has bytes of 0x5A behind its end. */
  static AlteredFile ofLength(byte[] content, int size) {
    return new AlteredFile(content, size);
  }

  /** The positions that were read, up to the end of the file. */
  BitSet positionsRead() {
    return read;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public int read(long position, byte[] target, int offset, int length) {
    int at = (int) Math.min(position, size);
    int count = Math.min(length, size - at);
    read.set(at, at + count);
    int inside = Math.max(0, Math.min(count, content.length - at));
    System.arraycopy(content, Math.min(at, content.length), target, offset, inside);
    java.util.Arrays.fill(target, offset + inside, offset + count, (byte) 0x5A);
    for (int each : altered) {
      if (each >= at && each < at + count) {
        target[offset + each - at] ^= (byte) (1 + altered[0] % 255);
      }
    }
    return count;
  }

  @Override
  public void write(long position, byte[] source, int offset, int length) {
    throw new IllegalStateException("it is only read");
  }

  @Override
  public void truncate(long newSize) {
    throw new IllegalStateException("it is only read");
  }

  @Override
  public void sync() {}

  @Override
  public void close() {}
}
