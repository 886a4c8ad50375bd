// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs a commit a while after the first change that waits for one.
 *
 * <p>Thread safety: thread-safe.
 */
final class CommitTimer {

  /** How long a change waits at most, in milliseconds. */
  static final long DELAY_MILLIS = 1000;

  private final long delayMillis;

  private final @Nullable ScheduledExecutorService given;
  private final Runnable commit;
  private @Nullable ScheduledExecutorService own; // guarded by this
  private @Nullable ScheduledFuture<?> scheduled; // guarded by this
  private boolean stopped; // guarded by this

  /**
   * Makes a timer that is not running.
   *
   * @param given the executor, or null for a daemon thread made at the first start
   * @param delayMillis how long it waits
   * @param commit what it runs
   */
  CommitTimer(@Nullable ScheduledExecutorService given, long delayMillis, Runnable commit) {
    this.delayMillis = delayMillis;
    this.given = given;
    this.commit = commit;
  }

  /**
   * Starts the timer unless it runs already.
   *
   * @return false if the executor takes no more work
   */
  synchronized boolean start() {
    if (scheduled == null && !stopped) {
      try {
        scheduled = executor().schedule(this::run, delayMillis, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        return false;
      }
    }
    return true;
  }

  /**
   * Runs something else on the same executor.
   *
   * @return false if it takes no more work
   */
  synchronized boolean execute(Runnable task) {
    if (stopped) {
      return false;
    }
    try {
      executor().execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  private void run() {
    synchronized (this) {
      scheduled = null;
    }
    commit.run();
  }

  /** Stops for good; a commit under way goes on. */
  synchronized void stop() {
    stopped = true;
    if (scheduled != null) {
      scheduled.cancel(false);
      scheduled = null;
    }
    if (own != null) {
      own.shutdown();
    }
  }

  private ScheduledExecutorService executor() {
    if (given != null) {
      return given;
    }
    if (own == null) {
      own =
          Executors.newSingleThreadScheduledExecutor(
              task -> {
                Thread thread = new Thread(task, "strongroom-commit");
                thread.setDaemon(true);
                return thread;
              });
    }
    return own;
  }
}
