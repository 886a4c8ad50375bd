// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.ResponseApdu;
import dev.strongroom.core.channel.ChannelCertificate;
import dev.strongroom.core.channel.ChannelKey;
import dev.strongroom.core.channel.Scp11b;
import dev.strongroom.core.channel.ScpSession;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.transport.TransportLimits;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.SignatureException;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The element's side of the secure channel: section 5 of docs/spec/element-protocol.md. */
@Tag("jdk25")
class SecureChannelTest {

  private static final String INITIALIZE = "800200000E0431323334083132333435363738";
  private static final String VERIFY = "002000810431323334";
  private static final String WRONG = "002000810434333231";
  private static final String VOLUME = "404142434445464748494A4B4C4D4E4F";
  private static final String ITEM =
      "00505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C6D6E6F00000001";
  private static final String GRUB = "8010000035" + VOLUME + ITEM + "70";
  private static final String STATUS = "00CA01010C";

  private final SimulatedElement element =
      SimulatedElement.inMemory(SimulatedElementOptions.cheap());
  private RawHost host = RawHost.beside(element.exposed());

  @TempDir Path folder;

  @BeforeEach
  void select() throws Exception {
    host = RawHost.on(element.exposed());
    host.select();
  }

  private void initialized() throws Exception {
    host.openSecureChannel();
    assertSecured(host, INITIALIZE, "9000");
  }

  private void loggedIn() throws Exception {
    initialized();
    assertSecured(host, VERIFY, "9000");
  }

  private static void assertSecured(RawHost host, String command, String status) throws Exception {
    assertThat(host.secured(command).status()).as(command).hasToString(status);
  }

  /** Whether the channel is over on the element's side, seen by a command that needs nothing. */
  private static void assertOver(RawHost host) throws Exception {
    CommandApdu command = CommandApdu.parse(Bytes.parse(STATUS).toByteArray());
    ResponseApdu answer = host.send(host.session().protect(command, TransportLimits.EXTENDED));
    assertThat(answer.status()).hasToString("6988");
    assertThat(answer.dataLength()).isZero();
  }

