// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.pcsc;

import dev.strongroom.core.transport.TransportEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks now and then whether a card is in a reader, and tells when that changes.
 *
 * <p>It asks instead of waiting for an event of the driver: a wait would keep the connection to the
 * service, and every APDU, until its end. The service itself asks its readers every 400 ms or so; a
 * card that is swapped in between is noticed by its reader's errors only.
 *
 * <p>Listeners are told on its own thread, in the order in which things were seen: they may ask
 * something of the card, for which the thread of the reader would wait for itself.
 *
 * <p>Thread safety: thread-safe.
 */
final class PresenceWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PresenceWatch.class);

  private static final long INTERVAL_NANOS = 250_000_000;

  private final BooleanSupplier card;
  private final List<Consumer<TransportEvent>> listeners = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private final Deque<TransportEvent> untold = new ArrayDeque<>(); // guarded by this
  private boolean present; // guarded by this
  private boolean closed; // guarded by this

  PresenceWatch(String reader, BooleanSupplier card) {
    this.card = card;
    this.present = card.getAsBoolean();
    this.thread = new Thread(this::watch, "strongroom-pcsc-watch-" + reader);
    thread.setDaemon(true);
    thread.start();
  }

  /** What was seen last, or a look at an empty reader; a card in it may keep it busy for long. */
  boolean isPresent() {
    synchronized (this) {
      if (present) {
        return true;
      }
    }
    if (!card.getAsBoolean()) {
      return false;
    }
    arrived();
    return true;
  }

  void listen(Consumer<TransportEvent> listener) {
    listeners.add(listener);
  }

  /** There is a card, as somebody has seen. */
  void arrived() {
    change(TransportEvent.ARRIVED);
  }

  /** The card has gone, as somebody has seen. */
  void left() {
    change(TransportEvent.LEFT);
  }

  /** Tells nothing from now on. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
  }

  private void watch() {
    while (pause()) {
      for (TransportEvent event = next(); event != null; event = next()) {
        tell(event);
      }
      if (card.getAsBoolean()) {
        arrived();
      } else {
        left();
      }
    }
  }

  private synchronized boolean pause() {
    long end = System.nanoTime() + INTERVAL_NANOS;
    try {
      for (long left = INTERVAL_NANOS;
          !closed && untold.isEmpty() && left > 0;
          left = end - System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
      return !closed;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private synchronized @Nullable TransportEvent next() {
    return closed ? null : untold.poll();
  }

  private synchronized void change(TransportEvent event) {
    boolean now = event == TransportEvent.ARRIVED;
    if (closed || present == now) {
      return;
    }
    present = now;
    untold.add(event);
    notifyAll();
  }

  private void tell(TransportEvent event) {
    for (Consumer<TransportEvent> listener : listeners) {
      try {
        listener.accept(event);
      } catch (RuntimeException e) {
        LOG.warn("a listener failed when it was told {}", event, e);
      }
    }
  }
}
