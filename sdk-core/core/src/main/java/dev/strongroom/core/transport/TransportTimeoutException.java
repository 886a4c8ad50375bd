// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.transport;

import java.time.Duration;

/**
 * The element did not answer in time; whether it executed the command is not known.
 *
 * <p>Thread safety: immutable.
 */
public final class TransportTimeoutException extends TransportException {

  private static final long serialVersionUID = 1L;

  private final Duration timeout;

  /**
   * Reports a timeout.
   *
   * @param timeout how long the host waited
   */
  public TransportTimeoutException(Duration timeout) {
    super("no answer from the secure element within " + timeout.toMillis() + " ms", null);
    this.timeout = timeout;
  }

  /**
   * How long the host waited.
   *
   * @return the limit
   */
  public Duration timeout() {
    return timeout;
  }
}
