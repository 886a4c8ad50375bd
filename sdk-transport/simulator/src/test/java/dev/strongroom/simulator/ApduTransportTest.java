// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.testkit.ReachedBy;
import dev.strongroom.core.testkit.TransportContract;
import dev.strongroom.core.transport.Transport;

@ReachedBy("simulator, by APDU")
class ApduTransportTest extends TransportContract {

  @Override
  protected Transport openTransport() {
    return SimulatedElement.inMemory(SimulatedElementOptions.cheap()).byApdu();
  }
}
