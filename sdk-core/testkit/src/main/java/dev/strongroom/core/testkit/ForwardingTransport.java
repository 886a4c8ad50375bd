// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.testkit;

import dev.strongroom.core.apdu.Atr;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportEvent;
import dev.strongroom.core.transport.TransportException;
import dev.strongroom.core.transport.TransportLimits;
import java.util.function.Consumer;

/**
 * Hands everything on; subclasses change what they are about.
 *
 * <p>Thread safety: as the transport underneath.
 */
public abstract class ForwardingTransport implements Transport {

  private final Transport inner;

  /**
   * Hands everything on.
   *
   * @param inner closed with this one
   */
  protected ForwardingTransport(Transport inner) {
    this.inner = inner;
  }

  @Override
  public Atr powerOn() throws TransportException {
    return inner.powerOn();
  }

  @Override
  public byte[] transmit(byte[] command) throws TransportException {
    return inner.transmit(command);
  }

  @Override
  public void powerOff() throws TransportException {
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
    inner.listen(listener);
  }

  @Override
  public String name() {
    return inner.name();
  }

  @Override
  public void close() {
    inner.close();
  }
}
