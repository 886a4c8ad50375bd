// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The processors beside the caller's: one thread for each of them, up to a few, for the whole
 * process, that takes over a part of a large piece of work.
 *
 * <p>Work is only given to a thread that is free. A thread that has worked stays awake for some
 * microseconds, since the next part of a large read or write comes soon, and to wake a thread takes
 * as long as 100 KiB take to be decrypted; then it sleeps, and ends when nothing has come for
 * seconds. The JDK's common pool would not do: it drops the thread's own cipher and buffer after
 * each task.
 *
 * <p>Thread safety: thread-safe.
 */
final class SpareProcessors {

  /** More threads would not pay for the sizes of work that there are. */
  private static final int MOST = 7;

  private static final long AWAKE_NANOS = 20_000;
  private static final long ASLEEP_NANOS = 2_000_000_000;

  private static final Worker[] WORKERS =
      new Worker[Math.min(MOST, Runtime.getRuntime().availableProcessors() - 1)];

  static {
    for (int i = 0; i < WORKERS.length; i++) {
      WORKERS[i] = new Worker();
    }
  }

  private SpareProcessors() {}

  /** How many threads there are at most. */
  static int count() {
    return WORKERS.length;
  }

  /**
   * Gives work to another thread, if one will be free soon. It may come to it late, so whoever
   * waits for the work does it then, and leaves nothing to be done.
   *
   * @param work must not throw
   * @return whether a thread has taken it; if not, it is the caller's
   */
  static boolean offer(Runnable work) {
    for (Worker worker : WORKERS) {
      if (worker.take(work)) {
        return true;
      }
    }
    return false;
  }

  private static final class Worker implements Runnable {

    /** In place of work when there is no thread. */
    private static final Runnable NO_THREAD =
        new Runnable() {
          @Override
          public void run() {}
        };

    /** What is to be done next, if anything. */
    private final AtomicReference<@Nullable Runnable> work = new AtomicReference<>(NO_THREAD);

    private volatile @Nullable Thread asleep;

    boolean take(Runnable next) {
      if (work.compareAndSet(null, next)) {
        Thread sleeper = asleep;
        if (sleeper != null) {
          LockSupport.unpark(sleeper);
        }
        return true;
      }
      return work.compareAndSet(NO_THREAD, next) && begin();
    }

    private boolean begin() {
      boolean begun = false;
      try {
        Thread thread = new Thread(null, this, "strongroom-worker", 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        thread.start();
        begun = true;
      } catch (OutOfMemoryError e) {
        return false; // no more threads: the caller does it
      } finally {
        if (!begun) {
          work.set(NO_THREAD);
        }
      }
      return true;
    }

    @Override
    public void run() {
      for (Runnable next = await(); next != NO_THREAD; next = await()) {
        next.run();
      }
    }

    private Runnable await() {
      long since = System.nanoTime();
      while (true) {
        if (work.get() != null) { // read only, or the polling would slow down who gives work
          return java.util.Objects.requireNonNull(work.getAndSet(null));
        }
        long idle = System.nanoTime() - since;
        if (idle < AWAKE_NANOS) {
          Thread.onSpinWait();
        } else if (idle < ASLEEP_NANOS) {
          asleep = Thread.currentThread();
          if (work.get() == null) {
            LockSupport.parkNanos(this, ASLEEP_NANOS - idle);
          }
          asleep = null;
        } else if (work.compareAndSet(null, NO_THREAD)) {
          return NO_THREAD;
        }
      }
    }
  }
}
