// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.file.internal.crypto.SectorKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One element command that asks for the keys of a run of crypto pages of one file, and hands them
 * to its {@link PageKeys}.
 *
 * <p>Runs once, in the thread that comes first: the executor that it was given to, or a reader that
 * cannot go on without it.
 *
 * <p>Thread safety: thread-safe. Runs without the file's lock, which it takes to hand the keys
 * over.
 */
final class PageFetch implements Runnable {

  /**
   * How long somebody waits for an answer that another thread has asked for, in milliseconds. After
   * that it asks by itself: the other one may wait for this very thread, which holds the element.
   */
  private static final long PATIENCE_MILLIS = 1000;

  final long first;
  final int count;
  private final PageKeys keys;
  private final AtomicBoolean begun = new AtomicBoolean();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable Exception failure;

  PageFetch(PageKeys keys, long first, int count) {
    this.keys = keys;
    this.first = first;
    this.count = count;
  }

  boolean covers(long page) {
    return page >= first && page < first + count;
  }

  @Override
  public void run() {
    if (!begun.compareAndSet(false, true)) {
      return;
    }
    List<SectorKey> answers = new ArrayList<>(count);
    try {
      ask(answers);
    } catch (IOException | RuntimeException e) {
      failure = e;
    } finally {
      keys.take(this, answers);
      ended.countDown();
    }
  }

  private void ask(List<SectorKey> answers) throws IOException {
    FileNode node = keys.node;
    KeyRequest file = KeyRequest.of(node.header);
    List<SecretBytes> grubs = node.volume.pageKeys(file, first, count);
    try {
      for (SecretBytes grub : grubs) {
        answers.add(SectorKey.of(grub));
      }
    } finally {
      grubs.forEach(SecretBytes::close);
    }
  }

  /** Runs it, or waits a while for the thread that does; not with the file's lock. */
  void await() {
    run();
    boolean interrupted = false;
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    for (boolean waiting = true; waiting; ) {
      try {
        ended.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        waiting = false;
      } catch (InterruptedException e) {
        interrupted = true; // the keys are wanted none the less
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Throws what went wrong; for the thread that has run it. */
  void check() throws IOException {
    Exception problem = failure;
    if (problem instanceof IOException e) {
      throw e;
    }
    if (problem instanceof RuntimeException e) {
      throw e;
    }
  }
}
