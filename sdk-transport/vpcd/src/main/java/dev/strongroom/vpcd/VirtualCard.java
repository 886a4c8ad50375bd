// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.vpcd;

import dev.strongroom.core.apdu.Atr;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportEvent;
import dev.strongroom.core.transport.TransportException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An element as a card in a virtual reader of the operating system, until it is closed.
 *
 * <pre>{@code
 * try (VirtualCard card = VirtualCard.insert(element, VirtualCard.DEFAULT_READER)) {
 *   card.awaitInserted(Duration.ofSeconds(5));
 *   // opensc-tool -l, pcsc_scan and other programs see it now.
 * }
 * }</pre>
 *
 * <p>A thread of its own answers the reader: Answer to Reset, power on, power off, reset and APDUs
 * (protocol of vpcd, frames of 1 to 65535 bytes). The card is out of the reader while the element
 * is not present, while the reader's service does not run, and after an APDU that the element did
 * not answer; it goes back in by itself. An answer that fits no frame is such a failure. A reader
 * holds one card: a second one waits, out of the reader, until the first has gone.
 *
 * <p>The element stays the caller's, who closes it afterwards and does not use it in between. It
 * must be one that {@linkplain Transport#leavesProcess() leaves the process}, so that it insists on
 * the secure channel.
 *
 * <p>Thread safety: thread-safe.
 */
public final class VirtualCard implements AutoCloseable {

  /** Port of the first virtual reader; further ones have the ports after it. */
  public static final int DEFAULT_PORT = 35_963;

  /** The first virtual reader on this machine. */
  public static final InetSocketAddress DEFAULT_READER =
      InetSocketAddress.createUnresolved("localhost", DEFAULT_PORT);

  private static final Logger LOG = LoggerFactory.getLogger(VirtualCard.class);

  private static final byte POWER_OFF = 0;
  private static final byte POWER_ON = 1;
  private static final byte RESET = 2;
  private static final byte GET_ATR = 4;

  private static final long RETRY_MILLIS = 200;
  private static final long CLOSE_MILLIS = 2_000;

  private final Transport element;
  private final InetSocketAddress reader;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable ReaderConnection connection; // guarded by lock
  private boolean inserted; // guarded by lock
  private boolean closed; // guarded by lock

  private VirtualCard(Transport element, InetSocketAddress reader) {
    this.element = element;
    this.reader = reader;
    this.thread = new Thread(this::serve, "strongroom-vpcd-" + reader.getPort());
    thread.setDaemon(true);
  }

  /**
   * Puts an element into a reader, now or as soon as both are there.
   *
   * @param element how it is reached; used by this card alone until it is closed
   * @param reader where vpcd listens for cards, resolved anew at each attempt
   * @return the card, which the caller closes
   * @throws IllegalArgumentException if the element does not leave the process: it would take PINs
   *     and give keys in clear
   */
  public static VirtualCard insert(Transport element, InetSocketAddress reader) {
    if (!element.leavesProcess()) {
      throw new IllegalArgumentException(
          element.name() + " takes PINs in clear; give what its exposed() gives");
    }
    VirtualCard card = new VirtualCard(element, reader);
    element.listen(
        event -> {
          if (event == TransportEvent.LEFT) {
            card.eject();
          }
        });
    card.thread.start();
    return card;
  }

  /**
   * Whether the reader has asked for the card's Answer to Reset, as it does when it sees a card.
   *
   * @return whether the card is in the reader now
   */
  public boolean isInserted() {
    lock.lock();
    try {
      return inserted;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the card is in the reader.
   *
   * @param atMost how long
   * @return false if the time is up or the card was closed
   * @throws InterruptedException if the thread is interrupted
   */
  public boolean awaitInserted(Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lock();
    try {
      while (!inserted && !closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      return inserted;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Pulls the card out of the reader for good and switches the element off. An APDU that the
   * element is working on is not answered any more. Idempotent.
   */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    eject();
    if (Thread.currentThread() == thread) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return "VirtualCard[" + element.name() + " in " + reader + "]";
  }

  private void serve() {
    while (true) {
      try {
        if (element.isPresent()) {
          Atr atr = element.powerOn();
          element.powerOff();
          serve(atr);
        }
      } catch (IOException | RuntimeException e) {
        LOG.debug("the card {} is out of the reader {}: {}", element.name(), reader, e.toString());
      } finally {
        eject();
        powerOff();
      }
      if (!pause()) {
        return;
      }
    }
  }

  private void serve(Atr atr) throws IOException {
    try (ReaderConnection open = ReaderConnection.to(reader)) {
      if (!adopt(open)) {
        return;
      }
      while (true) {
        byte[] frame = open.receive();
        try {
          if (frame.length > 1) {
            answer(open, frame);
          } else {
            control(open, frame[0], atr);
          }
        } finally {
          Arrays.fill(frame, (byte) 0);
        }
      }
    }
  }

  private void control(ReaderConnection open, byte what, Atr atr) throws IOException {
    switch (what) {
      case POWER_OFF -> element.powerOff();
      case POWER_ON, RESET -> element.powerOn();
      case GET_ATR -> {
        open.send(atr.bytes().toByteArray());
        insertionSeen();
      }
      default -> LOG.debug("the reader {} sent an unknown control byte {}", reader, what);
    }
  }

  private void answer(ReaderConnection open, byte[] command) throws IOException {
    byte[] response = element.transmit(command);
    try {
      if (response.length < 2 || response.length > ReaderConnection.MAX_FRAME) {
        throw new IOException("an answer of " + response.length + " bytes fits no frame");
      }
      open.send(response);
    } finally {
      Arrays.fill(response, (byte) 0);
    }
  }

  private boolean adopt(ReaderConnection open) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      connection = open;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void insertionSeen() {
    lock.lock();
    try {
      if (!inserted && connection != null) {
        inserted = true;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void eject() {
    lock.lock();
    try {
      inserted = false;
      if (connection != null) {
        connection.close();
        connection = null;
      }
    } catch (IOException e) {
      LOG.debug("closing the connection to the reader {}", reader, e);
    } finally {
      lock.unlock();
    }
  }

  private void powerOff() {
    try {
      element.powerOff();
    } catch (TransportException | RuntimeException e) {
      LOG.debug("switching off {}", element.name(), e);
    }
  }

  /** Waits until the next attempt; false once the card is closed. */
  private boolean pause() {
    long left = TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS);
    lock.lock();
    try {
      while (!closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      return !closed;
    } catch (InterruptedException e) {
      return false;
    } finally {
      lock.unlock();
    }
  }
}
