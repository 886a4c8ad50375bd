// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.testkit.FaultyTransport;
import dev.strongroom.core.testkit.TransportContract;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportLimits;

class ShortApduTransportTest extends TransportContract {

  @Override
  protected Transport openTransport() {
    return FaultyTransport.narrow(
        SimulatedElement.inMemory(SimulatedElementOptions.cheap()), TransportLimits.SHORT);
  }
}
