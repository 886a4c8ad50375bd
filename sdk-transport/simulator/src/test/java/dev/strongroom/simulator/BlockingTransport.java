// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.testkit.ForwardingTransport;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportException;
import java.util.concurrent.CountDownLatch;

/** A link on which one command waits, on its way to the element, until it may go on. */
final class BlockingTransport extends ForwardingTransport {

  private final CountDownLatch underWay;
  private final CountDownLatch goOn;
  private volatile boolean blocks;

  BlockingTransport(Transport inner, CountDownLatch underWay, CountDownLatch goOn) {
    super(inner);
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
    return super.transmit(command);
  }
}
