// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.testkit.ReachedBy;
import dev.strongroom.core.transport.Transport;
import org.junit.jupiter.api.Tag;

@Tag("jdk25")
@ReachedBy("simulator, by APDU")
class ApduElementTest extends CheapElementContract {

  @Override
  protected Transport reach(SimulatedElement element) {
    return element.byApdu();
  }
}
