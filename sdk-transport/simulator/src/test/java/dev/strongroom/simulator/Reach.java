// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.testkit.FaultyTransport;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportLimits;

/** The ways to a simulated element. */
enum Reach {
  IN_PROCESS,
  BY_APDU,
  EXPOSED,
  EXPOSED_SHORT;

  Transport to(SimulatedElement element) {
    return switch (this) {
      case IN_PROCESS -> element;
      case BY_APDU -> element.byApdu();
      case EXPOSED -> element.exposed();
      case EXPOSED_SHORT -> FaultyTransport.narrow(element.exposed(), TransportLimits.SHORT);
    };
  }

  TransportLimits limits() {
    return this == EXPOSED_SHORT ? TransportLimits.SHORT : TransportLimits.EXTENDED;
  }
}
