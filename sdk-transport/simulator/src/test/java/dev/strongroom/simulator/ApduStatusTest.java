// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.apdu.ResponseApdu;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Raw APDUs against the table of status words in docs/spec/element-protocol.md. */
class ApduStatusTest {

  private static final String SELECT = "00A404000CF05374726F6E67726F6F6D0100";
  private static final String VOLUME = "404142434445464748494A4B4C4D4E4F";
  private static final String UID = "505152535455565758595A5B5C5D5E5F";
  private static final String RND = "606162636465666768696A6B6C6D6E6F";
  private static final String INITIALIZE = "800200000E0431323334083132333435363738";
  private static final String VERIFY = "002000810431323334";
  private static final String GRUB = "8010000035" + VOLUME + "00" + UID + RND + "0000000170";

  private static final String ONE_TIME_ID = VOLUME + "0000000000000001" + UID;

  /** The base point of P-256. */
  private static final String POINT =
      "046B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"
          + "4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5";

  private final SimulatedElement element =
      SimulatedElement.inMemory(SimulatedElementOptions.cheap());

  @BeforeEach
  void switchOn() throws Exception {
    element.powerOn();
  }

  private ResponseApdu send(String command) throws Exception {
    return ResponseApdu.parse(element.transmit(Bytes.parse(command).toByteArray()));
  }

  private void assertStatus(String command, String status) throws Exception {
    assertThat(send(command).status()).as(command).hasToString(status);
  }

  private void initialized() throws Exception {
    assertStatus(SELECT, "9000");
    assertStatus(INITIALIZE, "9000");
  }

  @Test
  void nothingWorksBeforeSelect() throws Exception {
    for (String command : new String[] {"00CA010000", VERIFY, GRUB, INITIALIZE, "0084000008"}) {
      assertStatus(command, "6D00");
    }
    assertStatus("00A4040005F00000000000", "6A82");
    assertStatus("00A4000C", "6A86");
  }

  @Test
  void aBlankElementRefusesPinsAndKeys() throws Exception {
    assertStatus(SELECT, "9000");
    assertStatus(VERIFY, "6985");
    assertStatus("00200081", "6985");
    assertStatus(GRUB, "6985");
    assertStatus("002C00810E0831323334353637380431323334", "6985");
    assertThat(send("0084000008").dataLength()).isEqualTo(8);
    initialized();
    assertStatus(INITIALIZE, "6985");
  }

  @Test
  void keysNeedTheUserOnThisChannel() throws Exception {
    initialized();
    assertStatus(GRUB, "6982");
    assertStatus(
        "801001003E" + VOLUME + UID + RND + "00000001" + "0000000000000000" + "000120", "6982");
    assertStatus("00200081", "63C5");
    assertStatus("002000810434333231", "63C4");
    assertStatus("00200081", "63C4");
    assertStatus(VERIFY, "9000");
    assertStatus("00200081", "9000");
    assertStatus("00200082", "63CA");
    assertStatus(GRUB, "9000");
    // A wrong PIN on this channel leaves the login as it was.
    assertStatus("002000810434333231", "63C4");
    assertStatus(GRUB, "9000");
    assertStatus("0020FF81", "9000");
    assertStatus(GRUB, "6982");
    assertStatus(VERIFY, "9000");
    assertStatus(SELECT, "9000");
    assertStatus(GRUB, "6982");
    assertStatus(VERIFY, "9000");
    element.powerOn();
    assertStatus(SELECT, "9000");
    assertStatus(GRUB, "6982");
    // The administrator's PIN opens no files.
    assertStatus("00200082083132333435363738", "9000");
    assertStatus(GRUB, "6982");
  }

  @Test
  void aBlockedPinSaysSo() throws Exception {
    initialized();
    for (int left = 4; left >= 0; left--) {
      assertStatus("002000810434333231", "63C" + left);
    }
    assertStatus(VERIFY, "6983");
    assertStatus("00200081", "6983");
    assertStatus("002C00810E0831323334353637380431323334", "9000");
    assertStatus(VERIFY, "9000");
  }

