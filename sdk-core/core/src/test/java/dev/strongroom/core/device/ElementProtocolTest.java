// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.identity.ElementClass;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ElementProtocolTest {

  private static ElementInfo info(int maxBatch, int maxRandom) {
    return new ElementInfo(
        1,
        9,
        Bytes.copyOf(new byte[ElementInfo.SERIAL_NUMBER_LENGTH]),
        Set.of(Capability.GRUB_BATCH),
        maxBatch,
        maxRandom,
        32,
        new ElementClass(1),
        Set.of(HpkeSuite.P256, HpkeSuite.X25519_ML_KEM_768),
        "");
  }

  @Test
  void anElementThatTakesMoreThanTheProtocolHasIsAskedForNoMore() {
    assertThat(ElementProtocol.parseInfo(ElementProtocol.encodeInfo(info(65_535, 65_535))))
        .isEqualTo(info(ElementProtocol.MAX_BATCH, ElementProtocol.MAX_RANDOM));
    assertThat(ElementProtocol.parseInfo(ElementProtocol.encodeInfo(info(1, 1))))
        .isEqualTo(info(1, 1));
  }
}
