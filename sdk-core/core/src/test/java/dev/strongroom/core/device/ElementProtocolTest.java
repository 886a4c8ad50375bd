// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.identity.ElementClass;
import dev.strongroom.core.keys.KeyAlgorithm;
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
        Set.of(),
        "");
  }

  @Test
  void anElementThatTakesMoreThanTheProtocolHasIsAskedForNoMore() {
    assertThat(ElementProtocol.parseInfo(ElementProtocol.encodeInfo(info(65_535, 65_535))))
        .isEqualTo(info(ElementProtocol.MAX_BATCH, ElementProtocol.MAX_RANDOM));
    assertThat(ElementProtocol.parseInfo(ElementProtocol.encodeInfo(info(1, 1))))
        .isEqualTo(info(1, 1));
  }

  /** The answer to SELECT in docs/spec/element-protocol.md, 6. */
  @Test
  void theDescriptionIsThatOfTheTrace() {
    ElementInfo info =
        new ElementInfo(
            1,
            3,
            Bytes.parse("00112233445566778899aabbccddeeff"),
            Set.of(Capability.values()),
            64,
            7168,
            64,
            ElementClass.SOFTWARE,
            Set.of(HpkeSuite.values()),
            Set.of(KeyAlgorithm.values()),
            "simulated element, Argon2id 64 MiB, t=3, p=1");
    Bytes trace =
        Bytes.parse(
            "6f77840cf05374726f6e67726f6f6d01a56781020103821000112233445566778899aabbccddeeff"
                + "830400007fff840400401c008604004000018703010203880a0102031112132122313285"
                + "2c73696d756c6174656420656c656d656e742c20"
                + "4172676f6e326964203634204d69422c20743d332c20703d31");
    assertThat(Bytes.copyOf(ElementProtocol.encodeInfo(info))).isEqualTo(trace);
    assertThat(ElementProtocol.parseInfo(trace.toByteArray())).isEqualTo(info);
  }

  @Test
  void suitesThatAreNotKnownArePassedOverAndAnEarlierElementHasTheFirst() {
    Bytes answer =
        Bytes.parse(
            "6f38840cf05374726f6e67726f6f6d01a528810201098210"
                + "00".repeat(16)
                + "830400000020"
                + "840400010001"
                + "8704010304ff");
    assertThat(ElementProtocol.parseInfo(answer.toByteArray()).suites())
        .containsExactlyInAnyOrder(HpkeSuite.P256, HpkeSuite.X25519_ML_KEM_768);
    Bytes earlier =
        Bytes.parse(
            "6f32840cf05374726f6e67726f6f6d01a522810201018210"
                + "00".repeat(16)
                + "830400000020"
                + "840400010001");
    assertThat(ElementProtocol.parseInfo(earlier.toByteArray()).suites())
        .containsExactly(HpkeSuite.P256);
  }
}
