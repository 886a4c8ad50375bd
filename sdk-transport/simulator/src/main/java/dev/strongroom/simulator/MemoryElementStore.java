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

  private byte[] content;

  /** An empty store. */
  public MemoryElementStore() {
    this.content = new byte[0];
  }

  private MemoryElementStore(byte[] content) {
    this.content = content;
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
    return content.clone();
  }

  @Override
  public synchronized long size() {
    return content.length;
  }

  @Override
  public synchronized int read(long position, byte[] target) {
    if (position >= content.length) {
      return 0;
    }
    int length = (int) Math.min(target.length, content.length - position);
    System.arraycopy(content, (int) position, target, 0, length);
    return length;
  }

  @Override
  public synchronized void write(long position, byte[] bytes) {
    int from = Math.toIntExact(position);
    int end = Math.addExact(from, bytes.length);
    if (end > content.length) {
      content = Arrays.copyOf(content, end);
    }
    System.arraycopy(bytes, 0, content, from, bytes.length);
  }

  @Override
  public void sync() {}

  @Override
  public void close() {}
}
