// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.apdu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CardCapabilitiesTest {

  /** An ATR without interface bytes, whose historical bytes are these. */
  private static CardCapabilities of(String historical) {
    Bytes bytes = Bytes.parse(historical);
    return CardCapabilities.of(Atr.parse(String.format("3B%02X", bytes.length()) + historical));
  }

  @ParameterizedTest
  @CsvSource({
    // historical bytes, channels, extended, chaining
    "80738000C0, 1, true, true",
    "80738000D3, 4, true, true",
    "8073800010, 1, false, false",
    "8073800097, 8, false, true",
    // Numbers given out by the host: it could not ask for one.
    "807380004B, 1, true, false",
    // Behind other objects, and before a status indicator that is no object.
    "8031C073800054, 5, true, false",
    "0073800053829000, 4, true, false",
    // Software functions of one and two tables say nothing of this kind.
    "807180, 1, false, false",
    "80728000, 1, false, false",
    // Other categories, and cut objects.
    "10738000D3, 1, false, false",
    "80738000, 1, false, false",
    "807F8000D3, 1, false, false",
    "00738000D3, 1, false, false",
    "80, 1, false, false",
    "00, 1, false, false",
  })
  void theThirdTableOfSoftwareFunctionsCounts(
      String historical, int channels, boolean extended, boolean chaining) {
    CardCapabilities capabilities = of(historical);
    assertThat(capabilities.logicalChannels()).isEqualTo(channels);
    assertThat(capabilities.extendedLength()).isEqualTo(extended);
    assertThat(capabilities.commandChaining()).isEqualTo(chaining);
  }

  @Test
  void aCardWithoutHistoricalBytesSaysNothing() {
    assertThat(CardCapabilities.of(Atr.parse("3B00")).logicalChannels()).isEqualTo(1);
  }
}
