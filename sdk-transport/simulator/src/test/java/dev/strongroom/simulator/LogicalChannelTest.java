// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Logical channels, APDU by APDU: section 1 of docs/spec/element-protocol.md. */
class LogicalChannelTest {

  private static final String INITIALIZE = "800200000E0431323334083132333435363738";
  private static final String VERIFY = "002000810431323334";
  private static final String GRUB =
      "8010000035404142434445464748494A4B4C4D4E4F00505152535455565758595A5B5C5D5E5F"
          + "606162636465666768696A6B6C6D6E6F0000000170";

  private final SimulatedElement element =
      SimulatedElement.inMemory(SimulatedElementOptions.cheap());
  private RawHost basic = RawHost.beside(element);

  @BeforeEach
  void switchOn() throws Exception {
    basic = RawHost.on(element);
  }

  private static void assertStatus(RawHost host, String command, String status) throws Exception {
    assertThat(host.plain(command).status()).as(command).hasToString(status);
  }

  @Test
  void threeSupplementaryChannelsAreOpenedAndClosed() throws Exception {
    assertThat(basic.openChannel().number()).isEqualTo(1);
    RawHost second = basic.openChannel();
    assertThat(second.number()).isEqualTo(2);
    // A supplementary channel can open another one.
    RawHost third = second.openChannel();
    assertThat(third.number()).isEqualTo(3);
    assertStatus(basic, "0070000001", "6881");
    assertStatus(basic, "00708002", "9000");
    assertStatus(second, RawHost.SELECT, "6881");
    assertThat(basic.openChannel().number()).isEqualTo(2);
    // A channel closes itself: by its number, and by none.
    assertStatus(third, "00708003", "9000");
    assertStatus(third, RawHost.SELECT, "6881");
    assertStatus(second, "00708000", "9000");
    assertStatus(second, RawHost.SELECT, "6881");
  }

  @Test
  void whatCannotBeOpenedOrClosedIsRefused() throws Exception {
    assertStatus(basic, "00708000", "6A86");
    assertStatus(basic, "00708001", "6881");
    assertStatus(basic, "007080FF", "6881");
    assertStatus(basic, "0070000100", "6A86");
    assertStatus(basic, "0070400001", "6A86");
    assertStatus(basic, "00700000010001", "6700");
    for (int cla : new int[] {0x01, 0x02, 0x03, 0x81, 0x40, 0x4F, 0xC0, 0xFE}) {
      assertThat(basic.raw(String.format("%02X84000008", cla)).status())
          .as("class %02X", cla)
          .hasToString("6881");
    }
  }

  @Test
  void selectionAndLoginBelongToTheirChannel() throws Exception {
    basic.select();
    assertStatus(basic, INITIALIZE, "9000");
    assertStatus(basic, VERIFY, "9000");
    RawHost other = basic.openChannel();
    assertStatus(other, GRUB, "6D00");
    other.select();
    assertStatus(other, GRUB, "6982");
    assertStatus(basic, GRUB, "9000");
    assertStatus(other, VERIFY, "9000");
    assertStatus(basic, "0020FF81", "9000");
    assertStatus(other, GRUB, "9000");
    assertStatus(basic, GRUB, "6982");
    assertStatus(basic, "007080" + String.format("%02X", other.number()), "9000");
    RawHost again = basic.openChannel();
    assertThat(again.number()).isEqualTo(other.number());
    assertStatus(again, GRUB, "6D00");
    again.select();
    assertStatus(again, GRUB, "6982");
  }

  @Test
  void chainsAndAnswersHalfFetchedBelongToTheirChannel() throws Exception {
    basic.select();
    assertStatus(basic, INITIALIZE, "9000");
    RawHost other = basic.openChannel();
    other.select();
    assertThat(basic.raw("10200081023132").status()).hasToString("9000");
    assertThat(other.raw("11200081023132").status()).hasToString("9000");
    assertThat(basic.raw("00200081023334").status()).hasToString("9000");
    assertThat(other.raw("01200081023334").status()).hasToString("9000");
    String grub = GRUB.substring(2, GRUB.length() - 2);
    assertThat(basic.raw("80" + grub + "10").status()).hasToString("6160");
    assertThat(other.raw("81" + grub + "20").status()).hasToString("6150");
    assertThat(basic.raw("00C0000010").status()).hasToString("6150");
    assertThat(other.raw("01C0000010").status()).hasToString("6140");
    assertThat(other.raw("01CA010100").status()).hasToString("9000");
    assertThat(other.raw("01C0000010").status()).hasToString("6985");
    assertThat(basic.raw("00C0000050").status()).hasToString("9000");
  }

  @Test
  void aResetClosesThem() throws Exception {
    RawHost other = basic.openChannel();
    other.select();
    element.powerOn();
    assertStatus(other, RawHost.SELECT, "6881");
  }

  @Test
  void theAnswerToResetAnnouncesThem() throws Exception {
    byte[] historical = element.powerOn().historicalBytes().toByteArray();
    // Category, card capabilities: selection by name; -; chaining, extended length, by the card, 4.
    assertThat(historical).containsExactly(0x80, 0x73, 0x80, 0x00, 0xC0 | 0x10 | 0x03);
  }
}
