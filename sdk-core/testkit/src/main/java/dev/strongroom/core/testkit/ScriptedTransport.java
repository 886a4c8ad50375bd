// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.testkit;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.apdu.Atr;
import dev.strongroom.core.transport.ElementRemovedException;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportEvent;
import dev.strongroom.core.transport.TransportLimits;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * An element that answers by a script, strictly: each command must be the next one of the script.
 *
 * <p>Thread safety: confined, as every transport.
 */
public final class ScriptedTransport implements Transport {

  private final Atr atr;
  private final TransportLimits limits;
  private final Deque<Exchange> script;
  private boolean on;

  /**
   * Takes a script.
   *
   * @param atr answered when it is powered on
   * @param limits the largest APDUs that it takes
   * @param script commands and responses, in order
   */
  public ScriptedTransport(Atr atr, TransportLimits limits, List<Exchange> script) {
    this.atr = atr;
    this.limits = limits;
    this.script = new ArrayDeque<>(script);
  }

  /**
   * What has not been asked for.
   *
   * @return the rest of the script
   */
  public List<Exchange> remaining() {
    return List.copyOf(script);
  }

  @Override
  public Atr powerOn() {
    on = true;
    return atr;
  }

  @Override
  public byte[] transmit(byte[] command) throws ElementRemovedException {
    if (!on) {
      throw new ElementRemovedException(name());
    }
    Exchange next = script.poll();
    Bytes sent = Bytes.copyOf(command);
    if (next == null) {
      throw new AssertionError("the script has ended, but there came " + sent);
    }
    if (!next.command().equals(sent)) {
      throw new AssertionError("the script expects " + next.command() + ", there came " + sent);
    }
    return next.response().toByteArray();
  }

  @Override
  public void powerOff() {
    on = false;
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
    return false;
  }

  @Override
  public boolean isPresent() {
    return true;
  }

  @Override
  public void listen(Consumer<TransportEvent> listener) {
    // A script never comes or goes.
  }

  @Override
  public String name() {
    return "script";
  }

  @Override
  public void close() {
    on = false;
  }
}
