// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.pcsc;

import dev.strongroom.core.transport.TransportTimeoutException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The thread on which all calls for one reader are made, because the driver binds a transaction to
 * its thread and because a call that does not come back must not take its caller with it.
 *
 * <p>Both sides look for one another for some microseconds before they sleep: waking a thread twice
 * would cost as much as a fast card takes for an APDU.
 *
 * <p>Thread safety: thread-safe.
 */
final class ReaderThread implements AutoCloseable {

  private static final long AWAKE_NANOS = 100_000;

  private final Queue<Call<?>> calls = new ConcurrentLinkedQueue<>();

  private final Thread thread;
  private volatile boolean asleep;
  private volatile boolean closed;

  ReaderThread(String name) {
    thread = new Thread(this::work, "strongroom-pcsc-" + name);
    thread.setDaemon(true);
    thread.start();
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
    if (closed) {
      throw new IllegalStateException("the reader is closed");
    }
    Call<T> call = new Call<>(work, abandoned);
    calls.add(call);
    if (asleep) {
      LockSupport.unpark(thread);
    }
    return call.await(timeout);
  }

  /** Does some work on the thread, after all that came before; nobody waits for it. */
  void later(Runnable work) {
    Call<Boolean> call =
        new Call<>(
            () -> {
              work.run();
              return true;
            },
            () -> {});
    calls.add(call);
    LockSupport.unpark(thread);
  }

  boolean isClosed() {
    return closed;
  }

  /** Ends the thread after the work that is queued. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }

  private void work() {
    while (true) {
      Call<?> next = calls.poll();
      if (next == null) {
        if (closed) {
          return;
        }
        next = await();
      }
      if (next != null) {
        next.run();
      }
    }
  }

  private @Nullable Call<?> await() {
    long start = System.nanoTime();
    while (System.nanoTime() - start < AWAKE_NANOS) {
      Call<?> next = calls.poll();
      if (next != null) {
        return next;
      }
      Thread.onSpinWait();
    }
    asleep = true;
    try {
      // Asked again after it has said so, or a call that comes in between would wait for ever.
      if (calls.isEmpty() && !closed) {
        LockSupport.park(this);
      }
    } finally {
      asleep = false;
    }
    return calls.poll();
  }

  private static final class Call<T> {

    private final Callable<T> work;
    private final Runnable abandoned;
    private final Thread caller = Thread.currentThread();
    private @Nullable T result; // published by done
    private @Nullable Throwable failure; // published by done
    private volatile boolean done;
    private volatile boolean asleep;
    private boolean waitedFor = true; // guarded by this

    Call(Callable<T> work, Runnable abandoned) {
      this.work = work;
      this.abandoned = abandoned;
    }

    void run() {
      synchronized (this) {
        if (!waitedFor) {
          return;
        }
      }
      try {
        result = work.call();
      } catch (Throwable e) {
        failure = e;
      }
      boolean missed;
      synchronized (this) {
        missed = !waitedFor;
        done = true;
      }
      if (missed) {
        abandoned.run();
      } else if (asleep) {
        LockSupport.unpark(caller);
      }
    }

    T await(Duration timeout) throws Exception {
      long start = System.nanoTime();
      boolean interrupted = false;
      try {
        while (!done) {
          long waited = System.nanoTime() - start;
          if (waited >= timeout.toNanos() && giveUp()) {
            throw new TransportTimeoutException(timeout);
          }
          if (waited < AWAKE_NANOS) {
            Thread.onSpinWait();
            continue;
          }
          asleep = true;
          if (!done) {
            LockSupport.parkNanos(this, timeout.toNanos() - waited);
          }
          // An APDU cannot be taken back: its answer is waited for, interrupted or not.
          interrupted |= Thread.interrupted();
        }
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
      return outcome();
    }

    private synchronized boolean giveUp() {
      if (done) {
        return false;
      }
      waitedFor = false;
      return true;
    }

    @SuppressWarnings("NullAway") // null only where the work returns null
    private T outcome() throws Exception {
      Throwable thrown = failure;
      if (thrown instanceof Exception e) {
        throw e;
      }
      if (thrown instanceof Error e) {
        throw e;
      }
      return result;
    }
  }
}
