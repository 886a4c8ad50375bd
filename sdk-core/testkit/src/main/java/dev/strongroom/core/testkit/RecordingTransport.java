// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.testkit;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportException;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps all APDUs that go through it, for {@link ScriptedTransport} to play again.
 *
 * <p>Thread safety: thread-safe as far as the transport is.
 */
public final class RecordingTransport extends ForwardingTransport {

  private final List<Exchange> exchanges = new ArrayList<>(); // guarded by exchanges

  /**
   * Wraps a transport; an element in this process is then reached by APDUs.
   *
   * @param transport closed with this one
   */
  public RecordingTransport(Transport transport) {
    super(transport);
  }

  @Override
  public byte[] transmit(byte[] command) throws TransportException {
    Bytes sent = Bytes.copyOf(command);
    byte[] response = super.transmit(command);
    synchronized (exchanges) {
      exchanges.add(new Exchange(sent, Bytes.copyOf(response)));
    }
    return response;
  }

  /**
   * What went through so far.
   *
   * @return all exchanges, in order
   */
  public List<Exchange> exchanges() {
    synchronized (exchanges) {
      return List.copyOf(exchanges);
    }
  }
}
