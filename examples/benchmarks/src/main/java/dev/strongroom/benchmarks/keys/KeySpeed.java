// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks.keys;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How fast operations are.
 *
 * @param operations how many there were, of all threads
 * @param wallNanos from the first thread's beginning to the last one's end
 * @param processorNanos of all threads
 * @param bytes allocated by all threads
 *     <p>Thread safety: immutable.
 */
record KeySpeed(long operations, long wallNanos, long processorNanos, long bytes) {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** The clock is looked at no more often than this. */
  private static final long BATCH_NANOS = 200_000;

  /** Runs work on so many threads, for about so long. */
  static KeySpeed measure(KeyContender contender, KeyWork work, int threads, int millis)
      throws IOException, GeneralSecurityException {
    List<KeyTask> tasks = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      tasks.add(contender.task(work));
    }
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      CyclicBarrier start = new CyclicBarrier(threads);
      List<Callable<KeySpeed>> runs = new ArrayList<>();
      for (KeyTask task : tasks) {
        runs.add(
            () -> {
              start.await();
              return run(task, millis * 1_000_000L);
            });
      }
      KeySpeed all = new KeySpeed(0, 0, 0, 0);
      for (Future<KeySpeed> each : executor.invokeAll(runs)) {
        all = all.beside(each.get());
      }
      return all;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IOException(work.title() + " fails with " + contender.kind().title(), e);
    } finally {
      executor.shutdownNow();
    }
  }

  private static KeySpeed run(KeyTask task, long nanos)
      throws IOException, GeneralSecurityException {
    long operations = 0;
    int batch = 1;
    long bytes = THREADS.getCurrentThreadAllocatedBytes();
    long processor = THREADS.getCurrentThreadCpuTime();
    long begin = System.nanoTime();
    long before = begin;
    long now = begin;
    while (now - begin < nanos) {
      for (int i = 0; i < batch; i++) {
        task.run();
      }
      operations += batch;
      now = System.nanoTime();
      if (now - before < BATCH_NANOS) {
        batch *= 2;
      }
      before = now;
    }
    return new KeySpeed(
        operations,
        now - begin,
        THREADS.getCurrentThreadCpuTime() - processor,
        THREADS.getCurrentThreadAllocatedBytes() - bytes);
  }

  private KeySpeed beside(KeySpeed other) {
    return new KeySpeed(
        operations + other.operations,
        Math.max(wallNanos, other.wallNanos),
        processorNanos + other.processorNanos,
        bytes + other.bytes);
  }

  /** Operations a second of one processor's time. */
  double perProcessorSecond() {
    return operations * 1e9 / Math.max(1, processorNanos);
  }

  /** Operations a second of all threads. */
  double perSecond() {
    return operations * 1e9 / Math.max(1, wallNanos);
  }

  /** Bytes allocated by one operation. */
  double bytesPerOperation() {
    return (double) bytes / Math.max(1, operations);
  }
}