  @Test
  void malformedDataHaveTheirStatusWords() throws Exception {
    initialized();
    assertStatus(VERIFY, "9000");
    String head = "8010000035" + VOLUME;
    assertStatus(head + "01" + UID + "00".repeat(16) + "0000000070", "9000");
    assertStatus(head + "01" + UID + RND + "0000000070", "6A80");
    assertStatus(head + "02" + UID + RND + "0000000070", "6700");
    assertStatus(head + "03" + UID + RND + "0000000070", "6700");
    String managed = "8010000045" + VOLUME + "03" + UID + RND + "00000000";
    assertStatus(managed + "00".repeat(16) + "00", "6A80");
    assertStatus(managed + UID + "00", "6A88");
    assertStatus(head + "04" + UID + RND + "0000000070", "6A80");
    assertStatus("80100101" + "00", "6700");
    assertStatus("8010000010" + VOLUME + "70", "6700");
    assertStatus("8010000034" + VOLUME + "00" + UID + RND + "00000070", "6700");
    assertStatus("80100200" + "00", "6A86");
    assertStatus("80100001" + "00", "6A86");
    String pages = "801001003E" + VOLUME + UID + RND + "00000001";
    assertStatus(pages + "0000000000000000" + "0000" + "00", "6A80");
    assertStatus(pages + "0000000000000000" + "0041" + "00", "6A80");
    assertStatus(pages + "FFFFFFFFFFFFFFFF" + "0001" + "00", "6A80");
    assertStatus(pages + "7FFFFFFFFFFFFFFF" + "0001" + "00", "6A80");
    assertStatus("0020008103313233", "6A80");
    assertStatus("0020008304" + "31323334", "6A88");
    assertStatus("0020018104" + "31323334", "6A86");
    assertStatus("0020FF8104" + "31323334", "6700");
    assertStatus("0024008105" + "0531323334", "6700");
    assertStatus("00240081080331323303313233", "6A80");
    assertStatus("002C00820E0831323334353637380431323334", "6A88");
    assertStatus("00840000", "6700");
    assertStatus("00840000001C01", "6700");
    assertStatus("00CA010500", "6A88");
    assertStatus("00CA020000", "6A86");
    assertStatus("00C0000010", "6985");
    assertStatus("8060000000", "6D00");
    assertStatus("00B0000000", "6D00");
    assertStatus("0184000008", "6881");
    assertStatus("0C84000008", "6882");
    assertStatus("0884000008", "6882");
    assertStatus("4084000008", "6881");
    assertStatus("FE84000008", "6881");
    assertStatus("2084000008", "6E00");
    assertStatus("A084000008", "6E00");
    assertStatus("FF84000008", "6E00");
    assertStatus(GRUB, "9000");
  }

  @Test
  void chainsAreCollectedAndBrokenOnesForgotten() throws Exception {
    initialized();
    assertStatus("10200081023132", "9000");
    assertStatus("00200081023334", "9000");
    assertStatus("0020FF81", "9000");
    assertStatus("10200081023132", "9000");
    assertStatus("0084000008", "6883");
    assertStatus("00200081023334", "6A80");
    for (int i = 0; i < 28; i++) {
      assertStatus("90100000FF" + "00".repeat(255), "9000");
    }
    assertStatus("90100000FF" + "00".repeat(255), "6700");
    assertStatus(VERIFY, "9000");
  }

  @Test
  void longAnswersWaitForGetResponseAndNoLonger() throws Exception {
    initialized();
    assertStatus(VERIFY, "9000");
    ResponseApdu part = send(GRUB.substring(0, GRUB.length() - 2) + "10");
    assertThat(part.status()).hasToString("6160");
    assertThat(Bytes.copyOf(part.data())).hasToString(RND.toLowerCase(java.util.Locale.ROOT));
    part = send("00C0000050");
    assertThat(part.status()).hasToString("6110");
    assertThat(part.dataLength()).isEqualTo(0x50);
    assertStatus("00CA010100", "9000");
    assertStatus("00C0000010", "6985");
  }

