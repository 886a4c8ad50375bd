// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.pcsc;

import dev.strongroom.core.testkit.ElementContract;
import dev.strongroom.core.testkit.ElementProfile;
import dev.strongroom.core.transport.ElementUri;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.ExtendWith;

/** The contract on a simulated element in a virtual reader, through vpcd and pcscd. */
@ExtendWith(PcscStack.class)
abstract class ReaderElementContract extends ElementContract {

  private static @Nullable Reader reader;

  /** What follows the name of the reader in the element URI. */
  protected abstract String parameters();

  @Override
  protected Transport blankElement() throws Exception {
    Transport blank = SimulatedElement.inMemory(SimulatedElementOptions.cheap()).exposed();
    Reader now = reader;
    if (now == null) {
      reader = Reader.with(0, blank);
    } else {
      now.exchange(blank);
    }
    return sameElement();
  }

  @Override
  protected Transport sameElement() throws Exception {
    return new PcscProvider()
        .open(ElementUri.parse("pcsc:" + PcscStack.READERS.get(0) + parameters()));
  }

  @Override
  protected ElementProfile profile() {
    return new ElementProfile(
        SimulatedElementOptions.DEFAULT_USER_TRIES,
        SimulatedElementOptions.DEFAULT_ADMINISTRATOR_TRIES);
  }

  @AfterAll
  static void pull() {
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }
}
