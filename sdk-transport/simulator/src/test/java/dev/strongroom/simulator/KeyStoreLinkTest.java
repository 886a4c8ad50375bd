// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.AgreementSide;
import dev.strongroom.core.device.DataKey;
import dev.strongroom.core.device.ElementKeys;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.KeyExistsException;
import dev.strongroom.core.device.KeyRefusedException;
import dev.strongroom.core.device.KeyRequest;
import dev.strongroom.core.device.KeyStoreCommands;
import dev.strongroom.core.device.KeyStoreProtocol;
import dev.strongroom.core.device.KeyUseHead;
import dev.strongroom.core.device.KeyWrapForm;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.device.StatusWordException;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.GroupTerms;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyFlag;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyPeriods;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyUsage;
import dev.strongroom.core.keys.RefusalReason;
import dev.strongroom.core.testkit.AlteringTransport;
import dev.strongroom.core.testkit.FaultyTransport;
import dev.strongroom.core.testkit.FaultyTransport.Fault;
import dev.strongroom.core.transport.FrameException;
import dev.strongroom.core.transport.LinkLostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Commands of the key store whose answers are lost, or forged on the way. */
class KeyStoreLinkTest {

  private static final KeyId KEY = KeyId.parse("404142434445464748494a4b4c4d4e4f");
  private static final GroupId GROUP = GroupId.parse("505152535455565758595a5b5c5d5e5f");
  private static final ElementTime NOW = new ElementTime(200_000_000);

  private final SimulatedElement simulated;

  KeyStoreLinkTest() throws Exception {
    simulated = Stored.simulated(MemoryElementStore.of(Stored.initialized()));
  }

  private interface Change {
    void in(ElementKeys keys) throws Exception;
  }

  private static KeyAttributes key() {
    return new KeyAttributes(
        KEY,
        KeyState.ACTIVE,
        KeyAlgorithm.EC_P256,
        Set.of(KeyUsage.SIGNATURE),
        Set.of(),
        Optional.empty(),
        10,
        KeyPeriods.UNLIMITED,
        Bytes.parse("a1b2c3d4"));
  }

  /** Loses the answer to a change; the session goes with it, and nothing is sent twice. */
  private static void lose(SecureElement element, FaultyTransport link, Change change)
      throws Exception {
    try (ElementSession session = login(element)) {
      link.failAt(1, Fault.RESPONSE_LOST);
      assertThatThrownBy(() -> change.in(session.keys()))
          .isInstanceOfSatisfying(
              LinkLostException.class,
              e -> assertThat(e.outcome()).isEqualTo(LinkLostException.Outcome.UNKNOWN));
      assertThat(link.isPending()).isFalse();
    }
  }

  private static ElementSession login(SecureElement element) throws Exception {
    try (SecretBytes pin = Stored.pin(Stored.USER_PIN)) {
      return element.login(pin);
    }
  }

  @Test
  void everyChangeCanBeAskedAgainAfterItsAnswerWasLost() throws Exception {
    FaultyTransport link = FaultyTransport.around(simulated);
    try (SecureElement element = SecureElement.open(link)) {
      lose(element, link, keys -> keys.store().generate(key()));
      try (ElementSession session = login(element)) {
        KeyStoreCommands store = session.keys().store();
        assertThatThrownBy(() -> store.generate(key())).isInstanceOf(KeyExistsException.class);
        assertThat(store.read(KEY).attributes()).isEqualTo(key());
        assertThat(store.publicKey(KEY).length()).isEqualTo(65);
      }
      Change group = keys -> keys.store().putGroup(GROUP, GroupTerms.NONE);
      Change compromise = keys -> keys.store().setState(KEY, KeyState.ACTIVE, KeyState.COMPROMISED);
      Change schedule =
          keys -> keys.store().scheduleDestruction(KEY, new ElementTime(NOW.seconds() + 1));
      Change destroy = keys -> keys.store().setFloor(new ElementTime(NOW.seconds() + 1));
      Change remove = keys -> keys.store().remove(KEY);
      Change removeGroup = keys -> keys.store().remove(GROUP);
      for (Change change :
          new Change[] {group, compromise, schedule, destroy, remove, removeGroup}) {
        lose(element, link, change);
        try (ElementSession session = login(element)) {
          change.in(session.keys());
        }
      }
      try (ElementSession session = login(element)) {
        assertThat(session.keys().store().status().records()).isZero();
      }
    }
  }

