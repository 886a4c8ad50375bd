// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.transport;

import dev.strongroom.core.apdu.Atr;
import java.util.function.Consumer;

/**
 * SPI: a raw link to one element, which moves APDUs and does not look into them.
 *
 * <p>The order of calls is {@link #powerOn()}, any number of {@link #transmit}, {@link
 * #powerOff()}, and again; {@link #close()} ends it for good. Any runtime exception out of an
 * implementation is taken by the layers above as a lost link with unknown outcome.
 *
 * <p>Thread safety: implementations are confined; the layers above call one method at a time, from
 * any thread. Only {@link #listen}, {@link #isPresent()}, {@link #limits()} and {@link
 * #leavesProcess()} come at any time.
 */
public interface Transport extends AutoCloseable {

  /** What a lost answer says about the command. */
  enum LostAnswer {
    /** The element may have executed it. */
    MAY_BE_EXECUTED,
    /** The element does not execute a command whose answer cannot be delivered. */
    NOT_EXECUTED
  }

  /**
   * Switches the element on, or resets it if it is on.
   *
   * @return its Answer to Reset
   * @throws TransportException if there is no element or the link fails
   */
  Atr powerOn() throws TransportException;

  /**
   * Sends a command APDU and waits for the response APDU.
   *
   * @param command an encoded command APDU within {@link #limits()}; not changed, not kept
   * @return the encoded response APDU, which the caller owns and zeroes
   * @throws TransportException if the link fails; {@link #lostAnswer()} says what that means
   */
  byte[] transmit(byte[] command) throws TransportException;

  /**
   * Switches the element off; it forgets every login. Does nothing if it is off.
   *
   * @throws TransportException if the link fails
   */
  void powerOff() throws TransportException;

  /**
   * The largest APDUs that {@link #transmit} takes.
   *
   * @return the limits, known after {@link #powerOn()}
   */
  TransportLimits limits();

  /**
   * What a failed {@link #transmit} says about the command.
   *
   * @return whether the element may have executed it
   */
  LostAnswer lostAnswer();

  /**
   * Whether APDUs pass through anything outside this process: a driver, a daemon, a bus, a network.
   * There everything worth protecting goes through the secure channel, and the element insists on
   * it.
   *
   * @return false only if nobody outside this process can see or change an APDU
   */
  boolean leavesProcess();

  /**
   * Whether there is an element now.
   *
   * @return false for an empty reader or a missing file
   */
  boolean isPresent();

  /**
   * Asks to be told when the element comes or goes; a transport that cannot know tells nothing.
   *
   * @param listener called on a thread of the transport, must not block
   */
  void listen(Consumer<TransportEvent> listener);

  /**
   * What this transport reaches, for messages.
   *
   * @return an element URI, or a name in words
   */
  String name();

  /** Powers off and lets go of the reader, file or connection. Idempotent. */
  @Override
  void close();
}
