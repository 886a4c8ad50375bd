// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.pcsc;

import dev.strongroom.core.apdu.Atr;
import dev.strongroom.core.transport.ElementInUseException;
import dev.strongroom.core.transport.ElementNotFoundException;
import dev.strongroom.core.transport.ElementRemovedException;
import dev.strongroom.core.transport.FrameException;
import dev.strongroom.core.transport.LinkLostException;
import dev.strongroom.core.transport.ReaderNotFoundException;
import dev.strongroom.core.transport.ResponseTooLongException;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportEvent;
import dev.strongroom.core.transport.TransportException;
import dev.strongroom.core.transport.TransportLimits;
import dev.strongroom.core.transport.TransportTimeoutException;
import dev.strongroom.pcsc.ConnectedCard.Afterwards;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import javax.smartcardio.CardException;
import javax.smartcardio.CardNotPresentException;
import javax.smartcardio.CardTerminal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The link to the card in one reader; see the package for its states.
 *
 * <p>Thread safety: as every {@link Transport}; the card is confined to the calls of its {@link
 * ReaderThread}.
 */
final class PcscTransport implements Transport {

  private static final Logger LOG = LoggerFactory.getLogger(PcscTransport.class);

  /** Where APDUs are handed to the driver. */
  private enum Calls {
    /** Nobody could give up waiting for an answer. */
    ON_CALLERS_THREAD,
    /** An answer may be too late, or the driver insists on the thread. */
    ON_READERS_THREAD
  }

  private static final Duration NEVER = Duration.ofDays(36_500);

  /** Who connects to a card waits in the driver as long as another program has its transaction. */
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** In that time the service, which looks every 400 ms, has seen what became of a card. */
  private static final long SETTLE_NANOS = 600_000_000;

  private static final int HEADER = 4;

  private final SmartCardService service = SmartCardService.get();
  private final String reader;
  private final String name;
  private final Duration timeout;
  private final Calls calls;
  private final PcscAddress.Apdus apdus;
  private final ReaderThread thread;
  private final PresenceWatch watch;
  private final ReaderLock lock; // confined to calls of thread
  private @Nullable ConnectedCard card; // confined to calls of thread
  private @Nullable Atr known; // confined to calls of thread
  private boolean failed; // confined to calls of thread
  private long failedAt; // confined to calls of thread
  private volatile TransportLimits limits = TransportLimits.SHORT;
  private volatile boolean overdue;

  /**
   * Takes a reader.
   *
   * @param reader its name
   * @param address the rest of what the element's URI says
   */
  PcscTransport(String reader, PcscAddress address) {
    this.reader = reader;
    this.name = PcscAddress.SCHEME + ":" + reader;
    this.timeout = address.timeout() == null ? NEVER : address.timeout();
    this.calls =
        address.timeout() == null && service.unbindsCards()
            ? Calls.ON_CALLERS_THREAD
            : Calls.ON_READERS_THREAD;
    this.apdus = address.apdus();
    this.lock = new ReaderLock(reader, name);
    this.thread = new ReaderThread(reader);
    this.watch = new PresenceWatch(reader, () -> service.hasCard(reader));
    watch.listen(
        event -> {
          if (event == TransportEvent.LEFT) {
            thread.later(this::dropIfGone);
          }
        });
  }

  @Override
  public Atr powerOn() throws TransportException {
    Duration patience =
        overdue || timeout.compareTo(CONNECT_TIMEOUT) < 0 ? timeout : CONNECT_TIMEOUT;
    try {
      return call(patience, this::connect, this::powerDown);
    } catch (TransportTimeoutException e) {
      if (overdue || !watch.isPresent()) {
        throw e;
      }
      ElementInUseException inUse = new ElementInUseException(name);
      inUse.addSuppressed(e);
      throw inUse;
    }
  }

  @Override
  public byte[] transmit(byte[] command) throws TransportException {
    if (command.length < HEADER) {
      throw new IllegalArgumentException("a command APDU has at least 4 bytes");
    }
    // A copy, because the caller zeroes the command when the time is up and the driver is not done.
    byte[] copy = command.clone();
    if (calls == Calls.ON_CALLERS_THREAD) {
      return here(() -> exchange(copy));
    }
    try {
      return call(
          timeout,
          () -> exchange(copy),
          () -> {
            fail();
            overdue = false;
          });
    } catch (TransportTimeoutException e) {
      overdue = true;
      throw e;
    }
  }

  @Override
  public void powerOff() throws TransportException {
    call(
        timeout,
        () -> {
          powerDown();
          return true;
        },
        () -> {});
  }

  @Override
  public TransportLimits limits() {
    return limits;
  }

  @Override
  public LostAnswer lostAnswer() {
    return LostAnswer.MAY_BE_EXECUTED;
  }

  @Override
  public boolean leavesProcess() {
    return true;
  }

  @Override
  public boolean isPresent() {
    return watch.isPresent();
  }

  @Override
  public void listen(Consumer<TransportEvent> listener) {
    watch.listen(listener);
  }

  @Override
  public String name() {
    return name;
  }

  /** Does not wait for a card that is overdue; it is let go of when it answers. */
  @Override
  public void close() {
    watch.close();
    if (thread.isClosed()) {
      return;
    }
    try {
      thread.call(
          CONNECT_TIMEOUT,
          () -> {
            powerDown();
            return true;
          },
          () -> {});
    } catch (Exception e) {
      LOG.debug("closing {}", name, e);
      thread.later(this::powerDown);
    }
    thread.close();
  }