  @Test
  void aBlankElementIsInitialisedAndUsedWithinIt() throws Exception {
    loggedIn();
    ResponseApdu keys = host.secured(GRUB);
    assertThat(keys.status()).hasToString("9000");
    assertThat(keys.dataLength()).isEqualTo(112);
    assertSecured(host, "00240081" + "0A" + "0431323334" + "0435363738", "9000");
    assertSecured(host, "0020FF81", "9000");
    assertSecured(host, GRUB, "6982");
    assertSecured(host, VERIFY, "63C4");
    assertSecured(host, "002000810435363738", "9000");
    assertThat(host.secured(GRUB).data()).startsWith(Arrays.copyOf(keys.data(), 80));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void longCommandsAndAnswersGoInOnePieceOrInMany(boolean inOnePiece) throws Exception {
    loggedIn();
    RawHost way =
        new RawHost(
            element.exposed(), inOnePiece ? TransportLimits.EXTENDED : TransportLimits.SHORT, 0);
    way.openSecureChannel();
    assertSecured(way, VERIFY, "9000");
    StringBuilder items = new StringBuilder(VOLUME);
    for (int i = 0; i < 64; i++) {
      items.append(ITEM);
    }
    byte[] data = Bytes.parse(items.toString()).toByteArray();
    ResponseApdu keys = way.secured(CommandApdu.of(0x80, 0x10, 0, 0, data, 7168));
    assertThat(keys.dataLength()).isEqualTo(64 * 112);
    for (int count : new int[] {1, 16, 255, 256, 7168}) {
      byte[] asked = {(byte) (count >>> 8), (byte) count};
      assertThat(way.secured(CommandApdu.of(0, 0x84, 0, 0, asked, count)).dataLength())
          .isEqualTo(count);
    }
    assertSecured(way, "0084000002" + "0000" + "00", "6A80");
    assertSecured(way, "0084000002" + "1C01" + "00", "6A80");
    assertSecured(way, "0084000003" + "000001" + "00", "6700");
  }

  @Test
  void wrongPinsAreAnsweredUnderMacAndTheChannelGoesOn() throws Exception {
    initialized();
    CommandApdu wrong = CommandApdu.parse(Bytes.parse(WRONG).toByteArray());
    ResponseApdu answer = host.send(host.session().protect(wrong, TransportLimits.EXTENDED));
    assertThat(answer.status()).hasToString("63C4");
    assertThat(answer.dataLength()).isEqualTo(8);
    assertThat(host.session().open(answer).status()).hasToString("63C4");
    for (int left = 3; left >= 0; left--) {
      assertSecured(host, WRONG, "63C" + left);
    }
    assertSecured(host, VERIFY, "6983");
    assertSecured(host, STATUS, "9000");
  }

  @Test
  void itStaysOpenWhenClearCommandsComeInBetween() throws Exception {
    loggedIn();
    assertThat(host.plain(STATUS).status()).hasToString("9000");
    assertThat(host.plain("0084000008").status()).hasToString("9000");
    assertThat(host.plain("80CABF2100").status()).hasToString("9000");
    assertThat(host.plain(GRUB).status()).hasToString("6982");
    assertSecured(host, GRUB, "9000");
    // The end of a login needs no secure channel; the login's own belongs to it.
    assertThat(host.plain("0020FF81").status()).hasToString("9000");
    assertSecured(host, GRUB, "6982");
  }

  @Test
  void selectEndsItAndTheLogin() throws Exception {
    loggedIn();
    host.select();
    assertOver(host);
    host.openSecureChannel();
    assertSecured(host, GRUB, "6982");
    assertSecured(host, VERIFY, "9000");
    // A SELECT that comes within it is still answered in it.
    assertSecured(host, RawHost.SELECT, "9000");
    assertOver(host);
    host.openSecureChannel();
    assertSecured(host, GRUB, "6982");
    // One that selects nothing leaves everything as it was.
    assertSecured(host, VERIFY, "9000");
    assertThat(host.plain("00A4040005F00000000000").status()).hasToString("6A82");
    assertSecured(host, GRUB, "9000");
  }

  @Test
  void aNewOneEndsTheOneBeforeAndTheLogin() throws Exception {
    loggedIn();
    ScpSession before = host.session();
    host.openSecureChannel();
    assertSecured(host, GRUB, "6982");
    assertSecured(host, VERIFY, "9000");
    CommandApdu command = CommandApdu.parse(Bytes.parse(STATUS).toByteArray());
    assertThat(host.send(before.protect(command, TransportLimits.EXTENDED)).status())
        .hasToString("6988");
    // The wrong MAC has ended the new one too.
    assertOver(host);
    host.openSecureChannel();
    assertSecured(host, GRUB, "6982");
  }

  @Test
  void aNewOneCanBeOpenedWithinTheOneBefore() throws Exception {
    loggedIn();
    CommandApdu opening = Scp11b.start(new SecureRandom()).command();
    assertThat(host.secured(opening).dataLength()).isEqualTo(86);
    assertOver(host);
  }

  @Test
  void aWrongMacEndsItAndTheLogin() throws Exception {
    loggedIn();
    CommandApdu good = host.session().protect(command(STATUS), TransportLimits.EXTENDED);
    byte[] wire = good.encode();
    wire[wire.length - 2] ^= 1;
    assertThat(host.raw(wire).status()).hasToString("6988");
    assertThat(host.plain("00200081").status()).hasToString("63C5");
    // Not even the right one is taken now.
    assertThat(host.raw(good.encode()).status()).hasToString("6988");
    host.openSecureChannel();
    assertSecured(host, GRUB, "6982");
  }

  @Test
  void aLoginMadeOutsideStaysWhenItEnds() throws Exception {
    loggedIn();
    RawHost inside = RawHost.beside(element.byApdu());
    byte[] wire = host.session().protect(command(STATUS), TransportLimits.EXTENDED).encode();
    wire[wire.length - 2] ^= 1;
    assertThat(inside.raw(wire).status()).hasToString("6988");
    assertThat(inside.plain(GRUB).status()).hasToString("6982");
    assertThat(inside.plain(VERIFY).status()).hasToString("9000");
    inside.openSecureChannel();
    inside.openSecureChannel();
    assertThat(inside.plain(GRUB).status()).hasToString("9000");
    // Of two logins, the last one counts.
    assertSecured(inside, VERIFY, "9000");
    assertThat(inside.plain(VERIFY).status()).hasToString("9000");
    inside.openSecureChannel();
    assertThat(inside.plain(GRUB).status()).hasToString("9000");
    assertSecured(inside, VERIFY, "9000");
    inside.openSecureChannel();
    assertThat(inside.plain(GRUB).status()).hasToString("6982");
  }

  @Test
  void aCommandOnceMoreIsRefused() throws Exception {
    initialized();
    byte[] wrong = host.session().protect(command(WRONG), TransportLimits.EXTENDED).encode();
    assertThat(host.raw(wrong).status()).hasToString("63C4");
    assertThat(host.raw(wrong).status()).hasToString("6988");
    // It counted once.
    assertThat(host.plain("00200081").status()).hasToString("63C4");
  }

  @Test
  void aResetEndsIt() throws Exception {
    loggedIn();
    element.powerOn();
    host.select();
    assertOver(host);
    host.openSecureChannel();
    assertSecured(host, GRUB, "6982");
  }

  @Test
  void eachLogicalChannelHasItsOwn() throws Exception {
    loggedIn();
    RawHost other = host.openChannel();
    other.select();
    other.openSecureChannel();
    assertSecured(other, GRUB, "6982");
    assertSecured(host, GRUB, "9000");
    assertSecured(other, VERIFY, "9000");
    assertSecured(other, GRUB, "9000");
    assertSecured(host, GRUB, "9000");
    // What was protected on one channel means nothing on another.
    byte[] wire = host.session().protect(command(STATUS), TransportLimits.EXTENDED).encode();
    wire[0] |= (byte) other.number();
    assertThat(host.raw(wire).status()).hasToString("6988");
    assertOver(other);
    // A session that this channel has never seen.
    RawHost stranger = host.openChannel();
    stranger.select();
    assertOver(RawHost.withSession(element.exposed(), stranger.number(), host.session()));
    host.plain("007080" + String.format("%02X", other.number()));
    RawHost again = host.openChannel();
    again.select();
    again.openSecureChannel();
    assertSecured(again, GRUB, "6982");
  }

  @Test
  void aChannelIsClosedWithinItsOwnSecureChannel() throws Exception {
    RawHost other = host.openChannel();
    other.select();
    other.openSecureChannel();
    assertSecured(other, "00708000", "9000");
    assertThat(other.plain(STATUS).status()).hasToString("6881");
  }

  @Test
  void aProtectedCommandWithoutOneIsRefused() throws Exception {
    assertThat(host.plain("04CA010108" + "00".repeat(8)).status()).hasToString("6988");
    assertThat(host.plain("84100000" + "08" + "00".repeat(8)).status()).hasToString("6988");
    assertThat(host.plain("04CA0101").status()).hasToString("6988");
  }

  @Test
  void chainsMixClearAndProtectedLinksInVain() throws Exception {
    loggedIn();
    CommandApdu good = host.session().protect(command(STATUS), TransportLimits.EXTENDED);
    byte[] data = good.data();
    String half = Bytes.copyOf(data, 0, 4).toString();
    assertThat(host.raw("14CA010104" + half).status()).hasToString("9000");
    assertThat(host.raw("00CA010100").status()).hasToString("6883");
    // Neither half was executed, and the channel is as it was: the same command is taken whole.
    assertThat(host.session().open(host.send(good)).dataLength()).isEqualTo(12);
  }

  @Test
  void malformedOpeningsAreRefusedAndLeaveTheChannelAsItWas() throws Exception {
    loggedIn();
    assertThat(host.plain("8088011301" + "00").status()).hasToString("6A80");
    assertThat(host.plain("80880113").status()).hasToString("6A80");
    assertThat(host.plain("80880213").status()).hasToString("6A86");
    assertThat(host.plain("80880111").status()).hasToString("6A86");
    String offTheCurve = "A60D9002110095013C8001888101105F494104" + "11".repeat(64);
    assertThat(host.plain("8088011353" + offTheCurve + "00").status()).hasToString("6A80");
    String cMacOnly = "A60D9002110095011C8001888101105F494104" + "11".repeat(64);
    assertThat(host.plain("8088011353" + cMacOnly + "00").status()).hasToString("6A80");
    assertSecured(host, GRUB, "9000");
  }

  @Test
  void theCertificateIsTheSameEveryTimeAndOnlyThisOne() throws Exception {
    byte[] certificate = host.plain("80CABF2100").data();
    assertThat(host.plain("80CABF2106A6048302130100").data()).isEqualTo(certificate);
    assertThat(host.plain("80CABF2106A6048302110100").status()).hasToString("6A80");
    assertThat(host.plain("80CABF2200").status()).hasToString("6A88");
    ChannelCertificate read = ChannelCertificate.parse(certificate);
    assertThat(read.serialNumber())
        .isEqualTo(ElementProtocol.parseInfo(host.plain("00CA010000").data()).serialNumber());
    initialized();
    element.powerOn();
    host.select();
    assertThat(host.plain("80CABF2100").data()).isEqualTo(certificate);
  }

  @Test
  void theChannelKeyIsMadeWithTheElementAndStaysWithItsFile() throws Exception {
    Path file = folder.resolve("element");
    ChannelKey key;
    try (SimulatedElement made = SimulatedElement.open(file, SimulatedElementOptions.cheap())) {
      RawHost maker = RawHost.on(made.exposed());
      maker.select();
      key = maker.channelKey();
      maker.openSecureChannel();
      assertSecured(maker, INITIALIZE, "9000");
      assertThat(maker.channelKey()).isEqualTo(key);
    }
    try (SimulatedElement again = SimulatedElement.open(file, SimulatedElementOptions.cheap())) {
      RawHost user = RawHost.on(again.exposed());
      user.select();
      assertThat(user.channelKey()).isEqualTo(key);
      user.openSecureChannel();
      assertSecured(user, VERIFY, "9000");
    }
  }

  @Test
  void anotherElementHasAnotherKey() throws Exception {
    SimulatedElement second = SimulatedElement.inMemory(SimulatedElementOptions.cheap());
    RawHost other = RawHost.on(second.exposed());
    other.select();
    ChannelKey wrong = other.channelKey();
    Scp11b opening = Scp11b.start(new SecureRandom());
    byte[] answer = host.send(opening.command()).data();
    assertThatThrownBy(() -> opening.finish(answer, wrong)).isInstanceOf(SignatureException.class);
  }

  private static CommandApdu command(String hex) {
    return CommandApdu.parse(Bytes.parse(hex).toByteArray());
  }
}
