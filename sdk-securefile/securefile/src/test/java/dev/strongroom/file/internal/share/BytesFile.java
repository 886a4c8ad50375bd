// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.share;

import dev.strongroom.file.store.StoreFile;
import java.util.Arrays;

/** A host file in memory. */
final class BytesFile implements StoreFile {

  private byte[] content;

  BytesFile(byte[] content) {
    this.content = content;
  }

  byte[] content() {
    return content;
  }

  @Override
  public long size() {
    return content.length;
  }

  @Override
  public int read(long position, byte[] target, int offset, int length) {
    int count = (int) Math.max(0, Math.min(length, content.length - position));
    if (count > 0) {
      System.arraycopy(content, (int) position, target, offset, count);
    }
    return count;
  }

  @Override
  public void write(long position, byte[] source, int offset, int length) {
    int end = Math.toIntExact(position + length);
    if (end > content.length) {
      content = Arrays.copyOf(content, end);
    }
    System.arraycopy(source, offset, content, (int) position, length);
  }

  @Override
  public void truncate(long size) {
    content = Arrays.copyOf(content, Math.toIntExact(size));
  }

  @Override
  public void sync() {}

  @Override
  public void close() {}
}
