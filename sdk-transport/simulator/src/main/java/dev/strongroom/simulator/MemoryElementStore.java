// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import java.util.Arrays;

/**
 * A store in memory, for tests.
 *
 * <p>It can be copied at any moment, which is how a test keeps what a loss of power would leave.
 *
 * <p>Thread safety: thread-safe.
 */
public final class MemoryElementStore implements ElementStore {

  private byte[] content; // longer than what is in it, so that it need not grow with each write
  private int length;

  /** An empty store. */
  public MemoryElementStore() {
    this.content = new byte[0];
  }

  private MemoryElementStore(byte[] content) {
    this.content = content;
    this.length = content.length;
  }

  /**
   * A store with content.
   *
   * @param content copied
   * @return the store
   */
  public static MemoryElementStore of(byte[] content) {
    return new MemoryElementStore(content.clone());
  }

  /**
   * What is in it.
   *
   * @return a copy
   */
  public synchronized byte[] content() {
    return Arrays.copyOf(content, length);
  }

  @Override
  public synchronized long size() {
    return length;
  }

  @Override
  public synchronized int read(long position, byte[] target) {
    if (position >= length) {
      return 0;
    }
    int read = (int) Math.min(target.length, length - position);
    System.arraycopy(content, (int) position, target, 0, read);
    return read;
  }

  @Override
  public synchronized void write(long position, byte[] bytes) {
    int from = Math.toIntExact(position);
    int end = Math.addExact(from, bytes.length);
    if (end > content.length) {
      content = Arrays.copyOf(content, (int) Math.min(Integer.MAX_VALUE - 8L, 2L * end));
    }
    length = Math.max(length, end);
    System.arraycopy(bytes, 0, content, from, bytes.length);
  }

  @Override
  public void sync() {}

  @Override
  public void close() {}
}
