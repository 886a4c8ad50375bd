// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.apdu.Atr;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportEvent;
import dev.strongroom.core.transport.TransportException;
import dev.strongroom.core.transport.TransportLimits;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Tells what goes through a transport, secrets left out.
 *
 * <p>Thread safety: as the transport's.
 */
final class ApduTrace implements Transport {

  private static final double NANOS_PER_MILLI = 1e6;

  private final Transport transport;
  private final Consumer<String> lines;
  private final ApduText text = new ApduText();

  ApduTrace(Transport transport, Consumer<String> lines) {
    this.transport = transport;
    this.lines = lines;
  }

  @Override
  public Atr powerOn() throws TransportException {
    Atr atr = transport.powerOn();
    lines.accept("power on, ATR " + atr.bytes().toString().toUpperCase(Locale.ROOT));
    return atr;
  }

  @Override
  public byte[] transmit(byte[] command) throws TransportException {
    lines.accept(text.command(command));
    long begin = System.nanoTime();
    try {
      byte[] response = transport.transmit(command);
      double millis = (System.nanoTime() - begin) / NANOS_PER_MILLI;
      lines.accept(text.response(response) + String.format(Locale.ROOT, "  after %.3f ms", millis));
      return response;
    } catch (TransportException | RuntimeException e) {
      lines.accept("< no answer: " + e.getClass().getSimpleName());
      throw e;
    }
  }

  @Override
  public void powerOff() throws TransportException {
    transport.powerOff();
    lines.accept("power off");
  }

  @Override
  public TransportLimits limits() {
    return transport.limits();
  }

  @Override
  public boolean leavesProcess() {
    return transport.leavesProcess();
  }

  @Override
  public LostAnswer lostAnswer() {
    return transport.lostAnswer();
  }

  @Override
  public boolean isPresent() {
    return transport.isPresent();
  }

  @Override
  public void listen(Consumer<TransportEvent> listener) {
    transport.listen(listener);
  }

  @Override
  public String name() {
    return transport.name();
  }

  @Override
  public void close() {
    transport.close();
  }
}