  @Override
  public String toString() {
    return "PcscTransport[" + name + "]";
  }

  private <T> T call(Duration patience, Callable<T> work, Runnable abandoned)
      throws TransportException {
    try {
      return thread.call(patience, work, abandoned);
    } catch (TransportException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new LinkLostException(name, LinkLostException.Outcome.UNKNOWN, e);
    }
  }

  private <T> T here(Callable<T> work) throws TransportException {
    try {
      return thread.callHere(timeout, work);
    } catch (TransportException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new LinkLostException(name, LinkLostException.Outcome.UNKNOWN, e);
    }
  }

  private Atr connect() throws TransportException {
    drop(Afterwards.LEFT_AS_IT_IS);
    lock.acquire();
    try {
      settle();
      ConnectedCard connected = connected();
      Atr atr = connected.atr();
      if (known != null && !known.equals(atr)) {
        connected.discard(Afterwards.RESET);
        throw new ElementRemovedException(name);
      }
      known = atr;
      card = connected;
      limits = apdus == PcscAddress.Apdus.SHORT ? TransportLimits.SHORT : connected.limits();
      watch.arrived();
      return atr;
    } catch (IllegalArgumentException e) {
      throw new FrameException("the Answer to Reset of the card in " + name + " is malformed", e);
    } catch (RuntimeException e) {
      throw new LinkLostException(name, LinkLostException.Outcome.NOT_EXECUTED, e);
    } finally {
      if (card == null) {
        lock.release();
      }
    }
  }

  private ConnectedCard connected() throws TransportException {
    CardTerminal terminal = service.reader(reader);
    try {
      return service.connect(terminal);
    } catch (CardException e) {
      if (!ServiceFault.of(e).serviceIsGone()) {
        throw notConnected(e);
      }
      LOG.debug("the connection to the service of {} is dead", name, e);
    }
    try {
      return service.connect(service.again(reader, terminal));
    } catch (CardException e) {
      throw notConnected(e);
    }
  }

  private TransportException notConnected(CardException e) {
    ServiceFault fault = ServiceFault.of(e);
    TransportException error;
    if (e instanceof CardNotPresentException || fault == ServiceFault.NO_SMARTCARD) {
      watch.left();
      error =
          known == null ? new ElementNotFoundException(name) : new ElementRemovedException(name);
    } else if (fault.readerIsGone()) {
      watch.left();
      error = new ReaderNotFoundException(reader);
    } else if (fault == ServiceFault.SHARING_VIOLATION) {
      error = new ElementInUseException(name);
    } else if (fault.cardIsMute()) {
      return new FrameException(
          "the card in " + name + " gives no Answer to Reset; is it in the right way round?", e);
    } else {
      return new LinkLostException(name, LinkLostException.Outcome.NOT_EXECUTED, e);
    }
    error.addSuppressed(e);
    return error;
  }

  private byte[] exchange(byte[] command) throws TransportException {
    ConnectedCard now = card;
    if (now == null) {
      throw new ElementRemovedException(name);
    }
    byte[] response;
    try {
      response = now.transmit(command);
    } catch (CardException e) {
      fail();
      throw notExchanged(e);
    } catch (RuntimeException e) {
      fail();
      throw new LinkLostException(name, LinkLostException.Outcome.UNKNOWN, e);
    } finally {
      Arrays.fill(command, (byte) 0);
    }
    if (response.length < 2) {
      fail();
      // Drivers give an empty answer for a card that was pulled out under the command.
      throw response.length == 0
          ? new LinkLostException(name, LinkLostException.Outcome.UNKNOWN, null)
          : new FrameException("an answer of 1 byte");
    }
    return response;
  }

  private TransportException notExchanged(CardException e) {
    ServiceFault fault = ServiceFault.of(e);
    if (fault == ServiceFault.INSUFFICIENT_BUFFER) {
      TransportException error = new ResponseTooLongException(name, ConnectedCard.MAX_RESPONSE);
      error.addSuppressed(e);
      return error;
    }
    if (fault.cardIsGone()) {
      watch.left();
      TransportException error = new ElementRemovedException(name);
      error.addSuppressed(e);
      return error;
    }
    return new LinkLostException(
        name,
        fault == ServiceFault.RESET_CARD || fault == ServiceFault.SHARING_VIOLATION
            ? LinkLostException.Outcome.NOT_EXECUTED
            : LinkLostException.Outcome.UNKNOWN,
        e);
  }

  private void fail() {
    drop(Afterwards.LEFT_AS_IT_IS);
    failed = true;
    failedAt = System.nanoTime();
  }

  /** Waits after a failure until the service has seen what it was. */
  private void settle() {
    while (failed) {
      long left = SETTLE_NANOS - (System.nanoTime() - failedAt);
      failed = left > 0;
      LockSupport.parkNanos(this, left);
    }
  }

  private void drop(Afterwards afterwards) {
    ConnectedCard dropped = card;
    card = null;
    if (dropped != null) {
      dropped.discard(afterwards);
    }
  }

  /** A card that was put in again meanwhile is connected to anew and stays. */
  private void dropIfGone() {
    if (card != null && !service.hasCard(reader)) {
      fail();
    }
  }

  private void powerDown() {
    drop(Afterwards.RESET);
    lock.release();
  }
}