  @Test
  void aUseWhoseAnswerWasLostIsCountedAndNotMadeAgainByItself() throws Exception {
    FaultyTransport link = FaultyTransport.around(simulated);
    try (SecureElement element = SecureElement.open(link)) {
      try (ElementSession session = login(element)) {
        session.keys().store().generate(key());
      }
      lose(element, link, keys -> keys.use().sign(KeyUseHead.NONE, KEY, ByteBuffer.allocate(32)));
      try (ElementSession session = login(element)) {
        assertThat(session.keys().store().read(KEY).uses().reserved()).isEqualTo(1);
        link.failAt(1, Fault.COMMAND_LOST, 2);
        session.keys().use().sign(KeyUseHead.NONE, KEY, ByteBuffer.allocate(32));
        assertThat(session.keys().store().read(KEY).uses().reserved()).isEqualTo(2);
      }
    }
  }

  @Test
  void aRefusalThatWasForgedOnTheWayIsNotOneOfTheElements() throws Exception {
    AlteringTransport wire = new AlteringTransport(simulated.exposed());
    try (SecureElement element = SecureElement.open(wire);
        ElementSession session = login(element)) {
      ElementKeys keys = session.keys();
      keys.store().generate(key());
      wire.alter(forged(wire, KeyStoreProtocol.INS_PRIVATE_KEY, 0x69, 0xF0));
      assertThatThrownBy(() -> keys.use().sign(KeyUseHead.NONE, KEY, ByteBuffer.allocate(32)))
          .isInstanceOf(StatusWordException.class)
          .hasMessageContaining("69F0");
    }
  }

  /** In place of the next answer to an instruction, a status word, which carries no MAC. */
  private static AlteringTransport.Alteration forged(
      AlteringTransport wire, int ins, int sw1, int sw2) {
    return (command, response) -> {
      if ((command[1] & 0xFF) != ins) {
        return response;
      }
      wire.alter((other, answer) -> answer);
      return new byte[] {(byte) sw1, (byte) sw2};
    };
  }

  @Test
  void theElementItselfSaysWhyItRefused() throws Exception {
    try (SecureElement element = SecureElement.open(simulated.exposed());
        ElementSession session = login(element)) {
      session.keys().store().generate(key());
      assertThatThrownBy(
              () ->
                  session
                      .keys()
                      .use()
                      .makeMac(
                          session.keys().head(),
                          KEY,
                          ByteBuffer.allocate(0),
                          ByteBuffer.allocate(64)))
          .isInstanceOfSatisfying(
              KeyRefusedException.class,
              e -> assertThat(e.refusal().reason()).isEqualTo(RefusalReason.USAGE));
    }
  }

