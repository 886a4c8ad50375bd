// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.store.StoreFile;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The write of one run of sectors to its place, beside the caller, who encrypts the next run
 * meanwhile: by another thread, or, if none is free, or has not begun it when somebody wants it to
 * be done, by that one.
 *
 * <p>Takes no lock but the store's.
 *
 * <p>Thread safety: {@link #run} is thread-safe; the rest is guarded by the file's lock.
 */
final class WriteBehind implements Runnable {

  final long first;
  final int count;
  final RunBuffer buffer;
  private final StoreFile file;
  private final long position;
  private final int bytes;
  private final AtomicBoolean begun = new AtomicBoolean();
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile @Nullable Throwable failure;

  /** A write of so many sectors; takes over the buffer, and gives it back when it has succeeded. */
  WriteBehind(StoreFile file, long position, int bytes, RunBuffer buffer, long first, int count) {
    this.file = file;
    this.position = position;
    this.bytes = bytes;
    this.buffer = buffer;
    this.first = first;
    this.count = count;
  }

  void start() {
    if (!SpareProcessors.offer(this)) {
      run();
    }
  }

  @Override
  public void run() {
    if (begun.compareAndSet(false, true)) {
      try {
        file.write(position, buffer.cipher, 0, bytes);
        buffer.close();
      } catch (Throwable e) {
        failure = e; // an Error too, or what was not written would count as written
      } finally {
        done.countDown();
      }
    }
  }

  /** Waits until it is done; answers whether it has failed, and so still has its buffer. */
  boolean hasFailed() {
    run();
    boolean interrupted = false;
    while (true) {
      try {
        done.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return failure != null;
  }
}
