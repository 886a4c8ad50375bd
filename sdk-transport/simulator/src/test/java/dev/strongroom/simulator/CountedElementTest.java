// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.testkit.CountingTransport;
import dev.strongroom.core.transport.Transport;

class CountedElementTest extends CheapElementContract {

  @Override
  protected Transport reach(SimulatedElement element) {
    return CountingTransport.around(element);
  }
}
