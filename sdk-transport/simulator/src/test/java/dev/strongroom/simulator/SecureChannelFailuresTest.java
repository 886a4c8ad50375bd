// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.channel.ChannelCertificate;
import dev.strongroom.core.channel.ChannelKeyPair;
import dev.strongroom.core.channel.Scp11b;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.Role;
import dev.strongroom.core.device.SecureChannelException;
import dev.strongroom.core.device.SecureChannelException.Reason;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.testkit.AlteringTransport;
import dev.strongroom.core.testkit.AlteringTransport.Alteration;
import dev.strongroom.core.testkit.Exchange;
import dev.strongroom.core.testkit.RecordingTransport;
import dev.strongroom.core.transport.FrameException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody on the wire changes answers: what the host says, and that the next session works. */
class SecureChannelFailuresTest {

  private static final byte[] REFUSED = {0x69, (byte) 0x88};

  private final SimulatedElement simulated;
  private final RecordingTransport record;
  private final AlteringTransport wire;

  SecureChannelFailuresTest() throws Exception {
    simulated = Stored.simulated(MemoryElementStore.of(Stored.initialized()));
    record = new RecordingTransport(simulated.exposed());
    wire = new AlteringTransport(record);
  }

  private static int ins(byte[] command) {
    return command[1] & 0xFF;
  }

  private static boolean isCertificate(byte[] command) {
    return ins(command) == ElementProtocol.INS_GET_DATA && (command[2] & 0xFF) == 0xBF;
  }

  private static Alteration ofCertificate(Alteration alteration) {
    return (command, response) ->
        isCertificate(command) ? alteration.of(command, response) : response;
  }

  private static Alteration of(int ins, Alteration alteration) {
    return (command, response) -> ins(command) == ins ? alteration.of(command, response) : response;
  }

  private static byte[] success(Bytes data) {
    byte[] response = Arrays.copyOf(data.toByteArray(), data.length() + 2);
    response[data.length()] = (byte) 0x90;
    return response;
  }

