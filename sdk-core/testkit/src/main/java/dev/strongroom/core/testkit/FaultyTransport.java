// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.testkit;

import dev.strongroom.core.transport.LinkLostException;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportException;
import dev.strongroom.core.transport.TransportLimits;
import org.jspecify.annotations.Nullable;

/**
 * A link that fails once, at a chosen APDU, in a chosen way.
 *
 * <p>Thread safety: confined, as every transport.
 */
public final class FaultyTransport extends ForwardingTransport {

  /** How the link fails. */
  public enum Fault {
    /** The command does not reach the element. */
    COMMAND_LOST,
    /** The element executes the command, but the response does not arrive. */
    RESPONSE_LOST,
    /** The driver throws what no driver should throw. */
    RUNTIME_EXCEPTION,
    /** A response of one byte arrives. */
    SHORT_RESPONSE,
    /** The response's data arrive without their last byte. */
    CUT_RESPONSE
  }

  private final @Nullable TransportLimits narrowed;
  private @Nullable Fault fault;
  private int countdown;

  private FaultyTransport(Transport transport, @Nullable TransportLimits narrowed) {
    super(transport);
    this.narrowed = narrowed;
  }

  /**
   * Wraps a transport; an element in this process is then reached by APDUs.
   *
   * @param transport closed with the result
   * @return a link without a fault as yet
   */
  public static FaultyTransport around(Transport transport) {
    return new FaultyTransport(transport, null);
  }

  /**
   * Wraps a transport and moves smaller APDUs than it does.
   *
   * @param transport closed with the result
   * @param limits the largest APDUs; larger ones are refused with an {@link AssertionError}
   * @return a link without a fault as yet
   */
  public static FaultyTransport narrow(Transport transport, TransportLimits limits) {
    return new FaultyTransport(transport, limits);
  }

  /**
   * Plans the one failure.
   *
   * @param apdu which of the APDUs from now on, from 1
   * @param next how it fails
   */
  public void failAt(int apdu, Fault next) {
    this.countdown = apdu;
    this.fault = next;
  }

  @Override
  public TransportLimits limits() {
    return narrowed == null ? super.limits() : narrowed;
  }

  @Override
  public byte[] transmit(byte[] command) throws TransportException {
    if (command.length > limits().maxCommand()) {
      throw new AssertionError("a command of " + command.length + " bytes is over the limit");
    }
    Fault now = fault;
    if (now == null || --countdown > 0) {
      byte[] response = super.transmit(command);
      if (response.length > limits().maxResponse()) {
        throw new AssertionError("a response of " + response.length + " bytes is over the limit");
      }
      return response;
    }
    fault = null;
    return switch (now) {
      case COMMAND_LOST ->
          throw new LinkLostException(name(), LinkLostException.Outcome.NOT_EXECUTED, null);
      case RESPONSE_LOST -> {
        super.transmit(command);
        throw new LinkLostException(name(), LinkLostException.Outcome.UNKNOWN, null);
      }
      case RUNTIME_EXCEPTION -> throw new IllegalStateException("SCARD_E_NO_SERVICE");
      case SHORT_RESPONSE -> new byte[] {(byte) 0x90};
      case CUT_RESPONSE -> {
        byte[] response = super.transmit(command);
        byte[] cut = new byte[Math.max(2, response.length - 1)];
        System.arraycopy(response, 0, cut, 0, cut.length - 2);
        System.arraycopy(response, response.length - 2, cut, cut.length - 2, 2);
        yield cut;
      }
    };
  }
}
