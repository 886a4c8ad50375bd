// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.channel.ChannelKeyPair;
import dev.strongroom.core.device.ElementKeyChangedException;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureChannelException;
import dev.strongroom.core.device.SecureChannelException.Reason;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.device.StatusWordException;
import dev.strongroom.core.device.VersionSlot;
import dev.strongroom.core.identity.Peer;
import dev.strongroom.core.identity.SecretKind;
import dev.strongroom.core.identity.WrappedSecret;
import dev.strongroom.core.testkit.AlteringTransport;
import dev.strongroom.core.testkit.AlteringTransport.Alteration;
import dev.strongroom.core.testkit.Exchange;
import dev.strongroom.core.testkit.RecordingTransport;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody on the wire answers what needs no key: errors, and whatever was asked in clear. */
class ForgedAnswersTest {

  private static final byte[] NOT_FOUND = {0x6A, (byte) 0x88};

  private final RecordingTransport record;
  private final AlteringTransport wire;

  ForgedAnswersTest() throws Exception {
    record =
        new RecordingTransport(
            Stored.simulated(MemoryElementStore.of(Stored.initialized())).exposed());
    wire = new AlteringTransport(record);
  }

  private static Alteration of(int ins, Alteration alteration) {
    return (command, response) ->
        (command[1] & 0xFF) == ins ? alteration.of(command, response) : response;
  }

  private static boolean isGetData(byte[] command, int p2) {
    return (command[1] & 0xFF) == ElementProtocol.INS_GET_DATA
        && command[2] == ElementProtocol.P1_APPLICATION_DATA
        && command[3] == p2;
  }

  @Test
  void aVersionSlotDoesNotDisappearByAStatusWord() throws Exception {
    try (SecureElement element = SecureElement.open(wire);
        ElementSession session = element.login(Stored.pin(Stored.USER_PIN))) {
      assertThat(session.readVersion(Stored.VOLUME)).isEmpty();
      VersionSlot none = VersionSlot.none(Stored.VOLUME);
      VersionSlot first =
          session.compareAndSetVersion(none, Bytes.copyOf(new byte[VersionSlot.ROOT_LENGTH]));
      wire.alter(of(ElementProtocol.INS_READ_VERSION, (command, response) -> NOT_FOUND.clone()));
      assertThatThrownBy(() -> session.readVersion(Stored.VOLUME))
          .isInstanceOf(StatusWordException.class);
      wire.alter((command, response) -> response);
      assertThat(session.readVersion(Stored.VOLUME)).contains(first);
    }
  }

  @Test
  void aTrustAnchorDoesNotDisappearByAStatusWord() throws Exception {
    try (SecureElement element = SecureElement.open(wire)) {
      assertThat(element.trustAnchor()).isEmpty();
      wire.alter(
          (command, response) ->
              isGetData(command, ElementProtocol.P2_TRUST_ANCHOR) ? NOT_FOUND.clone() : response);
      assertThatThrownBy(element::trustAnchor).isInstanceOf(StatusWordException.class);
    }
  }

  /** Offsets after the tag and length of the capabilities, of the limits and of the suites. */
  @ParameterizedTest
  @ValueSource(strings = {"8304:3", "8404:2", "8604:1", "8604:3", "8703:1"})
  void aDescriptionThatWasChangedIsRefusedBeforeAPinIsSent(String where) throws Exception {
    Bytes object = Bytes.parse(where.substring(0, 4));
    int offset = Integer.parseInt(where.substring(5));
    try (SecureElement element = SecureElement.open(wire)) {
      wire.alter(
          of(
              ElementProtocol.INS_SELECT,
              (command, response) -> {
                response[indexOf(response, object) + 2 + offset] ^= 0x04;
                return response;
              }));
      assertThatThrownBy(() -> element.login(Stored.pin(Stored.USER_PIN)))
          .isInstanceOfSatisfying(
              SecureChannelException.class,
              e -> assertThat(e.reason()).isEqualTo(Reason.DESCRIPTION));
      for (Exchange exchange : record.exchanges()) {
        assertThat(exchange.command().at(1)).isNotEqualTo((byte) ElementProtocol.INS_VERIFY);
      }
      wire.alter((command, response) -> response);
      element.login(Stored.pin(Stored.USER_PIN)).close();
    }
  }

