// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.pcsc;

import dev.strongroom.core.apdu.Atr;
import dev.strongroom.core.transport.ElementUri;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportEvent;
import dev.strongroom.core.transport.TransportException;
import dev.strongroom.core.transport.TransportLimits;
import dev.strongroom.vpcd.VirtualCard;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A virtual reader of the stack with a card in it whose inside can be exchanged while it stays:
 * putting in another card takes the reader half a second.
 */
final class Reader implements AutoCloseable {

  private final int number;
  private final VirtualCard card;
  private volatile Transport inside;

  private Reader(int number, Transport inside) {
    this.number = number;
    this.inside = inside;
    this.card = VirtualCard.insert(new Shell(), PcscStack.port(number));
  }

  /** Puts a card into a reader and waits until pcscd has seen it. */
  static Reader with(int number, Transport inside) throws Exception {
    PcscStack.start();
    Reader reader = new Reader(number, inside);
    reader.awaitCard();
    return reader;
  }

  void awaitCard() throws Exception {
    if (!card.awaitInserted(Duration.ofSeconds(20))) {
      throw new AssertionError("vpcd does not take the card");
    }
    Eventually.holds(() -> SmartCardService.get().hasCard(name()));
  }

  String name() {
    return PcscStack.READERS.get(number);
  }

  ElementUri uri() throws TransportException {
    return ElementUri.parse("pcsc:" + name());
  }

  Transport open() throws TransportException {
    return new PcscProvider().open(uri());
  }

  /** Exchanges what the card is made of; it has the same Answer to Reset. */
  void exchange(Transport other) throws TransportException {
    inside.powerOff();
    inside = other;
    other.powerOn();
  }

  /** Pulls the card out and waits until pcscd has seen it. */
  @Override
  public void close() {
    card.close();
    try {
      Eventually.holds(() -> !SmartCardService.get().hasCard(name()));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private final class Shell implements Transport {

    @Override
    public Atr powerOn() throws TransportException {
      return inside.powerOn();
    }

    @Override
    public byte[] transmit(byte[] command) throws TransportException {
      return inside.transmit(command);
    }

    @Override
    public void powerOff() throws TransportException {
      inside.powerOff();
    }

    @Override
    public TransportLimits limits() {
      return inside.limits();
    }

    @Override
    public LostAnswer lostAnswer() {
      return inside.lostAnswer();
    }

    @Override
    public boolean leavesProcess() {
      return true;
    }

    @Override
    public boolean isPresent() {
      return inside.isPresent();
    }

    @Override
    public void listen(Consumer<TransportEvent> listener) {
      // What is inside is exchanged without leaving the reader.
    }

    @Override
    public String name() {
      return inside.name();
    }

    @Override
    public void close() {
      inside.close();
    }
  }
}
