// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An executor whose time stands still until the test moves it, and which runs everything on the
 * thread that moves it.
 *
 * <p>It is a clock also, so that a volume gets its times and its timer from one place.
 *
 * <p>Thread safety: thread-safe; a task runs without any lock held.
 */
public final class ManualExecutor extends AbstractExecutorService
    implements ScheduledExecutorService, InstantSource {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final List<Task<?>> tasks = new ArrayList<>();
  private long now;
  private long sequence;
  private boolean shutdown;

  /** Makes an executor with nothing to do, at the beginning of its time. */
  public ManualExecutor() {}

  /**
   * Moves the time and runs what becomes due, in order of its time.
   *
   * @param time by how much, zero for what is due already
   * @return how many tasks ran
   */
  public int advance(Duration time) {
    long end;
    synchronized (this) {
      end = now + time.toNanos();
    }
    int count = 0;
    for (Task<?> task = next(end); task != null; task = next(end)) {
      task.perform();
      count++;
    }
    synchronized (this) {
      now = Math.max(now, end);
    }
    return count;
  }

  /**
   * How many tasks wait for their time.
   *
   * @return the number
   */
  public synchronized int waiting() {
    return tasks.size();
  }

  private synchronized @Nullable Task<?> next(long end) {
    Task<?> first = tasks.stream().min(Comparator.naturalOrder()).orElse(null);
    if (first == null || first.due > end) {
      return null;
    }
    tasks.remove(first);
    now = Math.max(now, first.due);
    return first;
  }

  @Override
  public synchronized Instant instant() {
    return START.plusNanos(now);
  }

  @Override
  public void execute(Runnable command) {
    add(new Task<>(Executors.callable(command), 0, 0));
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    return add(new Task<>(Executors.callable(command), unit.toNanos(delay), 0));
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
    return add(new Task<>(callable, unit.toNanos(delay), 0));
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable command, long initialDelay, long period, TimeUnit unit) {
    return add(
        new Task<>(Executors.callable(command), unit.toNanos(initialDelay), unit.toNanos(period)));
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    return scheduleAtFixedRate(command, initialDelay, delay, unit);
  }

  @CanIgnoreReturnValue
  private synchronized <V> Task<V> add(Task<V> task) {
    if (shutdown) {
      throw new RejectedExecutionException("the executor is shut down");
    }
    tasks.add(task);
    return task;
  }

  @Override
  public synchronized void shutdown() {
    shutdown = true;
    tasks.clear();
  }

  @Override
  public synchronized List<Runnable> shutdownNow() {
    List<Runnable> rest = new ArrayList<>(tasks);
    shutdown();
    return rest;
  }

  @Override
  public synchronized boolean isShutdown() {
    return shutdown;
  }

  @Override
  public boolean isTerminated() {
    return isShutdown();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return isShutdown();
  }

  private final class Task<V> extends FutureTask<V> implements ScheduledFuture<V> {

    private final long period;
    private final long number;
    private long due;

    Task(Callable<V> callable, long delay, long period) {
      super(callable);
      synchronized (ManualExecutor.this) {
        this.due = now + Math.max(0, delay);
        this.number = sequence++;
      }
      this.period = period;
    }

    void perform() {
      if (period == 0) {
        run();
      } else if (runAndReset()) {
        synchronized (ManualExecutor.this) {
          due += period;
          if (!shutdown) {
            tasks.add(this);
          }
        }
      }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      synchronized (ManualExecutor.this) {
        tasks.remove(this);
      }
      return super.cancel(mayInterruptIfRunning);
    }

    @Override
    public long getDelay(TimeUnit unit) {
      synchronized (ManualExecutor.this) {
        return unit.convert(due - now, TimeUnit.NANOSECONDS);
      }
    }

    @Override
    public int compareTo(Delayed other) {
      if (other instanceof Task<?> task) {
        int byTime = Long.compare(due, task.due);
        return byTime != 0 ? byTime : Long.compare(number, task.number);
      }
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }
}
