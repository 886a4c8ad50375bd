// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.apdu.Atr;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportEvent;
import dev.strongroom.core.transport.TransportException;
import dev.strongroom.core.transport.TransportLimits;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** A link on which one command waits, on its way to the element, until it may go on. */
final class BlockingTransport implements Transport {

  private final Transport inner;
  private final CountDownLatch underWay;
  private final CountDownLatch goOn;
  private volatile boolean blocks;

  BlockingTransport(Transport inner, CountDownLatch underWay, CountDownLatch goOn) {
    this.inner = inner;
    this.underWay = underWay;
    this.goOn = goOn;
  }

  /** From now on. */
  void block() {
    blocks = true;
  }

  @Override
  public byte[] transmit(byte[] command) throws TransportException {
    if (blocks) {
      blocks = false;
      underWay.countDown();
      try {
        goOn.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return inner.transmit(command);
  }

  @Override
  public Atr powerOn() throws TransportException {
    return inner.powerOn();
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
