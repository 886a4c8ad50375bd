// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator.keystore;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What is prepared of one key, about one for each thread that runs at a time. A thread takes one,
 * which then nobody else has, and gives it back; after {@link #close} what comes back is
 * overwritten.
 *
 * <p>Thread safety: thread-safe, without a lock.
 */
final class PreparedKeys {

  private static final int STRIPES =
      2 * Integer.highestOneBit(Math.min(32, Runtime.getRuntime().availableProcessors()));

  /** Slots of two threads are not in one cache line. */
  private static final int SPACING = 16;

  private final AtomicReferenceArray<@Nullable PreparedKey> slots =
      new AtomicReferenceArray<>(STRIPES * SPACING);
  private volatile boolean closed;

  /** What this thread gave back last, more or less; null if it has to be made. */
  @Nullable PreparedKey take() {
    return slots.getAndSet(slot(), null);
  }

  void giveBack(PreparedKey key) {
    int slot = slot();
    if (closed || !slots.compareAndSet(slot, null, key)) {
      key.forget();
    } else if (closed) {
      empty(slot);
    }
  }

  boolean isClosed() {
    return closed;
  }

  void close() {
    closed = true;
    for (int slot = 0; slot < slots.length(); slot += SPACING) {
      empty(slot);
    }
  }

  private void empty(int slot) {
    PreparedKey key = slots.getAndSet(slot, null);
    if (key != null) {
      key.forget();
    }
  }

  private static int slot() {
    return (int) (Thread.currentThread().getId() & (STRIPES - 1)) * SPACING;
  }
}
