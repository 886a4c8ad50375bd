// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets commands through side by side until one session holds the element.
 *
 * <p>While nobody holds it, a command passes without taking a lock: it counts itself in and looks
 * for a holder, and a holder announces itself before it looks at the counts, so one of the two sees
 * the other. The count of those that left is read before the count of those that entered; if they
 * are equal, nobody was inside at that moment.
 *
 * <p>Thread safety: thread-safe.
 */
final class ElementGate {

  private record Holder(Object owner, Thread thread) {
    boolean admits(Object caller) {
      return owner == caller || thread == Thread.currentThread();
    }
  }

  private final LongAdder entered = new LongAdder();
  private final LongAdder left = new LongAdder();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile @Nullable Holder holder;
  private int depth; // guarded by lock

  /** Begins a command of {@code caller}; waits while another one holds the element. */
  void enter(Object caller) {
    while (true) {
      entered.increment();
      Holder now = holder;
      if (now == null || now.admits(caller)) {
        return;
      }
      leave();
      lock.lock();
      try {
        while (holder != null && !holder.admits(caller)) {
          changed.awaitUninterruptibly();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /** Ends a command. */
  void leave() {
    left.increment();
    if (holder != null) {
      lock.lock();
      try {
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Holds the element for {@code owner}, once the commands under way have ended. */
  void hold(Object owner) {
    lock.lock();
    try {
      Thread thread = Thread.currentThread();
      Holder now = holder;
      if (now != null && now.thread() == thread && now.owner() == owner) {
        depth++;
        return;
      }
      if (now != null && now.thread() == thread) {
        throw new IllegalStateException(
            "this thread holds the element for another session already");
      }
      while (holder != null) {
        changed.awaitUninterruptibly();
      }
      holder = new Holder(owner, thread);
      depth = 1;
      while (left.sum() != entered.sum()) {
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets go once. */
  void release(Object owner) {
    lock.lock();
    try {
      Holder now = holder;
      if (now != null && now.owner() == owner && --depth == 0) {
        holder = null;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets go of all that {@code owner} holds. */
  void releaseAll(Object owner) {
    lock.lock();
    try {
      Holder now = holder;
      if (now != null && now.owner() == owner) {
        depth = 0;
        holder = null;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }
}
