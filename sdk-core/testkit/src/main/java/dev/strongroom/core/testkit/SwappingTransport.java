// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.testkit;

import dev.strongroom.core.apdu.Atr;
import dev.strongroom.core.transport.ElementRemovedException;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportEvent;
import dev.strongroom.core.transport.TransportException;
import dev.strongroom.core.transport.TransportLimits;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * A reader in which one element can be put in place of another, noticed or not.
 *
 * <p>Thread safety: confined, as every transport.
 */
public final class SwappingTransport implements Transport {

  /** Whether the host is told. */
  public enum Notice {
    /** LEFT and ARRIVED. */
    TOLD,
    /** Nothing: it happened between two looks of the reader. */
    MISSED
  }

  private final List<Consumer<TransportEvent>> listeners = new CopyOnWriteArrayList<>();
  private volatile Transport inner;
  private boolean on;

  /**
   * A reader with an element in it.
   *
   * @param first closed with this one, unless it has been swapped
   */
  public SwappingTransport(Transport first) {
    inner = first;
  }

  /**
   * Puts another element in.
   *
   * @param next the other element
   * @param notice whether the host is told
   */
  public void swap(Transport next, Notice notice) {
    inner = next;
    on = false;
    if (notice == Notice.TOLD) {
      listeners.forEach(listener -> listener.accept(TransportEvent.LEFT));
      listeners.forEach(listener -> listener.accept(TransportEvent.ARRIVED));
    }
  }

  @Override
  public Atr powerOn() throws TransportException {
    Atr atr = inner.powerOn();
    on = true;
    return atr;
  }

  @Override
  public byte[] transmit(byte[] command) throws TransportException {
    if (!on) {
      throw new ElementRemovedException(name());
    }
    return inner.transmit(command);
  }

  @Override
  public void powerOff() throws TransportException {
    on = false;
    inner.powerOff();
  }

  @Override
  public TransportLimits limits() {
    return inner.limits();
  }

  @Override
  public LostAnswer lostAnswer() {
    return inner.lostAnswer();
  }

  @Override
  public boolean leavesProcess() {
    return inner.leavesProcess();
  }

  @Override
  public boolean isPresent() {
    return inner.isPresent();
  }

  @Override
  public void listen(Consumer<TransportEvent> listener) {
    listeners.add(listener);
  }

  @Override
  public String name() {
    return "reader";
  }

  @Override
  public void close() {
    inner.close();
  }
}