  private static void refused(Reason reason, ThrowingCallable work) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(
            SecureChannelException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static List<GrubRequest> request() {
    return List.of(GrubRequest.existing(Stored.UID, Stored.RND, 0));
  }

  /** Every PIN that was sent went through a secure channel, and the element has counted none. */
  private void requireNoPinSent() throws Exception {
    for (Exchange exchange : record.exchanges()) {
      assertThat(ins(exchange.command().toByteArray())).isNotEqualTo(ElementProtocol.INS_VERIFY);
    }
  }

  private void requireThatAFreshSessionWorks(SecureElement element) throws Exception {
    wire.alter((command, response) -> response);
    try (ElementSession session = element.login(Stored.pin(Stored.USER_PIN))) {
      assertThat(session.grub(Stored.VOLUME, request())).hasSize(1);
    }
  }

  @Test
  void everyByteOfTheCertificateCounts() throws Exception {
    try (SecureElement element = SecureElement.open(wire)) {
      int[] length = {1};
      for (int at = 0; at < length[0]; at++) {
        int changed = at;
        wire.alter(
            ofCertificate(
                (command, response) -> {
                  length[0] = response.length - 2;
                  response[changed] ^= 0x01;
                  return response;
                }));
        refused(Reason.CERTIFICATE, () -> element.login(Stored.pin(Stored.USER_PIN)));
      }
      assertThat(length[0]).isGreaterThan(200);
      requireNoPinSent();
      requireThatAFreshSessionWorks(element);
    }
  }

  @Test
  void aCertificateOfAnotherElementIsRefused() throws Exception {
    SecureRandom random = new SecureRandom();
    Bytes other =
        ChannelCertificate.sign(
            Bytes.parse("00112233445566778899aabbccddeeff"), ChannelKeyPair.generate(random));
    try (SecureElement element = SecureElement.open(wire)) {
      wire.alter(ofCertificate((command, response) -> success(other)));
      refused(Reason.CERTIFICATE, () -> element.login(Stored.pin(Stored.USER_PIN)));
      Bytes forged =
          ChannelCertificate.sign(element.info().serialNumber(), ChannelKeyPair.generate(random));
      wire.alter(ofCertificate((command, response) -> success(forged)));
      refused(Reason.RECEIPT, () -> element.login(Stored.pin(Stored.USER_PIN)));
      wire.alter(ofCertificate((command, response) -> new byte[] {0x6A, (byte) 0x88}));
      refused(Reason.REFUSED, () -> element.login(Stored.pin(Stored.USER_PIN)));
      requireNoPinSent();
      requireThatAFreshSessionWorks(element);
    }
  }

  @Test
  void everyByteOfTheReceiptAndOfTheElementsPointCounts() throws Exception {
    try (SecureElement element = SecureElement.open(wire)) {
      for (int at = 0; at < 87 - 1; at++) {
        int changed = at;
        wire.alter(
            of(
                Scp11b.INS,
                (command, response) -> {
                  response[changed] ^= 0x01;
                  return response;
                }));
        refused(Reason.RECEIPT, () -> element.login(Stored.pin(Stored.USER_PIN)));
      }
      for (Alteration alteration :
          List.<Alteration>of(
              (command, response) -> new byte[] {(byte) 0x90, 0},
              (command, response) -> Arrays.copyOfRange(response, 1, response.length),
              (command, response) -> success(Bytes.copyOf(new byte[300])))) {
        wire.alter(of(Scp11b.INS, alteration));
        refused(Reason.RECEIPT, () -> element.login(Stored.pin(Stored.USER_PIN)));
      }
      wire.alter(of(Scp11b.INS, (command, response) -> new byte[] {0x6A, (byte) 0x80}));
      refused(Reason.REFUSED, () -> element.login(Stored.pin(Stored.USER_PIN)));
      requireNoPinSent();
      requireThatAFreshSessionWorks(element);
    }
  }

  @Test
  void anElementThatHasNoSecureChannelGetsNoPin() throws Exception {
    try (SecureElement element = SecureElement.open(wire)) {
      wire.alter(
          of(
              ElementProtocol.INS_SELECT,
              (command, response) -> {
                Bytes capabilities = Bytes.parse("8304");
                int at = indexOf(response, capabilities);
                response[at + 5] &= ~0x08;
                return response;
              }));
      refused(Reason.NOT_SUPPORTED, () -> element.login(Stored.pin(Stored.USER_PIN)));
      refused(Reason.NOT_SUPPORTED, () -> element.verify(Role.USER, Stored.pin("1234")));
      refused(
          Reason.NOT_SUPPORTED,
          () ->
              element.initialize(
                  Stored.pin(Stored.USER_PIN), Stored.pin(Stored.ADMINISTRATOR_PIN)));
      requireNoPinSent();
    }
  }

  private static int indexOf(byte[] content, Bytes part) {
    for (int at = 0; at + part.length() <= content.length; at++) {
      if (Bytes.copyOf(content, at, part.length()).equals(part)) {
        return at;
      }
    }
    throw new AssertionError(part + " is missing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"wrong MAC", "wrong data", "no MAC", "status only", "other success", "too long"})
  void anAnswerThatIsNotRightlyProtectedEndsTheSession(String how) throws Exception {
    Alteration alteration =
        switch (how) {
          case "wrong MAC" ->
              (command, response) -> {
                response[response.length - 3] ^= 1;
                return response;
              };
          case "wrong data" ->
              (command, response) -> {
                response[0] ^= 1;
                return response;
              };
          case "no MAC" ->
              (command, response) -> success(Bytes.copyOf(response, 0, response.length - 10));
          case "status only" -> (command, response) -> new byte[] {(byte) 0x90, 0};
          case "other success" ->
              (command, response) -> {
                response[response.length - 2] = 0x63;
                response[response.length - 1] = 0;
                return response;
              };
          case "too long" ->
              (command, response) -> success(Bytes.copyOf(Arrays.copyOf(response, 300)));
          default -> throw new AssertionError(how);
        };
    try (SecureElement element = SecureElement.open(wire)) {
      ElementSession session = element.login(Stored.pin(Stored.USER_PIN));
      List<String> told = new ArrayList<>();
      session.onRemoved(() -> told.add("lost"));
      wire.alter(of(ElementProtocol.INS_GRUB, alteration));
      refused(Reason.ANSWER, () -> session.grub(Stored.VOLUME, request()));
      wire.alter((command, response) -> response);
      int sent = record.exchanges().size();
      refused(Reason.SESSION_LOST, () -> session.grub(Stored.VOLUME, request()));
      refused(Reason.SESSION_LOST, () -> session.random(1));
      assertThat(record.exchanges()).as("nothing was sent, no login either").hasSize(sent);
      assertThat(session.isOpen()).isFalse();
      assertThat(told).containsExactly("lost");
      assertThat(session.loss()).containsInstanceOf(SecureChannelException.class);
      requireThatAFreshSessionWorks(element);
      session.close();
      requireThatAFreshSessionWorks(element);
    }
  }

  @Test
  void anElementThatFindsACommandWronglyProtectedEndsTheSession() throws Exception {
    try (SecureElement element = SecureElement.open(wire)) {
      ElementSession session = element.login(Stored.pin(Stored.USER_PIN));
      wire.alter(of(ElementProtocol.INS_GRUB, (command, response) -> REFUSED.clone()));
      refused(Reason.REFUSED, () -> session.grub(Stored.VOLUME, request()));
      refused(Reason.SESSION_LOST, () -> session.grub(Stored.VOLUME, request()));
      requireThatAFreshSessionWorks(element);
    }
  }

  @Test
  void anErrorWithDataIsRefused() throws Exception {
    try (SecureElement element = SecureElement.open(wire)) {
      ElementSession session = element.login(Stored.pin(Stored.USER_PIN));
      wire.alter(
          of(
              ElementProtocol.INS_GRUB,
              (command, response) -> {
                response[response.length - 2] = 0x6A;
                response[response.length - 1] = (byte) 0x80;
                return response;
              }));
      refused(Reason.ANSWER, () -> session.grub(Stored.VOLUME, request()));
      requireThatAFreshSessionWorks(element);
    }
  }

  @Test
  void aLoginIsNotBelievedWithoutItsMac() throws Exception {
    try (SecureElement element = SecureElement.open(wire)) {
      wire.alter(
          of(ElementProtocol.INS_VERIFY, (command, response) -> new byte[] {(byte) 0x90, 0}));
      refused(Reason.ANSWER, () -> element.login(Stored.pin("wrong")));
      requireThatAFreshSessionWorks(element);
    }
  }

  @Test
  void onlyTheAnswerToSelectAndWhatNeedsNoSecretGoInClear() throws Exception {
    try (SecureElement element = SecureElement.open(wire)) {
      element.info();
      element.status();
      try (ElementSession session = element.login(Stored.pin(Stored.USER_PIN))) {
        session.grub(Stored.VOLUME, request());
        session.random(40);
        session.status();
        element.verify(Role.ADMINISTRATOR, Stored.pin(Stored.ADMINISTRATOR_PIN));
      }
    }
    List<String> clear = new ArrayList<>();
    for (Exchange exchange : record.exchanges()) {
      byte[] bytes = exchange.command().toByteArray();
      try (CommandApdu command = CommandApdu.parse(bytes)) {
        if ((command.cla() & 0x04) == 0) {
          clear.add(String.format("%02X %02X", command.cla(), command.ins()));
        }
      }
      for (String pin : List.of(Stored.USER_PIN, Stored.ADMINISTRATOR_PIN)) {
        byte[] text = pin.getBytes(StandardCharsets.UTF_8);
        assertThat(Stored.contains(bytes, text)).isFalse();
      }
      assertThat(Stored.contains(bytes, Stored.UID.toByteArray())).isFalse();
    }
    assertThat(clear)
        .containsExactly("00 70", "01 A4", "01 CA", "01 CA", "01 CA", "81 CA", "81 88", "00 70");
  }

  /** The element would refuse it before it counts it, and not understand the next one. */
  @Test
  void aCommandThatIsTooLongIsNotSentAndTheSessionGoesOn() throws Exception {
    try (SecureElement element = SecureElement.open(wire);
        ElementSession session = element.login(Stored.pin(Stored.USER_PIN))) {
      Bytes enc = element.channelKey().point();
      Bytes nothing = Bytes.copyOf(new byte[0]);
      Bytes large = Bytes.copyOf(new byte[ElementProtocol.MAX_DATA]);
      assertThatThrownBy(() -> session.hpkeOpen(HpkeSuite.P256, enc, nothing, nothing, large))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("7168");
      assertThatThrownBy(() -> session.hpkeExport(HpkeSuite.P256, enc, nothing, large, 32))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(session.random(1)).hasSize(1);
    }
  }

  @Test
  void aMalformedAnswerToSelectIsAFrameError() throws Exception {
    try (SecureElement element = SecureElement.open(wire)) {
      wire.alter(
          of(ElementProtocol.INS_SELECT, (command, response) -> new byte[] {(byte) 0x90, 0}));
      assertThatThrownBy(() -> element.login(Stored.pin(Stored.USER_PIN)))
          .isInstanceOf(FrameException.class);
      requireThatAFreshSessionWorks(element);
    }
  }
}
