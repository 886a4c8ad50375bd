// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.apdu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BerTlvTest {

  @Test
  void tagsAndLengthsTakeTheirShortestForm() {
    for (int tag : new int[] {0x01, 0x84, 0x6F, 0x5F2D, 0x7F21, 0xBF8101}) {
      for (int length : new int[] {0, 1, 127, 128, 255, 256, 65_535}) {
        BerTlv object = new BerTlv(tag, Bytes.copyOf(new byte[length]));
        byte[] wire = object.encode();
        assertThat(BerTlv.parseAll(Bytes.copyOf(wire))).containsExactly(object);
        int tagBytes = tag > 0xFFFF ? 3 : tag > 0xFF ? 2 : 1;
        int lengthBytes = length > 255 ? 3 : length > 127 ? 2 : 1;
        assertThat(wire).hasSize(tagBytes + lengthBytes + length);
      }
    }
  }

  @Test
  void objectsNestAndAreFoundByTag() {
    BerTlv inner = new BerTlv(0x84, Bytes.parse("a0"));
    BerTlv outer = BerTlv.of(0x6F, List.of(inner, new BerTlv(0x85, Bytes.parse(""))));
    assertThat(Bytes.copyOf(outer.encode())).hasToString("6f058401a08500");
    List<BerTlv> children = BerTlv.parseAll(outer.value());
    assertThat(BerTlv.find(children, 0x84)).contains(Bytes.parse("a0"));
    assertThat(BerTlv.find(children, 0x86)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "84",
        "8402a0",
        "8480",
        "848101a0",
        "84820001a0",
        "84830000a0",
        "9f",
        "9f84",
        "9f848484",
        "1f81818101a0"
      })
  void whatIsCutOrNotInShortestFormIsRefused(String wire) {
    assertThatThrownBy(() -> BerTlv.parseAll(Bytes.parse(wire)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void garbageIsParsedOrRefusedAndNothingElse() {
    Random random = new Random(8825);
    for (int round = 0; round < 50_000; round++) {
      byte[] wire = new byte[random.nextInt(12)];
      random.nextBytes(wire);
      try {
        BerTlv.parseAll(Bytes.copyOf(wire));
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }
}
