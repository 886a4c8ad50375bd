// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.apdu.Atr;
import dev.strongroom.core.device.ApplicationNotFoundException;
import dev.strongroom.core.device.AuthenticationFailedException;
import dev.strongroom.core.device.ElementInfo;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.ElementStatus;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.LifeCycle;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.device.StatusWordException;
import dev.strongroom.core.transport.ElementRemovedException;
import dev.strongroom.core.transport.FrameException;
import dev.strongroom.core.transport.TransportLimits;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over the wire, byte by byte as in docs/spec/element-protocol.md. */
class ApduLayersTest {

  private static final Atr ATR = Atr.parse("3B85800180738000C0B7");
  private static final String SELECT = "00a404000cf05374726f6e67726f6f6d0100";
  private static final String DESCRIPTION =
      "6f60840cf05374726f6e67726f6f6d01a55081020100821000112233445566778899aabbccddeeff"
          + "830400000007840400401c00852c73696d756c6174656420656c656d656e742c204172676f6e3269"
          + "64203634204d69422c20743d332c20703d31";
  private static final String VERIFY = "002000810431323334";
  private static final String LOGOUT = "0020ff81";
  private static final String IDS =
      "404142434445464748494a4b4c4d4e4f"
          + "00505152535455565758595a5b5c5d5e5f606162636465666768696a6b6c6d6e6f00000001";
  private static final String ANSWER =
      "606162636465666768696a6b6c6d6e6f"
          + "f857eca71a5e59e81e2e21f4a8887fd641c74117b6c375e336642ba9e39dc588"
          + "06d9fc81e8bafced0d9330e5dd41700da84c205fa19f2c9b99889513e1620fa5"
          + "0000000000000000000000000000000000000000000000000000000000000001";

  /** As {@link #ATR}, and it gives out the numbers of four logical channels. */
  private static final Atr CHANNELS = Atr.parse("3B85800180738000D3A4");

  private static ScriptedTransport script(TransportLimits limits, String... lines) {
    return script(ATR, limits, lines);
  }

  private static ScriptedTransport script(Atr atr, TransportLimits limits, String... lines) {
    List<Exchange> exchanges = new ArrayList<>();
    for (int i = 0; i < lines.length; i += 2) {
      exchanges.add(Exchange.of(lines[i], lines[i + 1]));
    }
    return new ScriptedTransport(atr, limits, exchanges);
  }

  private static SecretBytes pin(String text) {
    return SecretBytes.encode(text.toCharArray());
  }

  private static GrubRequest request() {
    return GrubRequest.existing(
        Bytes.parse("505152535455565758595a5b5c5d5e5f"),
        Bytes.parse("606162636465666768696a6b6c6d6e6f"),
        1);
  }

  private static Bytes volume() {
    return Bytes.parse("404142434445464748494a4b4c4d4e4f");
  }

  @Test
  void theTraceOfTheSpecification() throws Exception {
    ScriptedTransport script =
        script(
            TransportLimits.EXTENDED,
            SELECT,
            DESCRIPTION + "9000",
            "002000810434333231",
            "63c4",
            "00ca010000",
            DESCRIPTION + "9000",
            VERIFY,
            "9000",
            "8010000035" + IDS + "70",
            ANSWER + "9000",
            LOGOUT,
            "9000");
    try (SecureElement element = SecureElement.open(script)) {
      assertThatThrownBy(() -> element.login(pin("4321")))
          .isInstanceOfSatisfying(
              AuthenticationFailedException.class,
              e -> assertThat(e.attemptsRemaining()).isEqualTo(4));
      try (ElementSession session = element.login(pin("1234"));
          Grub grub = session.grub(volume(), List.of(request())).get(0)) {
        ElementInfo info = session.info();
        assertThat(info.serialNumber()).hasToString("00112233445566778899aabbccddeeff");
        assertThat(info.description()).isEqualTo("simulated element, Argon2id 64 MiB, t=3, p=1");
        assertThat(info.capabilities()).hasSize(3);
        Bytes enc = grub.enc().use(Bytes::copyOf);
        assertThat(enc)
            .hasToString("f857eca71a5e59e81e2e21f4a8887fd641c74117b6c375e336642ba9e39dc588");
      }
    }
    assertThat(script.remaining()).isEmpty();
  }

