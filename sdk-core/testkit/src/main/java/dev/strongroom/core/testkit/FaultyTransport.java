// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.testkit;

import dev.strongroom.core.transport.LinkLostException;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportException;
import dev.strongroom.core.transport.TransportLimits;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A link that fails at a chosen APDU, in a chosen way, once or several times in a row.
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
    CUT_RESPONSE,
    /** The response arrives with 17 bytes too many before its status word. */
    LONG_RESPONSE,
    /** The last byte of the response's data is wrong: in a protected answer, its MAC. */
    WRONG_LAST_BYTE,
    /** Random bytes arrive that happen to end like a success. */
    GARBAGE,
    /** The response is late by 20 ms. */
    DELAYED,
    /** The element is reset behind the host's back before the command arrives. */
    RESET
  }

  private final @Nullable TransportLimits narrowed;
  private final Random random = new Random(1);
  private @Nullable Fault fault;
  private int countdown;
  private int times;

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
    failAt(apdu, next, 1);
  }

  /**
   * Plans failures one after the other.
   *
   * @param apdu the first of the APDUs from now on, from 1
   * @param next how it fails
   * @param inARow how many APDUs fail, from 1
   */
  public void failAt(int apdu, Fault next, int inARow) {
    this.countdown = apdu;
    this.fault = next;
    this.times = inARow;
  }

  /** Nothing fails any more. */
  public void heal() {
    fault = null;
  }

  /**
   * Whether what was planned is still to come.
   *
   * @return false if nothing was planned, or all of it has happened
   */
  public boolean isPending() {
    return fault != null;
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
    if (--times == 0) {
      fault = null;
    }
    return switch (now) {
      case COMMAND_LOST ->
          throw new LinkLostException(name(), LinkLostException.Outcome.NOT_EXECUTED, null);
      case RESPONSE_LOST -> {
        super.transmit(command);
        throw new LinkLostException(name(), LinkLostException.Outcome.UNKNOWN, null);
      }
      case RUNTIME_EXCEPTION -> throw new IllegalStateException("SCARD_E_NO_SERVICE");
      case SHORT_RESPONSE -> {
        super.transmit(command);
        yield new byte[] {(byte) 0x90};
      }
      case CUT_RESPONSE -> {
        byte[] response = super.transmit(command);
        yield withDataOf(response, Math.max(0, response.length - 3));
      }
      case LONG_RESPONSE -> {
        byte[] response = super.transmit(command);
        yield withDataOf(response, response.length - 2 + 17);
      }
      case WRONG_LAST_BYTE -> {
        byte[] response = super.transmit(command);
        if (response.length > 2) {
          response[response.length - 3] ^= 1;
        }
        yield response;
      }
      case GARBAGE -> {
        byte[] response = new byte[super.transmit(command).length];
        random.nextBytes(response);
        response[response.length - 2] = (byte) 0x90;
        response[response.length - 1] = 0;
        yield response;
      }
      case DELAYED -> {
        byte[] response = super.transmit(command);
        LockSupport.parkNanos(20_000_000);
        yield response;
      }
      case RESET -> {
        super.powerOn();
        yield super.transmit(command);
      }
    };
  }

  /** The same status word after so many bytes of data, zeros where there were none. */
  private static byte[] withDataOf(byte[] response, int length) {
    byte[] other = Arrays.copyOf(response, length + 2);
    if (length > response.length - 2) {
      Arrays.fill(other, response.length - 2, other.length, (byte) 0);
    }
    System.arraycopy(response, response.length - 2, other, length, 2);
    return other;
  }
}
