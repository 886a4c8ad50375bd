// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.Hpke;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.device.AlreadyReceivedException;
import dev.strongroom.core.device.AuthenticationFailedException;
import dev.strongroom.core.device.Capability;
import dev.strongroom.core.device.DecryptionFailedException;
import dev.strongroom.core.device.ElementNotInitializedException;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.ReceiveId;
import dev.strongroom.core.device.ReceiveNotFoundException;
import dev.strongroom.core.device.ReceiveRegister;
import dev.strongroom.core.device.RegisterFullException;
import dev.strongroom.core.device.SenderWindow;
import dev.strongroom.core.device.UnsupportedCapabilityException;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.core.identity.ElementIdentity;
import dev.strongroom.core.identity.IdentitySignature;
import dev.strongroom.core.identity.SignaturePurpose;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Card, HPKE suites and receive register: {@code docs/spec/element-protocol.md}, 2.7, 2.10 and
 * 2.11. Part of {@link ElementContract}.
 *
 * <p>Thread safety: confined to JUnit's thread.
 */
abstract class ElementSharingContract extends ElementTrustContract {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Bytes INFO = Bytes.copyOf("a file".getBytes(StandardCharsets.US_ASCII));
  private static final Bytes USE = Bytes.parse("abcd");
  private static final Bytes NOTHING = Bytes.copyOf(new byte[0]);
  private static final int LENGTH = 32;
  private static final Set<SignaturePurpose> FOR_HOSTS =
      EnumSet.of(
          SignaturePurpose.DOCUMENT,
          SignaturePurpose.TRANSIENT_FILE,
          SignaturePurpose.VOLUME_RECOVERY);

  @Test
  void theCardSaysWhoTheElementIsAndWhatItCanOpen() throws Exception {
    requireCapability(Capability.CARD);
    assertThatThrownBy(() -> element().card()).isInstanceOf(ElementNotInitializedException.class);
    initialize();
    ElementCard card = element().card();
    ElementIdentity identity = element().identity();
    assertThat(card.serialNumber()).isEqualTo(element().info().serialNumber());
    assertThat(card.elementClass()).isEqualTo(element().info().elementClass());
    assertThat(card.signingKey()).isEqualTo(identity.signingKey());
    assertThat(card.agreementKey()).isEqualTo(identity.agreementKey());
    assertThat(card.fingerprint()).isEqualTo(identity.fingerprint());
    assertThat(card.suites()).isEqualTo(element().info().suites()).contains(HpkeSuite.P256);
    assertThat(ElementCard.parseFile(card.encodeFile())).isEqualTo(card);
    byte[] signed = card.encode().toByteArray();
    int statement = signed.length - IdentitySignature.LENGTH;
    assertThat(
            IdentitySignature.verifies(
                identity.signingKey(),
                SignaturePurpose.CARD,
                Arrays.copyOf(signed, statement),
                Bytes.copyOf(signed, statement, IdentitySignature.LENGTH)))
        .isTrue();
    reopen();
    assertThat(element().card()).isEqualTo(card);
  }

  @Test
  void everySuiteOfTheCardOpensAndNoOther() throws Exception {
    requireCapability(Capability.CARD);
    initialize();
    ElementCard card = element().card();
    byte[] message = "the key of the archive".getBytes(StandardCharsets.UTF_8);
    byte[] info = ElementProtocol.hpkeInfo(INFO);
    try (ElementSession session = login(USER_PIN)) {
      for (HpkeSuite suite : HpkeSuite.values()) {
        if (!card.suites().contains(suite)) {
          Bytes enc = Bytes.copyOf(new byte[suite.encLength()]);
          assertThatThrownBy(() -> session.hpkeExport(suite, enc, INFO, USE, LENGTH))
              .isInstanceOf(UnsupportedCapabilityException.class);
          continue;
        }
        Bytes key = card.publicKey(suite).orElseThrow();
        try (Hpke.Sender sender =
            Hpke.setupBaseS(suite, Hpke.Aead.AES_256_GCM, key, info, RANDOM)) {
          Bytes sealed = Bytes.copyOf(sender.context().seal(USE.toByteArray(), message));
          try (SecretBytes opened = session.hpkeOpen(suite, sender.enc(), INFO, USE, sealed)) {
            assertThat(clear(opened)).isEqualTo(Bytes.copyOf(message));
          }
          for (int at : new int[] {1, suite.encLength() - 1}) {
            byte[] enc = sender.enc().toByteArray();
            enc[at] ^= 2;
            assertThatThrownBy(() -> session.hpkeOpen(suite, Bytes.copyOf(enc), INFO, USE, sealed))
                .as("%s, byte %d", suite, at)
                .isInstanceOf(DecryptionFailedException.class);
          }
        }
        try (Hpke.Sender sender = Hpke.setupBaseS(suite, Hpke.Aead.EXPORT_ONLY, key, info, RANDOM);
            SecretBytes mine = sender.context().export(USE.toByteArray(), LENGTH);
            SecretBytes its = session.hpkeExport(suite, sender.enc(), INFO, USE, LENGTH)) {
          assertThat(its.matches(mine)).isTrue();
        }
      }
    }
  }

