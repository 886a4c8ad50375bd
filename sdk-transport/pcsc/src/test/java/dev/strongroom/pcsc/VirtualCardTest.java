// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.pcsc;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.transport.Transport;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import dev.strongroom.vpcd.VirtualCard;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("jdk25")
class VirtualCardTest {

  /** Every program could send PINs to it in clear, and would get keys in clear. */
  @Test
  void anElementThatDoesNotInsistOnItsSecureChannelIsNotShown() throws Exception {
    try (SimulatedElement element = SimulatedElement.inMemory(SimulatedElementOptions.cheap())) {
      for (Transport inProcess : new Transport[] {element, element.byApdu()}) {
        assertThatThrownBy(() -> VirtualCard.insert(inProcess, VirtualCard.DEFAULT_READER).close())
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("exposed");
      }
    }
  }
}