  private static int indexOf(byte[] content, Bytes part) {
    // Behind the AID, whose tag is that of the limits.
    for (int at = 16; at + part.length() <= content.length; at++) {
      if (Bytes.copyOf(content, at, part.length()).equals(part)) {
        return at;
      }
    }
    throw new AssertionError(part + " is missing");
  }

  @Test
  void whoItIsAndWhomItTrustsIsAskedInTheSecureChannelOnly() throws Exception {
    try (SecureElement element = SecureElement.open(wire)) {
      element.identity();
      element.trustAnchor();
      element.card();
    }
    int asked = 0;
    for (Exchange exchange : record.exchanges()) {
      byte[] command = exchange.command().toByteArray();
      if (isGetData(command, ElementProtocol.P2_IDENTITY)
          || isGetData(command, ElementProtocol.P2_TRUST_ANCHOR)
          || isGetData(command, ElementProtocol.P2_CARD)) {
        asked++;
        assertThat(command[0] & 0x04).as("%s", exchange.command()).isNotZero();
      }
    }
    assertThat(asked).isEqualTo(3);
  }

  @Test
  void anotherElementsIdentityIsNotTakenForTheExpectedOnes() throws Exception {
    try (SecureElement element = SecureElement.open(wire)) {
      element.expectChannelKey(ChannelKeyPair.generate(new SecureRandom()).publicKey());
      assertThatThrownBy(element::identity).isInstanceOf(ElementKeyChangedException.class);
      assertThatThrownBy(element::trustAnchor).isInstanceOf(ElementKeyChangedException.class);
      assertThatThrownBy(element::card).isInstanceOf(ElementKeyChangedException.class);
    }
  }

  @Test
  void aSessionSendsNoPinToAnotherElementThanTheExpectedOne() throws Exception {
    try (SecureElement element = SecureElement.open(wire);
        ElementSession session = element.login(Stored.pin(Stored.USER_PIN))) {
      Bytes challenge = Bytes.copyOf(new byte[WrappedSecret.CHALLENGE_LENGTH]);
      Peer peer =
          new Peer.Pinned(element.channelKey().point(), session.channelKey().orElseThrow().point());
      element.expectChannelKey(ChannelKeyPair.generate(new SecureRandom()).publicKey());
      int sent = record.exchanges().size();
      assertThatThrownBy(
              () ->
                  session.exportSecret(
                      Stored.pin(Stored.ADMINISTRATOR_PIN),
                      SecretKind.MASTER_KEYS,
                      challenge,
                      peer))
          .isInstanceOf(ElementKeyChangedException.class);
      assertThat(record.exchanges()).hasSize(sent);
    }
  }

  /** A generation read in clear could hide that an older copy has taken the element's place. */
  @Test
  void theStatusOfASessionIsAskedInItsSecureChannelOnly() throws Exception {
    try (SecureElement element = SecureElement.open(wire)) {
      ElementSession session = element.login(Stored.pin(Stored.USER_PIN));
      wire.alter(
          of(ElementProtocol.INS_GET_DATA, (command, response) -> new byte[] {(byte) 0x90, 0}));
      assertThatThrownBy(element::status).isInstanceOf(SecureChannelException.class);
      wire.alter((command, response) -> response);
      int before = record.exchanges().size();
      assertThatThrownBy(session::status)
          .isInstanceOfSatisfying(
              SecureChannelException.class,
              e -> assertThat(e.reason()).isEqualTo(Reason.SESSION_LOST));
      assertThat(record.exchanges()).as("nothing was asked in clear").hasSize(before);
    }
  }
}
