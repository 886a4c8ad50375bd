// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.transport.Transport;

class ApduElementTest extends CheapElementContract {

  @Override
  protected Transport reach(SimulatedElement element) {
    return element.byApdu();
  }
}
