// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.apdu.Atr;
import dev.strongroom.core.device.ElementCommands;
import dev.strongroom.core.device.ElementStorageException;
import dev.strongroom.core.transport.ElementInUseException;
import dev.strongroom.core.transport.ElementRemovedException;
import dev.strongroom.core.transport.InProcessElement;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportEvent;
import dev.strongroom.core.transport.TransportException;
import dev.strongroom.core.transport.TransportLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A secure element in software, in this process.
 *
 * <p>Programs use {@code SecureElement.open("sim:PATH")}. Tests make one in memory:
 *
 * <pre>{@code
 * SimulatedElement simulated = SimulatedElement.inMemory(SimulatedElementOptions.cheap());
 * try (SecureElement element = SecureElement.open(simulated)) {
 *   element.initialize(userPin, administratorPin);
 *   ElementSession session = element.login(userPin);
 * }
 * }</pre>
 *
 * <p>It takes commands as method calls and as APDUs; {@link #byApdu()} shows only the latter, and
 * {@link #exposed()} shows them to others. All ways are one application, and each counts one
 * command for the same work.
 *
 * <p>Thread safety: thread-safe.
 */
public final class SimulatedElement implements InProcessElement {

  /**
   * T=1, historical bytes in the compact form of ISO/IEC 7816-4:2020, 12.1.1: card capabilities
   * with selection by full name, command chaining, extended length, and four logical channels whose
   * numbers the card gives out.
   */
  private static final Atr ATR = Atr.parse("3B85800180738000D3A4");

  /** Whether a blank store is an element or the lack of one. */
  private enum Blank {
    PRESENT,
    ABSENT
  }

  private final ElementApplication application;
  private final Blank blank;
  private final List<Consumer<TransportEvent>> listeners = new CopyOnWriteArrayList<>();
  private @Nullable ApduDispatcher dispatcher; // guarded by this
  private volatile boolean pulled;

  private SimulatedElement(ElementApplication application, Blank blank) {
    this.application = application;
    this.blank = blank;
  }

  /**
   * An element that lives as long as this object, blank at first.
   *
   * @param options how it is made
   * @return the element, switched on
   */
  public static SimulatedElement inMemory(SimulatedElementOptions options) {
    return on(new MemoryElementStore(), options);
  }

  /**
   * An element on a store of the caller's.
   *
   * @param store closed with the element
   * @param options how it is made if the store is blank
   * @return the element, switched on
   */
  public static SimulatedElement on(ElementStore store, SimulatedElementOptions options) {
    return new SimulatedElement(
        new ElementApplication(store, options, "simulated in memory"), Blank.PRESENT);
  }

  /**
   * An element in a file, which no other process may use until this one closes it. A missing file
   * is a blank element; INITIALIZE makes the file.
   *
   * @param file its file
   * @param options how it is made if the file is missing
   * @return the element, switched on
   * @throws ElementInUseException if another process, or another open in this one, has it
   * @throws ElementStorageException if the file cannot be opened for reading and writing
   */
  public static SimulatedElement open(Path file, SimulatedElementOptions options)
      throws ElementInUseException, ElementStorageException {
    String name = "sim:" + file;
    return new SimulatedElement(
        new ElementApplication(FileElementStore.open(file, name), options, name), Blank.ABSENT);
  }

  /**
   * How many commands the application has taken, by method call and by APDU.
   *
   * @return the count since this object was made
   */
  public long commandCount() {
    return application.commands();
  }

  /**
   * Lets things go wrong from now on.
   *
   * @param plan what; {@link FaultPlan#none()} for nothing any more
   */
  public void inject(FaultPlan plan) {
    application.inject(plan);
  }

  /**
   * The same element as one that is reached by APDUs only.
   *
   * @return a transport that is not an {@link InProcessElement}; closing it closes this
   */
  public Transport byApdu() {
    return new ApduView(this, Exposure.IN_PROCESS);
  }

  @Override
  public Transport exposed() {
    return new ApduView(this, Exposure.EXPOSED);
  }

  @Override
  public ElementCommands openChannel() {
    return new ElementChannel(application);
  }

  @Override
  public synchronized Atr powerOn() throws ElementRemovedException {
    if (pulled) {
      throw new ElementRemovedException(application.name());
    }
    reset();
    application.powerOn();
    dispatcher = new ApduDispatcher(application);
    return ATR;
  }

  @Override
  public byte[] transmit(byte[] command) throws TransportException {
    return transmit(command, Exposure.IN_PROCESS);
  }

  private synchronized byte[] transmit(byte[] command, Exposure exposure)
      throws TransportException {
    ApduDispatcher on = dispatcher;
    if (on == null) {
      throw new ElementRemovedException(application.name());
    }
    return on.transmit(command, exposure);
  }

  @Override
  public synchronized void powerOff() {
    reset();
    application.powerOff();
  }

  /** Takes the element away, as one pulls a card: every login is lost, listeners are told. */
  public void pull() {
    pulled = true;
    powerOff();
    listeners.forEach(listener -> listener.accept(TransportEvent.LEFT));
  }

  /** Puts a pulled element back, switched on. */
  public void insert() {
    pulled = false;
    application.powerOn();
    listeners.forEach(listener -> listener.accept(TransportEvent.ARRIVED));
  }

  @Override
  public TransportLimits limits() {
    return TransportLimits.EXTENDED;
  }

  @Override
  public LostAnswer lostAnswer() {
    return LostAnswer.MAY_BE_EXECUTED;
  }

  @Override
  public boolean leavesProcess() {
    return false;
  }

  @Override
  public boolean isPresent() {
    return !pulled && (blank == Blank.PRESENT || application.exists());
  }

  @Override
  public void listen(Consumer<TransportEvent> listener) {
    listeners.add(listener);
  }

  @Override
  public String name() {
    return application.name();
  }

  @Override
  public void close() {
    synchronized (this) {
      reset();
    }
    try {
      application.close();
    } catch (IOException e) {
      // Every change was synced when its command returned; there is nothing left to lose.
      return;
    }
  }

  @Override
  public String toString() {
    return "SimulatedElement[" + name() + "]";
  }

  private synchronized void reset() {
    if (dispatcher != null) {
      dispatcher.reset();
      dispatcher = null;
    }
  }

  /** Hides the method calls. */
  private record ApduView(SimulatedElement element, Exposure exposure) implements Transport {

    @Override
    public Atr powerOn() throws ElementRemovedException {
      return element.powerOn();
    }

    @Override
    public byte[] transmit(byte[] command) throws TransportException {
      return element.transmit(command, exposure);
    }

    @Override
    public void powerOff() {
      element.powerOff();
    }

    @Override
    public TransportLimits limits() {
      return element.limits();
    }

    @Override
    public LostAnswer lostAnswer() {
      return element.lostAnswer();
    }

    @Override
    public boolean leavesProcess() {
      return exposure == Exposure.EXPOSED;
    }

    @Override
    public boolean isPresent() {
      return element.isPresent();
    }

    @Override
    public void listen(Consumer<TransportEvent> listener) {
      element.listen(listener);
    }

    @Override
    public String name() {
      return element.name();
    }

    @Override
    public void close() {
      element.close();
    }
  }
}
