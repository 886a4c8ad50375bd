// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.apdu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandApduTest {

  /** The seven cases of ISO/IEC 7816-3:2006, 12.1. */
  @ParameterizedTest
  @CsvSource({
    "0, 0, 00A40400",
    "0, 1, 00A4040001",
    "0, 256, 00A4040000",
    "0, 257, 00A40400000101",
    "0, 65536, 00A40400000000",
    "2, 0, 00A4040002AAAA",
    "2, 255, 00A4040002AAAAFF",
    "2, 256, 00A4040002AAAA00",
    "2, 257, 00A40400000002AAAA0101",
    "2, 65536, 00A40400000002AAAA0000"
  })
  void everyCaseHasItsEncoding(int length, int expected, String wire) {
    byte[] data = new byte[length];
    java.util.Arrays.fill(data, (byte) 0xAA);
    CommandApdu command = CommandApdu.of(0x00, 0xA4, 0x04, 0x00, data, expected);
    assertThat(HexFormat.of().withUpperCase().formatHex(command.encode())).isEqualTo(wire);
    CommandApdu parsed = CommandApdu.parse(HexFormat.of().parseHex(wire));
    assertThat(parsed.data()).isEqualTo(data);
    assertThat(parsed.expected()).isEqualTo(expected);
  }

  @Test
  void whatIsEncodedIsParsedBack() {
    Random random = new Random(7816);
    int[] lengths = {0, 1, 254, 255, 256, 257, 1000, 65_535};
    int[] expectations = {0, 1, 255, 256, 257, 7168, 65_535, 65_536};
    for (int length : lengths) {
      for (int expected : expectations) {
        byte[] data = new byte[length];
        random.nextBytes(data);
        CommandApdu command = CommandApdu.of(0x90, 0x10, 1, 2, data, expected);
        CommandApdu parsed = CommandApdu.parse(command.encode());
        assertThat(parsed.data()).isEqualTo(data);
        assertThat(parsed.expected()).isEqualTo(expected);
        assertThat(parsed.isExtended()).isEqualTo(length > 255 || expected > 256);
        assertThat(new int[] {parsed.cla(), parsed.ins(), parsed.p1(), parsed.p2()})
            .containsExactly(0x90, 0x10, 1, 2);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00A404",
        "00A4040002AA",
        "00A4040002AAAAAAAA",
        "00A404000001",
        "00A4040000000201",
        "00A40400000002AA",
        "00A40400000002AAAA01",
        "00A40400000000AA",
        "00A40400000002AAAA010101"
      })
  void lengthsThatDoNotFitAreRefused(String wire) {
    assertThatThrownBy(() -> CommandApdu.parse(HexFormat.of().parseHex(wire)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void garbageIsParsedOrRefusedAndNothingElse() {
    Random random = new Random(20_261_121);
    for (int round = 0; round < 20_000; round++) {
      byte[] wire = new byte[random.nextInt(20)];
      random.nextBytes(wire);
      if (wire.length > 4 && random.nextBoolean()) {
        wire[4] = (byte) random.nextInt(wire.length);
      }
      try {
        byte[] encoded = CommandApdu.parse(wire).encode();
        assertThat(encoded).isEqualTo(wire);
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageNotContaining("Index");
      }
    }
  }

  @Test
  void closingZeroesTheDataAndNothingPrintsThem() {
    CommandApdu command = CommandApdu.of(0, 0x20, 0, 0x81, new byte[] {0x31, 0x32}, 0);
    assertThat(command).hasToString("00 20 00 81 Nc=2 Ne=0");
    command.close();
    assertThat(command.data()).containsOnly(0);
  }

  @Test
  void valuesOutOfRangeAreRefused() {
    assertThatThrownBy(() -> CommandApdu.of(256, 0, 0, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CommandApdu.of(0, 0, 0, 0, 65_537))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CommandApdu.of(0, 0, 0, 0, new byte[65_536], 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