  @Test
  void aHostHasDocumentsTransientFilesAndRecoveryElementsSignedAndNothingElse() throws Exception {
    requireCapability(Capability.CARD);
    initialize();
    byte[] message = {1, 2, 3};
    Bytes key = element().card().signingKey();
    try (ElementSession session = login(USER_PIN)) {
      for (SignaturePurpose purpose : SignaturePurpose.values()) {
        if (FOR_HOSTS.contains(purpose)) {
          Bytes signature = session.sign(purpose, message);
          for (SignaturePurpose other : SignaturePurpose.values()) {
            assertThat(IdentitySignature.verifies(key, other, message, signature))
                .isEqualTo(other == purpose);
          }
        } else {
          assertThatThrownBy(() -> session.sign(purpose, message))
              .isInstanceOf(IllegalArgumentException.class);
        }
      }
    }
  }

  @Test
  void whatIsReceivedOnceIsNotReceivedAgain() throws Exception {
    requireCapability(Capability.RECEIVE_REGISTER);
    initialize();
    ReceiveId first = id(1, 1, 1);
    try (ElementSession session = login(USER_PIN)) {
      assertThat(session.receiveRegister()).isEqualTo(ReceiveRegister.EMPTY);
      for (HpkeSuite suite : element().card().suites()) {
        ReceiveId id = id(1, suite.code(), suite.code());
        try (Hpke.Sender sender = sender(suite, id)) {
          assertReceives(session, suite, id, sender);
          assertThat(session.receiveRegister().isPending(id)).isTrue();
          // Whoever was interrupted goes on.
          assertReceives(session, suite, id, sender);
          session.endReceive(id);
          session.endReceive(id);
          assertRefusedAsReceived(session, suite, id, sender.enc());
        }
      }
      // Another id with the same counter is the same for the element.
      assertRefusedAsReceived(
          session, HpkeSuite.P256, id(1, 1, 9), sender(HpkeSuite.P256, first).enc());
      ReceiveRegister register = session.receiveRegister();
      assertThat(register.pending()).isEmpty();
      assertThat(register.sender(first.sender()))
          .hasValueSatisfying(window -> assertThat(window.isDone(1)).isTrue());
      // Counters come in any order.
      receive(session, id(1, 40, 1));
      receive(session, id(1, 20, 1));
      assertRefused(session, id(1, 40, 2));
      assertRefused(session, id(1, 20, 1));
      receive(session, id(2, 1, 1));
    }
    reopen();
    try (ElementSession session = login(USER_PIN)) {
      assertRefused(session, id(1, 1, 1));
      assertRefused(session, id(1, 20, 1));
      assertRefused(session, id(2, 1, 1));
      receive(session, id(2, 2, 1));
    }
  }

  @Test
  void aHostCannotLieAboutTheOneTimeId() throws Exception {
    requireCapability(Capability.RECEIVE_REGISTER);
    initialize();
    ReceiveId id = id(1, 7, 1);
    try (ElementSession session = login(USER_PIN);
        Hpke.Sender sender = sender(HpkeSuite.P256, id);
        SecretBytes right = sender.context().export(USE.toByteArray(), LENGTH)) {
      for (ReceiveId lie : List.of(id(2, 7, 1), id(1, 8, 1), id(1, 9, 2))) {
        try (SecretBytes wrong = begin(session, lie, sender.enc())) {
          assertThat(wrong.matches(right)).as("%s", lie).isFalse();
        }
      }
      // The other command, with what this one makes of its info, gives another secret too.
      Bytes whole = Bytes.copyOf(ElementProtocol.receiveInfo(id, INFO));
      for (Bytes info : List.of(INFO, whole)) {
        try (SecretBytes wrong =
            session.hpkeExport(HpkeSuite.P256, sender.enc(), info, USE, LENGTH)) {
          assertThat(wrong.matches(right)).isFalse();
        }
      }
      try (SecretBytes other =
          session.beginReceive(HpkeSuite.P256, id, sender.enc(), NOTHING, USE, LENGTH)) {
        assertThat(other.matches(right)).isFalse();
      }
      try (SecretBytes its = begin(session, id, sender.enc())) {
        assertThat(its.matches(right)).isTrue();
      }
    }
  }

