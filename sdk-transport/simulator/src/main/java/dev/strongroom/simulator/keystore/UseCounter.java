// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator.keystore;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What is left of the uses that were reserved on persistent memory since power is on.
 *
 * <p>Thread safety: thread-safe, without a lock.
 */
final class UseCounter {

  private final AtomicLong left = new AtomicLong();

  long left() {
    return left.get();
  }

  boolean take() {
    for (long now = left.get(); now > 0; now = left.get()) {
      if (left.compareAndSet(now, now - 1)) {
        return true;
      }
    }
    return false;
  }

  void add(long uses) {
    left.addAndGet(uses);
  }

  /** Takes uses away for good, as many as are left. */
  void lose(long uses) {
    left.updateAndGet(now -> Math.max(0, now - uses));
  }

  void clear() {
    left.set(0);
  }
}
