// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.apdu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AtrTest {

  /** T=0 without TCK; T=0 and T=1; T=1; interface bytes TA1 to TD1, TA2, TB3; T=15. */
  @ParameterizedTest
  @CsvSource({"3B00, ''", "3B0241 42, 4142", "3B85800180738000C0B7, 80738000c0", "3F0241 42, 4142"})
  void historicalBytesStandBeforeTheCheckByte(String text, String historical) {
    Atr atr = Atr.parse(text.replace(" ", ""));
    assertThat(atr.historicalBytes()).hasToString(historical);
    assertThat(atr.bytes()).hasToString(text.replace(" ", "").toLowerCase(java.util.Locale.ROOT));
    assertThat(atr).isEqualTo(Atr.of(atr.bytes())).hasSameHashCodeAs(Atr.of(atr.bytes()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "3B",
        "3C00",
        "3B01",
        "3B0041",
        "3B8080",
        "3B80",
        "3B85800180738000C0B6",
        "3B85800180738000C0",
        "3B85800180738000C0B700"
      })
  void whatIsCutOrLongerOrMischeckedIsRefused(String text) {
    assertThatThrownBy(() -> Atr.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void garbageIsParsedOrRefusedAndNothingElse() {
    Random random = new Random(3);
    for (int round = 0; round < 50_000; round++) {
      byte[] bytes = new byte[random.nextInt(36)];
      random.nextBytes(bytes);
      if (bytes.length > 0) {
        bytes[0] = 0x3B;
      }
      try {
        assertThat(Atr.of(Bytes.copyOf(bytes)).historicalBytes().length()).isLessThan(16);
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }
}
