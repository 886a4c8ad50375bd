// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.transport.Transport;
import org.junit.jupiter.api.Tag;

@Tag("jdk25")
class ExposedElementTest extends CheapElementContract {

  @Override
  protected Transport reach(SimulatedElement element) {
    return element.exposed();
  }
}
