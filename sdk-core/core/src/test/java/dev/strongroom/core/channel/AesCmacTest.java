// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import java.nio.ByteBuffer;
import java.util.Random;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.macs.CMac;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AesCmacTest {

  private static final byte[] KEY = Bytes.parse("2b7e151628aed2a6abf7158809cf4f3c").toByteArray();
  private static final byte[] MESSAGE =
      Bytes.parse(
              "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
                  + "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710")
          .toByteArray();

  @ParameterizedTest
  @CsvSource({
    "0, bb1d6929e95937287fa37d129b756746",
    "16, 070a16b46b4d4144f79bdd9dd04a287c",
    "40, dfa66747de9ae63030ca32611497c827",
    "64, 51f0bebf7e3b9d92fc49741779363cfe"
  })
  void rfc4493(int length, String expected) {
    assertThat(mac(KEY, MESSAGE, length)).hasToString(expected);
  }

  @Test
  void everyLengthAgreesWithAnotherImplementation() {
    Random random = new Random(4493);
    byte[] key = new byte[16];
    byte[] message = new byte[100];
    for (int length = 0; length <= message.length; length++) {
      random.nextBytes(key);
      random.nextBytes(message);
      CMac other = new CMac(AESEngine.newInstance());
      other.init(new KeyParameter(key));
      other.update(message, 0, length);
      byte[] expected = new byte[16];
      other.doFinal(expected, 0);
      assertThat(mac(key, message, length)).isEqualTo(Bytes.copyOf(expected));
    }
  }

  private static Bytes mac(byte[] key, byte[] message, int length) {
    try (AesCmac cmac = new AesCmac(key, 0)) {
      Bytes first = Bytes.copyOf(cmac.mac(AesCmac.message(length).put(message, 0, length)));
      ByteBuffer again = AesCmac.message(length).put(message, 0, length);
      assertThat(Bytes.copyOf(cmac.mac(again))).isEqualTo(first);
      return first;
    }
  }
}
