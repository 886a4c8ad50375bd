// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.pcsc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.transport.TransportEvent;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a watch tells, and where; needs no reader. */
@Tag("jdk25")
class PresenceWatchTest {

  private record Told(TransportEvent event, Thread on) {}

  /** On the reader's thread a listener that asks for anything of the card would wait for itself. */
  @Test
  void whoSawTheCardGoIsNotTheOneWhoTells() throws Exception {
    BlockingQueue<Told> told = new LinkedBlockingQueue<>();
    try (PresenceWatch watch = new PresenceWatch("none", () -> true)) {
      watch.listen(
          event -> {
            throw new IllegalStateException("a listener that fails");
          });
      watch.listen(event -> told.add(new Told(event, Thread.currentThread())));
      watch.left();
      assertThat(told.poll(10, TimeUnit.SECONDS))
          .satisfies(
              first -> {
                assertThat(first.event()).isEqualTo(TransportEvent.LEFT);
                assertThat(first.on()).isNotSameAs(Thread.currentThread());
              });
      // It looks again, and sees the card.
      assertThat(told.poll(10, TimeUnit.SECONDS))
          .satisfies(next -> assertThat(next.event()).isEqualTo(TransportEvent.ARRIVED));
    }
  }
}