  @Test
  void aCounterBelongsToOneIdWhileItIsPending() throws Exception {
    requireCapability(Capability.RECEIVE_REGISTER);
    initialize();
    ReceiveId id = id(1, 5, 1);
    ReceiveId other = id(1, 5, 2);
    try (ElementSession session = login(USER_PIN)) {
      begin(session, id).close();
      assertRefused(session, other);
      assertThatThrownBy(() -> session.endReceive(other))
          .isInstanceOfSatisfying(
              ReceiveNotFoundException.class,
              e -> assertThat(e.sender()).isEqualTo(other.sender()));
      for (ReceiveId unknown : List.of(id(1, 6, 1), id(1, 4, 1), id(2, 5, 1))) {
        assertThatThrownBy(() -> session.endReceive(unknown))
            .isInstanceOf(ReceiveNotFoundException.class);
      }
      assertThat(session.receiveRegister().pending()).containsExactly(id);
      assertThat(session.receiveRegister().senders()).containsExactly(SenderWindow.of(id.sender()));
    }
    reopen();
    try (ElementSession session = login(USER_PIN)) {
      begin(session, id).close();
      assertRefused(session, other);
      // Giving up is ending.
      session.endReceive(id);
      assertRefused(session, id);
    }
  }

  @Test
  void whatIsOlderThanTheWindowCountsAsReceivedUnlessItIsPending() throws Exception {
    requireCapability(Capability.RECEIVE_REGISTER);
    initialize();
    ReceiveId slow = id(1, 3, 1);
    long far = Long.MAX_VALUE;
    try (ElementSession session = login(USER_PIN)) {
      begin(session, slow).close();
      receive(session, id(1, 100, 1));
      receive(session, id(1, 37, 1));
      assertRefused(session, id(1, 36, 1));
      assertRefused(session, id(1, 1, 1));
      begin(session, slow).close();
      session.endReceive(slow);
      assertRefused(session, slow);
      session.endReceive(slow);
      session.endReceive(id(1, 36, 1));
      receive(session, id(1, 99, 1));
      receive(session, id(1, far, 1));
      assertRefused(session, id(1, 98, 1));
      receive(session, id(1, far - 63, 1));
      assertRefused(session, id(1, far - 64, 1));
      assertThat(session.receiveRegister().senders())
          .containsExactly(new SenderWindow(slow.sender(), far, 1L << 63 | 1));
    }
  }

  @Test
  void aFullRegisterRefusesAndForgetsNothing() throws Exception {
    requireCapability(Capability.RECEIVE_REGISTER);
    initialize();
    List<ReceiveId> pending = new ArrayList<>();
    try (ElementSession session = login(USER_PIN)) {
      for (int i = 0; i < ReceiveRegister.MAX_PENDING; i++) {
        pending.add(id(i, 1, 1));
        begin(session, pending.get(i)).close();
      }
      assertFull(session, id(99, 1, 1), RegisterFullException.Part.PENDING);
      assertFull(session, id(1, 2, 1), RegisterFullException.Part.PENDING);
      assertThat(session.receiveRegister().pending()).isEqualTo(pending);
      begin(session, pending.get(3)).close();
      session.endReceive(pending.remove(3));
      for (int i = ReceiveRegister.MAX_PENDING; i < ReceiveRegister.MAX_SENDERS; i++) {
        receive(session, id(i, 1, 1));
      }
      assertFull(session, id(999, 1, 1), RegisterFullException.Part.SENDERS);
      receive(session, id(5, 2, 1));
      assertThat(session.receiveRegister().senders()).hasSize(ReceiveRegister.MAX_SENDERS);
      assertThat(session.receiveRegister().pending()).isEqualTo(pending);

      Bytes forgotten = pending.get(4).sender();
      assertThatThrownBy(() -> element().forgetSender(pin("00000000"), forgotten))
          .isInstanceOf(AuthenticationFailedException.class);
      assertThatThrownBy(
              () -> element().forgetSender(pin(ADMINISTRATOR_PIN), id(999, 1, 1).sender()))
          .isInstanceOf(ReceiveNotFoundException.class);
      assertThat(element().status().administratorTriesLeft())
          .isEqualTo(profile().administratorTries());
      element().forgetSender(pin(ADMINISTRATOR_PIN), forgotten);
      pending.remove(4);
      assertThat(session.receiveRegister().sender(forgotten)).isEmpty();
      assertThat(session.receiveRegister().pending()).isEqualTo(pending);
      receive(session, id(999, 1, 1));
    }
    reopen();
    try (ElementSession session = login(USER_PIN)) {
      assertThat(session.receiveRegister().senders()).hasSize(ReceiveRegister.MAX_SENDERS);
      assertThat(session.receiveRegister().pending()).isEqualTo(pending);
      assertRefused(session, id(127, 1, 1));
    }
  }