  @Test
  void longAnswersAreFetchedInPieces() throws Exception {
    ScriptedTransport script =
        script(
            TransportLimits.SHORT,
            SELECT,
            DESCRIPTION.substring(0, 20) + "6160",
            "00c0000060",
            DESCRIPTION.substring(20, 40) + "6100",
            "00c0000000",
            DESCRIPTION.substring(40) + "9000",
            "00ca010100",
            "6c0c",
            "00ca01010c",
            "01050a000000000000000009" + "9000");
    try (SecureElement element = SecureElement.open(script)) {
      assertThat(element.status()).isEqualTo(new ElementStatus(LifeCycle.INITIALIZED, 5, 10, 9));
    }
    assertThat(script.remaining()).isEmpty();
  }

  @Test
  void longCommandsAreCutWhereTheTransportIsShort() throws Exception {
    StringBuilder data = new StringBuilder(IDS.substring(0, 32));
    StringBuilder answers = new StringBuilder();
    List<GrubRequest> requests = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      data.append(IDS.substring(32));
      answers.append(ANSWER);
      requests.add(request());
    }
    // 16 + 7 * 37 = 275 bytes: 255 and 20.
    ScriptedTransport script =
        script(
            TransportLimits.SHORT,
            SELECT,
            DESCRIPTION + "9000",
            VERIFY,
            "9000",
            "90100000ff" + data.substring(0, 510),
            "9000",
            "8010000014" + data.substring(510) + "00",
            answers.substring(0, 512) + "6100",
            "00c0000000",
            answers.substring(512, 1024) + "6100",
            "00c0000000",
            answers.substring(1024, 1536) + "6110",
            "00c0000010",
            answers.substring(1536) + "9000",
            LOGOUT,
            "9000");
    try (SecureElement element = SecureElement.open(script);
        ElementSession session = element.login(pin("1234"))) {
      List<Grub> grubs = session.grub(volume(), requests);
      assertThat(grubs).hasSize(7);
      grubs.forEach(Grub::close);
    }
    assertThat(script.remaining()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "01, 01, 81, 91",
    "03, 03, 83, 93",
    "04, 40, C0, D0",
    "05, 41, C1, D1",
    "13, 4F, CF, DF"
  })
  void everyCommandCarriesTheNumberOfItsChannel(
      String number, String own, String proprietary, String chained) throws Exception {
    StringBuilder data = new StringBuilder(IDS.substring(0, 32));
    StringBuilder answers = new StringBuilder();
    List<GrubRequest> requests = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      data.append(IDS.substring(32));
      answers.append(ANSWER);
      requests.add(request());
    }
    ScriptedTransport script =
        script(
            CHANNELS,
            TransportLimits.SHORT,
            "0070000001",
            number + "9000",
            own + SELECT.substring(2),
            DESCRIPTION + "9000",
            own + VERIFY.substring(2),
            "9000",
            chained + "100000ff" + data.substring(0, 510),
            "9000",
            proprietary + "10000014" + data.substring(510) + "00",
            answers.substring(0, 512) + "6100",
            own + "c0000000",
            answers.substring(512, 1024) + "6100",
            own + "c0000000",
            answers.substring(1024, 1536) + "6110",
            own + "c0000010",
            answers.substring(1536) + "9000",
            own + LOGOUT.substring(2),
            "9000",
            "007080" + number,
            "9000");
    try (SecureElement element = SecureElement.open(script);
        ElementSession session = element.login(pin("1234"))) {
      session.grub(volume(), requests).forEach(Grub::close);
    }
    assertThat(script.remaining()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"6881", "6a81", "6d00", "6e00", "6a84"})
  void aCardThatHasNoFurtherChannelIsReachedOnTheBasicOne(String refusal) throws Exception {
    ScriptedTransport script =
        script(
            CHANNELS, TransportLimits.SHORT, "0070000001", refusal, SELECT, DESCRIPTION + "9000");
    try (SecureElement element = SecureElement.open(script)) {
      assertThat(element.info().maxBatch()).isEqualTo(64);
    }
    assertThat(script.remaining()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"9000", "009000", "149000", "ff9000", "01029000"})
  void aNumberThatIsNoneIsAFrameError(String answer) throws Exception {
    try (SecureElement element =
        SecureElement.open(script(CHANNELS, TransportLimits.SHORT, "0070000001", answer))) {
      assertThatThrownBy(element::info).isInstanceOf(FrameException.class);
    }
  }

  @Test
  void anElementThatWasResetIsRecognisedByItsAnswers() throws Exception {
    // On a further channel by its absence, on the basic one by the absence of the application.
    ScriptedTransport further =
        script(
            CHANNELS,
            TransportLimits.SHORT,
            "0070000001",
            "029000",
            "02" + SELECT.substring(2),
            DESCRIPTION + "9000",
            "02ca010100",
            "6881",
            "0070000001",
            "019000",
            "01" + SELECT.substring(2),
            DESCRIPTION + "9000",
            "00708001",
            "9000");
    ScriptedTransport basic =
        script(
            TransportLimits.SHORT,
            SELECT,
            DESCRIPTION + "9000",
            "00ca010100",
            "6d00",
            "00ca010100",
            "6d00",
            SELECT,
            DESCRIPTION + "9000");
    for (ScriptedTransport script : List.of(further, basic)) {
      try (SecureElement element = SecureElement.open(script)) {
        assertThatThrownBy(element::status).isInstanceOf(ElementRemovedException.class);
        assertThat(element.info().maxBatch()).isEqualTo(64);
      }
      assertThat(script.remaining()).isEmpty();
    }
  }

  @Test
  void aCommandThatAnElementLacksEndsNothing() throws Exception {
    ScriptedTransport script =
        script(
            TransportLimits.SHORT,
            SELECT,
            DESCRIPTION + "9000",
            VERIFY,
            "9000",
            "8010000035" + IDS + "70",
            "6d00",
            "00ca010100",
            "01050a000000000000000009" + "9000",
            "0084000002000404",
            "010203049000",
            LOGOUT,
            "9000");
    try (SecureElement element = SecureElement.open(script);
        ElementSession session = element.login(pin("1234"))) {
      assertThatThrownBy(() -> session.grub(volume(), List.of(request())))
          .isInstanceOf(StatusWordException.class);
      assertThat(session.random(4)).hasSize(4);
    }
    assertThat(script.remaining()).isEmpty();
  }

  @Test
  void malformedAnswersAreFrameErrors() throws Exception {
    for (String answer :
        List.of(
            "9000",
            "6f00" + "9000",
            DESCRIPTION.substring(0, 60) + "9000",
            DESCRIPTION.replace("8210", "8310") + "9000",
            "6f60" + "00".repeat(96) + "9000")) {
      try (SecureElement element =
          SecureElement.open(script(TransportLimits.SHORT, SELECT, answer))) {
        assertThatThrownBy(element::info).isInstanceOf(FrameException.class);
      }
    }
    try (SecureElement element =
        SecureElement.open(
            script(TransportLimits.SHORT, SELECT, DESCRIPTION + "9000", "00ca010100", "019000"))) {
      assertThatThrownBy(element::status).isInstanceOf(FrameException.class);
    }
    try (SecureElement element =
        SecureElement.open(script(TransportLimits.SHORT, SELECT, "6110", "00c0000010", "6110"))) {
      assertThatThrownBy(element::info).isInstanceOf(FrameException.class);
    }
  }

  @Test
  void aCardWithoutTheApplicationIsNamed() throws Exception {
    try (SecureElement element =
        SecureElement.open(script(TransportLimits.SHORT, SELECT, "6a82"))) {
      assertThatThrownBy(element::info)
          .isInstanceOf(ApplicationNotFoundException.class)
          .hasMessageContaining("F05374726F6E67726F6F6D01");
    }
    try (SecureElement element =
        SecureElement.open(script(TransportLimits.SHORT, SELECT, "6999"))) {
      assertThatThrownBy(element::info).isInstanceOf(StatusWordException.class);
    }
  }

  @Test
  void aScriptIsStrict() throws Exception {
    ScriptedTransport script = script(TransportLimits.SHORT, SELECT, "9000");
    script.powerOn();
    assertThatThrownBy(() -> script.transmit(new byte[] {0, 0, 0, 0}))
        .isInstanceOf(AssertionError.class);
  }
}
