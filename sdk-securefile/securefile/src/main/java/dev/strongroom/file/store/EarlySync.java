// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.store;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Syncs of one file that begin when much waits for them, while its writer goes on: otherwise the
 * medium would only begin to write when somebody waits for it.
 *
 * <p>A system reports an error of the medium once only. One that came early is therefore kept, and
 * every later sync reports it.
 *
 * <p>Thread safety: thread-safe.
 */
final class EarlySync {

  /** A sync begins when so many bytes wait for it. */
  static final long BYTES = 16 << 20;

  /** Makes durable what was written to the file. */
  interface Sync {
    void run() throws IOException;
  }

  private final Executor executor;
  private final Sync sync;
  private long unsynced; // guarded by this
  private @Nullable FutureTask<?> last; // guarded by this
  private @Nullable IOException failure; // guarded by this

  EarlySync(Executor executor, Sync sync) {
    this.executor = executor;
    this.sync = sync;
  }

  /** Notes that bytes were written. */
  void written(int bytes) {
    FutureTask<?> next;
    synchronized (this) {
      unsynced += bytes;
      if (unsynced < BYTES || (last != null && !last.isDone())) {
        return;
      }
      unsynced = 0;
      next = new FutureTask<>(this::begin, null);
      last = next;
    }
    executor.execute(next);
  }

  private void begin() {
    try {
      sync.run();
    } catch (IOException e) {
      synchronized (this) {
        failure = e;
      }
    }
  }

  /**
   * Waits for what has begun, or does it, if no thread has come to it.
   *
   * @throws IOException if it has failed, now or earlier
   */
  void finish() throws IOException {
    FutureTask<?> begun;
    synchronized (this) {
      begun = last;
      unsynced = 0;
    }
    if (begun != null) {
      begun.run();
      await(begun);
    }
    synchronized (this) {
      if (failure != null) {
        throw new IOException("an earlier sync of the file failed", failure);
      }
    }
  }

  /** Waits for a sync; an interrupt stays for later. */
  static void await(Future<?> sync) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          sync.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw new IOException("syncing a file failed", e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
