// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.pcsc;

import dev.strongroom.core.transport.TransportTimeoutException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Makes the calls for one reader, one at a time: on a thread of its own, because the driver binds a
 * transaction to its thread and because a call that does not come back must not take its caller
 * with it, or, where neither matters, on the caller's, which saves waking two threads an APDU.
 *
 * <p>Thread safety: thread-safe.
 */
final class ReaderThread implements AutoCloseable {

  private final ThreadPoolExecutor executor;

  /** Held during each call, on whichever thread. */
  private final ReentrantLock busy = new ReentrantLock();

  ReaderThread(String reader) {
    executor =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "strongroom-pcsc-" + reader);
              thread.setDaemon(true);
              return thread;
            },
            // After close() there is no card to do anything about; who waits is told at once.
            (work, closed) -> {
              if (work instanceof FutureTask<?> awaited) {
                awaited.cancel(false);
              }
            });
  }

  /**
   * Does some work on the thread, after all that came before.
   *
   * @param timeout how long to wait for it
   * @param abandoned what else is done on the thread if the work ends after the timeout
   * @return what the work returns
   * @throws TransportTimeoutException if it is not done in time; it goes on if it has begun
   * @throws Exception what the work throws
   */
  <T> T call(Duration timeout, Callable<T> work, Runnable abandoned) throws Exception {
    requireOpen();
    Attempt<T> attempt = new Attempt<>(work, abandoned);
    FutureTask<T> task = new FutureTask<>(attempt);
    executor.execute(task);
    long start = System.nanoTime();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get(timeout.toNanos() - (System.nanoTime() - start), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
          if (attempt.abandon()) {
            throw new TransportTimeoutException(timeout);
          }
        } catch (InterruptedException e) {
          // An APDU cannot be taken back: its answer is waited for all the same.
          interrupted = true;
        }
      }
    } catch (CancellationException e) {
      throw new IllegalStateException("the reader is closed", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Does some work on the caller's thread, once no other is under way.
   *
   * @param patience how long to wait for others
   * @return what the work returns
   * @throws TransportTimeoutException if another call does not end in time
   * @throws Exception what the work throws
   */
  <T> T callHere(Duration patience, Callable<T> work) throws Exception {
    requireOpen();
    if (!busy.tryLock()) {
      lock(patience);
    }
    try {
      return work.call();
    } finally {
      busy.unlock();
    }
  }

  /** Does some work on the thread, after all that came before; nobody waits for it. */
  void later(Runnable work) {
    executor.execute(
        () -> {
          busy.lock();
          try {
            work.run();
          } finally {
            busy.unlock();
          }
        });
  }

  boolean isClosed() {
    return executor.isShutdown();
  }

  /** Ends the thread after the work that is queued. */
  @Override
  public void close() {
    executor.shutdown();
  }

  private void requireOpen() {
    if (isClosed()) {
      throw new IllegalStateException("the reader is closed");
    }
  }

  private void lock(Duration patience) throws TransportTimeoutException {
    long start = System.nanoTime();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          if (busy.tryLock(
              patience.toNanos() - (System.nanoTime() - start), TimeUnit.NANOSECONDS)) {
            return;
          }
          throw new TransportTimeoutException(patience);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Work that somebody waits for, until the time is up. */
  private final class Attempt<T> implements Callable<T> {

    private enum State {
      QUEUED,
      RUNNING,
      DONE,
      ABANDONED
    }

    private final Callable<T> work;
    private final Runnable abandoned;
    private State state = State.QUEUED; // guarded by this

    Attempt(Callable<T> work, Runnable abandoned) {
      this.work = work;
      this.abandoned = abandoned;
    }

    @Override
    public T call() throws Exception {
      busy.lock();
      try {
        if (!advance(State.QUEUED, State.RUNNING)) {
          throw new IllegalStateException("nobody waits for it");
        }
        try {
          return work.call();
        } finally {
          if (!advance(State.RUNNING, State.DONE)) {
            abandoned.run();
          }
        }
      } finally {
        busy.unlock();
      }
    }

    /** False if the work was done after all. */
    synchronized boolean abandon() {
      if (state == State.DONE) {
        return false;
      }
      state = State.ABANDONED;
      return true;
    }

    private synchronized boolean advance(State from, State to) {
      if (state != from) {
        return false;
      }
      state = to;
      return true;
    }
  }
}
