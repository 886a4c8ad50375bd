// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.device.AlreadyReceivedException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.ReceiveId;
import dev.strongroom.core.device.ReceiveRegister;
import dev.strongroom.core.device.RegisterFullException;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.share.ReceiveOptions;
import dev.strongroom.file.share.SendOptions;
import dev.strongroom.file.share.WrongRecipientException;
import dev.strongroom.simulator.MemoryElementStore;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A file comes again after something was put back; what the element remembers decides. */
class ReplayTest {

  private static final ReceiveOptions PLAIN = ReceiveOptions.defaults();
  private static final byte[] CONTENT = SampleBytes.of(1, 20_000);

  private final MemoryStore folder = new MemoryStore();
  private Correspondent alice;
  private Correspondent bob;

  @BeforeEach
  void meet() throws IOException {
    alice = Correspondent.create();
    bob = Correspondent.create();
    alice.meets(bob, "bob", "alice");
    alice.put("f", CONTENT);
  }

  @AfterEach
  void part() throws IOException {
    alice.close();
    bob.close();
  }

  private void send(String name) throws IOException {
    alice.volume.send("f", folder, name, SendOptions.to("bob"));
  }

  @Test
  void aVolumeFromBeforeDoesNotReceiveAgain() throws IOException {
    send("sent");
    bob.volume.close();
    MemoryStore backup = new MemoryStore();
    SecureFileSystem.backup(bob.session, bob.store, backup, bytes -> {});
    bob.volume = SecureFileSystem.open(bob.session, bob.store, Correspondent.SMALL);
    bob.volume.receive(folder, "sent", "got", PLAIN);
    for (MemoryStore before : new MemoryStore[] {backup, backup.copy()}) {
      bob.reopen(before);
      AlreadyReceivedException refused =
          catchThrowableOfType(
              AlreadyReceivedException.class,
              () -> bob.volume.receive(folder, "sent", "got", PLAIN));
      assertThat(refused.senderName()).contains("alice");
      assertThat(bob.volume.exists("got")).isFalse();
    }
    send("again"); // another file for the register
    bob.volume.receive(folder, "again", "got", PLAIN);
    assertThat(bob.get("got")).isEqualTo(CONTENT);
  }

  /** The limit of an element that is a file: a copy of it has forgotten what came since. */
  @Test
  void anElementFromBeforeReceivesAgain() throws IOException {
    MemoryElementStore now = new MemoryElementStore();
    byte[] before;
    try (SecureElement element = simulated(now)) {
      TestElement.initialize(element);
      ElementCard card = element.card();
      alice.volume.contacts().add("carol", card, card.fingerprint());
      alice.volume.send("f", folder, "sent", SendOptions.to("carol"));
      before = now.content();
      receive(element);
      assertThatThrownBy(() -> receive(element)).isInstanceOf(AlreadyReceivedException.class);
    }
    try (SecureElement element = simulated(now)) {
      assertThatThrownBy(() -> receive(element)).isInstanceOf(AlreadyReceivedException.class);
    }
    try (SecureElement element = simulated(MemoryElementStore.of(before))) {
      receive(element);
      assertThatThrownBy(() -> receive(element)).isInstanceOf(AlreadyReceivedException.class);
    }
  }

  private static SecureElement simulated(MemoryElementStore store) throws IOException {
    return SecureElement.open(SimulatedElement.on(store, SimulatedElementOptions.cheap()));
  }

  private void receive(SecureElement element) throws IOException {
    try (ElementSession session = TestElement.login(element);
        SecureFileSystem volume =
            SecureFileSystem.create(session, new MemoryStore(), Correspondent.SMALL)) {
      volume.contacts().add("alice", alice.card, alice.card.fingerprint());
      volume.receive(folder, "sent", "got", PLAIN);
      assertThat(Correspondent.get(volume, "got")).isEqualTo(CONTENT);
    }
  }

  @Test
  void aTwinOfTheRecipientIsAnotherOne() throws IOException {
    send("sent");
    try (TestElement twin = TestElement.twinOf(bob.element);
        ElementSession session = twin.login();
        SecureFileSystem volume =
            SecureFileSystem.create(session, new MemoryStore(), Correspondent.SMALL)) {
      volume.contacts().add("alice", alice.card, alice.card.fingerprint());
      assertThatThrownBy(() -> volume.receive(folder, "sent", "got", PLAIN))
          .isInstanceOf(WrongRecipientException.class);
      assertThat(session.receiveRegister().senders()).isEmpty();
    }
  }

  @Test
  void oneSenderTooManyIsRefusedUntilTheAdministratorHasOneForgotten() throws IOException {
    Bytes enc = bob.card.publicKey(HpkeSuite.P256).orElseThrow(); // any point will do
    for (int i = 0; i < ReceiveRegister.MAX_SENDERS; i++) {
      ReceiveId other = new ReceiveId(sender(i), 1, sender(i));
      bob.session.beginReceive(HpkeSuite.P256, other, enc, sender(0), sender(0), 32).close();
      bob.session.endReceive(other);
    }
    send("sent");
    RegisterFullException refused =
        catchThrowableOfType(
            RegisterFullException.class, () -> bob.volume.receive(folder, "sent", "got", PLAIN));
    assertThat(refused.part()).isEqualTo(RegisterFullException.Part.SENDERS);
    assertThat(bob.volume.exists("got")).isFalse();
    try (SecretBytes administrator = TestElement.administratorPin()) {
      bob.session.element().forgetSender(administrator, sender(5));
    }
    bob.volume.receive(folder, "sent", "got", PLAIN);
    assertThat(bob.get("got")).isEqualTo(CONTENT);
  }

  private static Bytes sender(int number) {
    byte[] id = new byte[ReceiveId.SENDER_LENGTH];
    id[0] = (byte) number;
    return Bytes.copyOf(id);
  }
}