  @Test
  void whatCannotBeReceivedLeavesTheRegisterAsItWas() throws Exception {
    requireCapability(Capability.RECEIVE_REGISTER);
    initialize();
    ReceiveId id = id(1, 1, 1);
    try (ElementSession session = login(USER_PIN);
        Hpke.Sender sender = sender(HpkeSuite.P256, id)) {
      byte[] offCurve = sender.enc().toByteArray();
      offCurve[64] ^= 1;
      assertThatThrownBy(() -> begin(session, id, Bytes.copyOf(offCurve)))
          .isInstanceOf(DecryptionFailedException.class);
      if (session.info().suites().contains(HpkeSuite.X25519)) {
        Bytes zeros = Bytes.copyOf(new byte[32]);
        assertThatThrownBy(
                () -> session.beginReceive(HpkeSuite.X25519, id, zeros, INFO, USE, LENGTH))
            .isInstanceOf(DecryptionFailedException.class);
      }
      for (int length : new int[] {0, 256}) {
        assertThatThrownBy(
                () -> session.beginReceive(HpkeSuite.P256, id, sender.enc(), INFO, USE, length))
            .isInstanceOf(IllegalArgumentException.class);
      }
      assertThat(session.receiveRegister()).isEqualTo(ReceiveRegister.EMPTY);
      long before = session.status().generation();
      begin(session, id, sender.enc()).close();
      begin(session, id, sender.enc()).close();
      session.endReceive(id);
      session.endReceive(id);
      if (session.info().capabilities().contains(Capability.GENERATION)) {
        assertThat(session.status().generation()).isEqualTo(before + 2);
      }
    }
  }

  private void assertReceives(
      ElementSession session, HpkeSuite suite, ReceiveId id, Hpke.Sender sender) throws Exception {
    try (SecretBytes mine = sender.context().export(USE.toByteArray(), LENGTH);
        SecretBytes its = session.beginReceive(suite, id, sender.enc(), INFO, USE, LENGTH)) {
      assertThat(its.matches(mine)).isTrue();
    }
  }

  private void receive(ElementSession session, ReceiveId id) throws Exception {
    begin(session, id).close();
    session.endReceive(id);
  }

  private SecretBytes begin(ElementSession session, ReceiveId id) throws Exception {
    try (Hpke.Sender sender = sender(HpkeSuite.P256, id)) {
      return begin(session, id, sender.enc());
    }
  }

  private static SecretBytes begin(ElementSession session, ReceiveId id, Bytes enc)
      throws Exception {
    return session.beginReceive(HpkeSuite.P256, id, enc, INFO, USE, LENGTH);
  }

  private void assertRefused(ElementSession session, ReceiveId id) throws Exception {
    try (Hpke.Sender sender = sender(HpkeSuite.P256, id)) {
      assertRefusedAsReceived(session, HpkeSuite.P256, id, sender.enc());
    }
  }

  private static void assertRefusedAsReceived(
      ElementSession session, HpkeSuite suite, ReceiveId id, Bytes enc) {
    assertThatThrownBy(() -> session.beginReceive(suite, id, enc, INFO, USE, LENGTH))
        .as("%s", id)
        .isInstanceOfSatisfying(
            AlreadyReceivedException.class, e -> assertThat(e.received()).isEqualTo(id));
  }

  private void assertFull(ElementSession session, ReceiveId id, RegisterFullException.Part part)
      throws Exception {
    try (Hpke.Sender sender = sender(HpkeSuite.P256, id)) {
      assertThatThrownBy(() -> begin(session, id, sender.enc()))
          .isInstanceOfSatisfying(
              RegisterFullException.class, e -> assertThat(e.part()).isEqualTo(part));
    }
  }

  private Hpke.Sender sender(HpkeSuite suite, ReceiveId id) throws Exception {
    return Hpke.setupBaseS(
        suite,
        Hpke.Aead.EXPORT_ONLY,
        element().card().publicKey(suite).orElseThrow(),
        ElementProtocol.receiveInfo(id, INFO),
        RANDOM);
  }

  static ReceiveId id(int sender, long counter, int id) {
    return new ReceiveId(sixteen(sender), counter, sixteen(id));
  }

  private static Bytes sixteen(int number) {
    return Bytes.copyOf(ByteBuffer.allocate(16).putInt(12, number).array());
  }
}
