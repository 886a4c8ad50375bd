// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EarlySyncTest {

  private static final int HALF = (int) EarlySync.BYTES / 2;

  private final AtomicInteger syncs = new AtomicInteger();
  private final Queue<Runnable> waiting = new ArrayDeque<>();

  @Test
  void beginsOnceEnoughWaits() throws IOException {
    EarlySync early = new EarlySync(Runnable::run, syncs::incrementAndGet);
    early.written(HALF);
    assertThat(syncs).hasValue(0);
    early.written(HALF);
    assertThat(syncs).hasValue(1);
    early.written(HALF);
    early.finish();
    early.written(HALF);
    assertThat(syncs).hasValue(1);
    early.written(HALF);
    assertThat(syncs).hasValue(2);
  }

  @Test
  void oneAtATimeAndDoneByTheWaiterIfNobodyElseHasBegun() throws IOException {
    EarlySync early = new EarlySync(waiting::add, syncs::incrementAndGet);
    for (int i = 0; i < 10; i++) {
      early.written(HALF);
    }
    assertThat(waiting).hasSize(1);
    early.finish();
    assertThat(syncs).hasValue(1);
    waiting.remove().run();
    assertThat(syncs).hasValue(1);
  }

  @Test
  void aFailureIsReportedByEverySyncFromThenOn() {
    EarlySync early =
        new EarlySync(
            Runnable::run,
            () -> {
              if (syncs.incrementAndGet() == 1) {
                throw new IOException("medium");
              }
            });
    early.written(2 * HALF);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(early::finish)
          .isInstanceOf(IOException.class)
          .hasRootCauseMessage("medium");
      early.written(2 * HALF);
    }
  }

  @Test
  void theWaiterWaitsForOneThatRunsAndKeepsItsInterrupt() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    Executor thread = work -> new Thread(work).start();
    EarlySync early =
        new EarlySync(
            thread,
            () -> {
              begun.countDown();
              try {
                go.await();
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
              syncs.incrementAndGet();
            });
    early.written(2 * HALF);
    begun.await();
    new Thread(go::countDown).start();
    Thread.currentThread().interrupt();
    early.finish();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(syncs).hasValue(1);
  }
}
