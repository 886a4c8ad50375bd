// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.pcsc;

import dev.strongroom.core.testkit.ReachedBy;
import dev.strongroom.core.testkit.TransportContract;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("jdk25")
@ExtendWith(PcscStack.class)
@ReachedBy("simulator, through vpcd and pcscd")
class PcscTransportTest extends TransportContract {

  private static @Nullable Reader reader;

  @Override
  protected Transport openTransport() throws Exception {
    Reader now = reader;
    if (now == null) {
      now = Reader.with(0, SimulatedElement.inMemory(SimulatedElementOptions.cheap()).exposed());
      reader = now;
    }
    return now.open();
  }

  @AfterAll
  static void pull() {
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }
}
