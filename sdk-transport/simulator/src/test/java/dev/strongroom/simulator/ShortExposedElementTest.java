// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.testkit.FaultyTransport;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportLimits;
import org.junit.jupiter.api.Tag;

@Tag("jdk25")
class ShortExposedElementTest extends CheapElementContract {

  @Override
  protected Transport reach(SimulatedElement element) {
    return FaultyTransport.narrow(element.exposed(), TransportLimits.SHORT);
  }
}
