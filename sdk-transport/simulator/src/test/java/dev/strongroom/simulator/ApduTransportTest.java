// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.testkit.TransportContract;
import dev.strongroom.core.transport.Transport;

class ApduTransportTest extends TransportContract {

  @Override
  protected Transport openTransport() {
    return SimulatedElement.inMemory(SimulatedElementOptions.cheap()).byApdu();
  }
}