  @Test
  void commandsOfALoginNeedIt() throws Exception {
    String[] commands = {
      "8020000000",
      "8020000010" + VOLUME + "00",
      "8022000058" + VOLUME + "00".repeat(72) + "08",
      "8030010020" + "00".repeat(32) + "40",
      "8032000010" + "00".repeat(16) + "00",
      "8034010047" + POINT + "00000000" + "0020" + "20",
      "8034010155" + POINT + "00000000" + "00".repeat(16) + "00",
      "803A010000",
      "803C000070" + "01" + ONE_TIME_ID + POINT + "00000000" + "0020" + "20",
      "803C010028" + ONE_TIME_ID,
      "803C020000",
    };
    assertStatus(SELECT, "9000");
    for (String command : commands) {
      assertStatus(command, "6985");
    }
    initialized();
    for (String command : commands) {
      assertStatus(command, "6982");
    }
    assertStatus(VERIFY, "9000");
    assertStatus(commands[0], "9000");
    assertStatus(commands[1], "9000");
    assertStatus(commands[2], "9000");
    assertStatus(commands[2], "6985");
    assertStatus(commands[1], "9000");
    for (int i = 3; i < 6; i++) {
      assertStatus(commands[i], "9000");
    }
    // The ciphertext is nothing's.
    assertStatus(commands[6], "6A80");
    for (int i = 7; i < commands.length; i++) {
      assertStatus(commands[i], "9000");
    }
  }

  @Test
  void dataOfTheReceiveRegisterHaveTheirStatusWords() throws Exception {
    initialized();
    assertThat(send("00CA0104000000").dataLength()).isEqualTo(1471);
    assertStatus(VERIFY, "9000");
    String tail = POINT + "00000000" + "0020" + "20";
    String receive = "803C000070" + "01" + ONE_TIME_ID + tail;
    assertThat(send("803C020002").data()).containsExactly(0, 0);
    assertStatus("803C010028" + ONE_TIME_ID, "6A88");
    assertStatus("803E000019" + "083132333435363738" + VOLUME, "6A88");
    assertStatus("803C000070" + "04" + ONE_TIME_ID + tail, "6A81");
    assertStatus("803C000070" + "00" + ONE_TIME_ID + tail, "6A81");
    assertStatus("803C000070" + "02" + ONE_TIME_ID + tail, "6700");
    assertStatus("803C00006F" + "01" + ONE_TIME_ID.substring(2) + tail, "6700");
    assertStatus("803C000000", "6700");
    for (String counter : new String[] {"0000000000000000", "8000000000000000"}) {
      String id = VOLUME + counter + UID;
      assertStatus("803C000070" + "01" + id + tail, "6A80");
      assertStatus("803C010028" + id, "6A80");
    }
    String offCurve = "04" + "01".repeat(64);
    String end = "00000000" + "0020" + "20";
    assertStatus("803C000070" + "01" + ONE_TIME_ID + offCurve + end, "6A80");
    assertStatus("803C000070" + "01" + ONE_TIME_ID + POINT + "00000000" + "0000" + "20", "6A80");
    assertStatus("803C000070" + "01" + ONE_TIME_ID + POINT + "00000000" + "0100" + "20", "6A80");
    assertStatus("803C000170" + "01" + ONE_TIME_ID + tail, "6A86");
    assertStatus("803C030028" + ONE_TIME_ID, "6A86");
    assertStatus("803C010027" + ONE_TIME_ID.substring(2), "6700");
    assertStatus("803C020001" + "00" + "00", "6700");
    assertThat(send("803C020002").data()).containsExactly(0, 0);
    assertStatus(receive, "9000");
    String other = VOLUME + "0000000000000001" + RND;
    assertStatus("803C000070" + "01" + other + tail, "6A89");
    assertStatus("803C010028" + other, "6A88");
    assertStatus(receive, "9000");
    assertStatus("803C010028" + ONE_TIME_ID, "9000");
    assertStatus("803C010028" + ONE_TIME_ID, "9000");
    assertStatus(receive, "6A89");
    assertThat(Bytes.copyOf(send("803C020022").data()))
        .isEqualTo(Bytes.parse("01" + VOLUME + "0000000000000001" + "0000000000000001" + "00"));
    assertStatus("803E000018" + "083132333435363738" + VOLUME.substring(2), "6700");
    assertStatus("803E000019" + "083030303030303030" + VOLUME, "63C9");
    assertStatus("803E010019" + "083132333435363738" + VOLUME, "6A86");
    assertStatus("803E000011" + "00" + VOLUME, "6A80");
    assertStatus("803E000019" + "083132333435363738" + VOLUME, "9000");
    assertStatus(receive, "9000");
  }

