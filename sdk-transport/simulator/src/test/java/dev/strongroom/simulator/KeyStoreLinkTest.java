// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementKeys;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.KeyExistsException;
import dev.strongroom.core.device.KeyRefusedException;
import dev.strongroom.core.device.KeyStoreCommands;
import dev.strongroom.core.device.KeyStoreProtocol;
import dev.strongroom.core.device.KeyUseHead;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.device.StatusWordException;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.GroupTerms;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyPeriods;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyUsage;
import dev.strongroom.core.keys.RefusalReason;
import dev.strongroom.core.testkit.AlteringTransport;
import dev.strongroom.core.testkit.FaultyTransport;
import dev.strongroom.core.testkit.FaultyTransport.Fault;
import dev.strongroom.core.transport.LinkLostException;
import java.nio.ByteBuffer;
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
}
