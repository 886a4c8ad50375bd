// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.testkit;

import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportException;

/**
 * Somebody on the wire, who sees every APDU and puts what he likes in place of the answers.
 *
 * <p>Thread safety: confined, as every transport.
 */
public final class AlteringTransport extends ForwardingTransport {

  /** What becomes of an answer. */
  public interface Alteration {

    /**
     * Sees a command that the element has answered.
     *
     * @param command the encoded command; not changed
     * @param response the encoded response, which may be changed
     * @return what the host gets
     */
    byte[] of(byte[] command, byte[] response);
  }

  private Alteration alteration = (command, response) -> response;

  /**
   * Wraps a transport and changes nothing as yet.
   *
   * @param transport closed with this one
   */
  public AlteringTransport(Transport transport) {
    super(transport);
  }

  /**
   * Changes answers from now on.
   *
   * @param next what becomes of them
   */
  public void alter(Alteration next) {
    alteration = next;
  }

  @Override
  public byte[] transmit(byte[] command) throws TransportException {
    return alteration.of(command, super.transmit(command));
  }
}
