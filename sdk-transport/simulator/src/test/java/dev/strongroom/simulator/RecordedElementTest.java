// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.testkit.RecordingTransport;
import dev.strongroom.core.transport.Transport;

class RecordedElementTest extends CheapElementContract {

  @Override
  protected Transport reach(SimulatedElement element) {
    return new RecordingTransport(element);
  }
}