  @Test
  void anAnswerOfAnotherLengthIsNone() throws Exception {
    FaultyTransport link = FaultyTransport.around(simulated);
    try (SecureElement element = SecureElement.open(link);
        ElementSession session = login(element)) {
      ElementKeys keys = session.keys();
      keys.store().putGroup(GROUP, GroupTerms.NONE);
      for (KeyUsage usage : KeyUsage.values()) {
        keys.store().generate(keyFor(usage));
      }
      KeyId cipher = keyFor(KeyUsage.ENCRYPTION).id();
      KeyId wrapping = keyFor(KeyUsage.KEY_WRAPPING).id();
      KeyId agreement = keyFor(KeyUsage.KEY_AGREEMENT).id();
      KeyId data = keyFor(KeyUsage.DATA_KEYS).id();
      Bytes point = keys.store().publicKey(agreement);
      Bytes context = cipher.bytes();
      Bytes wrapped = keys.use().wrap(KeyUseHead.NONE, wrapping, KeyWrapForm.RFC_3394, secret(24));
      Bytes padded = keys.use().wrap(KeyUseHead.NONE, wrapping, KeyWrapForm.RFC_5649, secret(17));
      Bytes dataKey;
      try (DataKey made = keys.use().newDataKey(KeyUseHead.NONE, data, 32, context)) {
        dataKey = made.wrapped();
      }
      Change[] questions = {
        all -> all.store().keys(Optional.empty()),
        all -> all.store().groups(Optional.empty()),
        all -> all.store().read(cipher),
        all -> all.store().read(GROUP),
        all -> all.store().status(),
        all -> all.store().tellTime(NOW),
        all -> all.store().setFloor(NOW),
        all -> all.use().confirm(cipher, context),
        all ->
            all.use()
                .encrypt(
                    KeyUseHead.NONE,
                    cipher,
                    ByteBuffer.allocate(0),
                    ByteBuffer.allocate(9),
                    ByteBuffer.allocate(99)),
        all ->
            all.use()
                .makeMac(
                    KeyUseHead.NONE,
                    keyFor(KeyUsage.MAC).id(),
                    ByteBuffer.allocate(0),
                    ByteBuffer.allocate(99)),
        all ->
            all.use()
                .sign(KeyUseHead.NONE, keyFor(KeyUsage.SIGNATURE).id(), ByteBuffer.allocate(32)),
        all -> all.use().agree(KeyUseHead.NONE, agreement, AgreementSide.ORIGINATOR, point),
        all -> all.use().wrap(KeyUseHead.NONE, wrapping, KeyWrapForm.RFC_3394, secret(24)),
        all -> all.use().unwrap(KeyUseHead.NONE, wrapping, KeyWrapForm.RFC_3394, wrapped),
        all -> all.use().unwrap(KeyUseHead.NONE, wrapping, KeyWrapForm.RFC_5649, padded),
        all -> all.use().newDataKey(KeyUseHead.NONE, data, 32, context),
        all -> all.use().openDataKey(KeyUseHead.NONE, data, dataKey, context),
        all ->
            all.use()
                .batch(
                    KeyUseHead.NONE,
                    List.of(
                        KeyRequest.makeMac(keyFor(KeyUsage.MAC).id(), context),
                        KeyRequest.makeMac(keyFor(KeyUsage.MAC).id(), point)))
      };
      for (Fault fault : new Fault[] {Fault.CUT_RESPONSE, Fault.LONG_RESPONSE}) {
        for (int i = 0; i < questions.length; i++) {
          Change question = questions[i];
          question.in(keys);
          link.failAt(1, fault);
          assertThatThrownBy(() -> question.in(keys))
              .as("%s, question %d", fault, i)
              .isInstanceOf(FrameException.class);
        }
      }
    }
  }

  private static KeyAttributes keyFor(KeyUsage usage) {
    return new KeyAttributes(
        new KeyId(Bytes.copyOf(ByteBuffer.allocate(16).put(0, (byte) (1 + usage.bit())).array())),
        KeyState.ACTIVE,
        switch (usage) {
          case MAC -> KeyAlgorithm.HMAC_SHA_256;
          case SIGNATURE, KEY_AGREEMENT -> KeyAlgorithm.EC_P256;
          default -> KeyAlgorithm.AES_256;
        },
        Set.of(usage),
        Set.of(KeyFlag.HOST_KEYS),
        Optional.empty(),
        usage == KeyUsage.ENCRYPTION ? 1000 : 0,
        KeyPeriods.UNLIMITED,
        Bytes.parse("a1b2c3d4"));
  }

  private static SecretBytes secret(int length) {
    return SecretBytes.copyOf(new byte[length]);
  }
}