  @Test
  void malformedDataOfIdentityAndVersionsHaveTheirStatusWords() throws Exception {
    initialized();
    assertStatus(VERIFY, "9000");
    String offCurve = "04" + "01".repeat(64);
    assertStatus("8020010000", "6A86");
    assertStatus("8020000001" + "00" + "00", "6700");
    assertStatus("8022000057" + "00".repeat(87) + "08", "6700");
    assertStatus("8022000059" + "00".repeat(89) + "08", "6700");
    assertStatus("8024000019" + "083132333435363738" + VOLUME, "6A88");
    assertStatus("8024000018" + "083132333435363738" + VOLUME.substring(2), "6700");
    assertStatus("8024000011" + "00" + VOLUME, "6A80");
    for (String purpose : new String[] {"00", "02", "03", "04", "05", "06", "09", "FF"}) {
      assertStatus("8030" + purpose + "0020" + "00".repeat(32) + "40", "6A86");
    }
    assertStatus("8030070020" + "00".repeat(32) + "40", "9000");
    assertStatus("803001001F" + "00".repeat(31) + "40", "6700");
    assertStatus("803200000F" + "00".repeat(15) + "00", "6700");
    assertStatus("8032000041" + "00".repeat(65) + "00", "6700");
    assertStatus("8034000047" + POINT + "00000000" + "0020" + "20", "6A86");
    assertStatus("8034040047" + POINT + "00000000" + "0020" + "20", "6A86");
    assertStatus("8034020047" + POINT + "00000000" + "0020" + "20", "6700");
    assertStatus("8034020026" + "00".repeat(32) + "00000000" + "0020" + "20", "6A80");
    assertStatus("8034020026" + "09" + "00".repeat(31) + "00000000" + "0020" + "20", "9000");
    assertStatus("8034010247" + POINT + "00000000" + "0020" + "20", "6A86");
    assertStatus("8034010047" + POINT + "00000000" + "0000" + "20", "6A80");
    assertStatus("8034010047" + POINT + "00000000" + "0100" + "20", "6A80");
    assertStatus("8034010047" + POINT + "FFFF0000" + "0020" + "20", "6700");
    assertStatus("8034010047" + offCurve + "00000000" + "0020" + "20", "6A80");
    assertStatus("803401014A" + POINT + "00000000" + "0000000000" + "00", "6A80");
    assertStatus("00CA010300", "9000");
    assertStatus("8036000001" + "00", "6A80");
    assertStatus("803600000F" + "083132333435363738" + "000000000101", "6A80");
    assertStatus("8036020000", "6A86");
    assertStatus("8036010006" + "000000010100", "6A80");
    assertStatus("8038030000", "6A86");
    assertStatus("803800002A" + "083132333435363738" + "00".repeat(33), "6A86");
    assertStatus("803801002A" + "083132333435363738" + "00".repeat(33), "6A80");
    assertStatus("803A020000", "6A81");
    assertStatus("803A01000B" + "083132333435363738" + "0000", "6A80");
    assertStatus("8004010000", "6A86");
    assertStatus("8004000000", "6985");
    assertStatus("8004000003" + "313233", "6A80");
    assertStatus("800202000E0431323334083132333435363738", "6A86");
    assertStatus("00200082", "63CA");
  }

  @Test
  void aTwinWaits() throws Exception {
    assertStatus(SELECT, "9000");
    assertStatus("800201000E0431323334083132333435363738", "9000");
    assertThat(Bytes.copyOf(send("00CA01010C").data()).at(0)).isEqualTo((byte) 2);
    assertStatus(INITIALIZE, "6985");
    assertStatus(VERIFY, "9000");
    assertStatus(GRUB, "6985");
    assertThat(send("803A010020").dataLength()).isEqualTo(32);
  }

  @Test
  void wipingEndsTheLoginAndTheCertificatesGoWithIt() throws Exception {
    initialized();
    assertStatus(VERIFY, "9000");
    assertThat(send("00CA0102000000").dataLength()).isGreaterThan(400);
    assertStatus("8004000008" + "3030303030303030", "63C9");
    assertStatus(GRUB, "9000");
    assertStatus("8004000008" + "3132333435363738", "9000");
    assertStatus(GRUB, "6985");
    assertStatus("00CA010200", "6985");
    assertStatus("00200081", "6985");
    assertStatus(INITIALIZE, "9000");
    assertStatus(GRUB, "6982");
  }
}
