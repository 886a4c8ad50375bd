// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.pcsc;

import dev.strongroom.core.transport.TransportEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Looks now and then whether a card is in a reader, and tells when that changes.
 *
 * <p>It asks instead of waiting for an event of the driver: a wait would keep the connection to the
 * service, and every APDU, until its end. The service itself asks its readers every 400 ms or so; a
 * card that is swapped in between is noticed by its reader's errors only.
 *
 * <p>Thread safety: thread-safe.
 */
final class PresenceWatch implements AutoCloseable {

  private static final long INTERVAL_NANOS = 250_000_000;

  private final BooleanSupplier card;
  private final List<Consumer<TransportEvent>> listeners = new CopyOnWriteArrayList<>();
  private final Thread thread;
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

  /** Another one has seen that there is a card. */
  void arrived() {
    if (change(TransportEvent.ARRIVED)) {
      tell(TransportEvent.ARRIVED);
    }
  }

  /** Another one has seen that the card has gone. */
  void left() {
    if (change(TransportEvent.LEFT)) {
      tell(TransportEvent.LEFT);
    }
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
      for (long left = INTERVAL_NANOS; !closed && left > 0; left = end - System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
      return !closed;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private synchronized boolean change(TransportEvent event) {
    boolean now = event == TransportEvent.ARRIVED;
    if (closed || present == now) {
      return false;
    }
    present = now;
    return true;
  }

  private void tell(TransportEvent event) {
    listeners.forEach(listener -> listener.accept(event));
  }
}
