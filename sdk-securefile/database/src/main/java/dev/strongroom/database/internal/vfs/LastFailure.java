// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.vfs;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong under a call into SQLite, which reports only a number.
 *
 * <p>Thread safety: each thread has its own; callbacks come on the thread that called.
 */
public final class LastFailure {

  private static final ThreadLocal<Throwable> FAILURE = new ThreadLocal<>();

  /** How many threads keep one; almost always none, and then there is nothing to look up. */
  private static final AtomicInteger KEPT = new AtomicInteger();

  private LastFailure() {}

  /** Keeps a failure, unless an earlier one is kept: that is the cause. */
  static void record(Throwable failure) {
    Throwable earlier = FAILURE.get();
    if (earlier == null) {
      FAILURE.set(failure);
      KEPT.incrementAndGet();
    } else if (earlier != failure) {
      earlier.addSuppressed(failure);
    }
  }

  /** Forgets what went wrong before. */
  public static void clear() {
    take();
  }

  /** What has gone wrong since, which is forgotten then; null if nothing has. */
  public static @Nullable Throwable take() {
    if (KEPT.get() == 0) {
      return null;
    }
    Throwable failure = FAILURE.get();
    if (failure != null) {
      FAILURE.remove();
      KEPT.decrementAndGet();
    }
    return failure;
  }
}
