// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.internal.crypto.TransientKey;
import dev.strongroom.file.internal.format.v1.Prelude;
import dev.strongroom.file.share.ReceiveOptions;
import dev.strongroom.file.share.SendOptions;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody whom the recipient knows puts another's file under his own name, or the other way. */
class ForeignCardTest {

  private static final VolumeOptions SMALL = VolumeOptions.builder().journalBytes(1 << 20).build();
  private static final ReceiveOptions PLAIN = ReceiveOptions.defaults();

  @TempDir Path folder;

  private SecureElement alice;
  private SecureElement eve;
  private SecureElement bob;
  private Path sent;
  private byte[] whole;
  private Prelude prelude;

  @BeforeEach
  void send() throws IOException {
    alice = element();
    eve = element();
    bob = element();
    sent = folder.resolve("sent");
    try (ElementSession session = login(alice);
        SecureFileSystem volume =
            SecureFileSystem.create(session, folder.resolve("volume"), SMALL)) {
      volume.contacts().add("bob", bob.card(), bob.card().fingerprint());
      try (SecureFile file =
          volume.openFile("f", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        file.write(new byte[] {1, 2, 3});
      }
      volume.send("f", sent, SendOptions.to("bob"));
    }
    whole = Files.readAllBytes(sent);
    prelude = PreludeFile.read(AlteredFile.whole(whole), "f").prelude();
  }

  @AfterEach
  void close() {
    alice.close();
    eve.close();
    bob.close();
  }

  private static SecureElement element() throws IOException {
    SecureElement made =
        SecureElement.open(SimulatedElement.inMemory(SimulatedElementOptions.cheap()));
    try (SecretBytes user = SecretBytes.encode("1234".toCharArray());
        SecretBytes administrator = SecretBytes.encode("administrator".toCharArray())) {
      made.initialize(user, administrator);
    }
    return made;
  }

  private static ElementSession login(SecureElement element) throws IOException {
    try (SecretBytes user = SecretBytes.encode("1234".toCharArray())) {
      return element.login(user);
    }
  }

  /** Both copies with a card, signed by an element; of the file's key it knows nothing. */
  private void forge(ElementCard card, SecureElement signer) throws IOException {
    Prelude forged =
        new Prelude(
            prelude.length(),
            prelude.revision() + 1,
            prelude.transientId(),
            prelude.outboxId(),
            prelude.created(),
            prelude.expires(),
            prelude.imageLength(),
            prelude.headerBytes(),
            prelude.headerSignature(),
            prelude.contentDigest(),
            card.encode(),
            prelude.stanzas(),
            prelude.records());
    byte[] copy;
    try (ElementSession session = login(signer);
        TransientKey key = TransientKey.of(new byte[32])) {
      copy = PreludeFile.sign(session, forged, key);
    }
    byte[] file = whole.clone();
    System.arraycopy(copy, 0, file, 0, copy.length);
    System.arraycopy(copy, 0, file, copy.length, copy.length);
    Files.write(sent, file);
  }

  private void assertRefusedAndTheRightOneReceived(int pending) throws IOException {
    try (ElementSession session = login(bob);
        SecureFileSystem volume =
            SecureFileSystem.create(session, folder.resolve("bob's"), SMALL)) {
      volume.contacts().add("alice", alice.card(), alice.card().fingerprint());
      volume.contacts().add("eve", eve.card(), eve.card().fingerprint());
      IntegrityException refused =
          catchThrowableOfType(IntegrityException.class, () -> volume.receive(sent, "got", PLAIN));
      assertThat(refused.check()).isEqualTo("prelude");
      assertThat(volume.exists("got")).isFalse();
      assertThat(session.receiveRegister().pending()).hasSize(pending);
      Files.write(sent, whole);
      assertThat(volume.receive(sent, "got", PLAIN).senderName()).contains("alice");
    }
  }

  /** The key that the stanza gives names the sender, so it is another one under another card. */
  @Test
  void anothersFileUnderOnesOwnNameIsRefused() throws IOException {
    forge(eve.card(), eve);
    assertThat(Arrays.equals(Files.readAllBytes(sent), whole)).isFalse();
    assertRefusedAndTheRightOneReceived(1);
  }

  @Test
  void onesOwnSignatureUnderAnothersCardIsRefusedBeforeTheElementIsAsked() throws IOException {
    forge(alice.card(), eve);
    assertRefusedAndTheRightOneReceived(0);
  }

  /** Who signs with the right element, but without the key, is found by the MAC. */
  @Test
  void aPreludeThatWasMadeWithoutTheKeyIsRefused() throws IOException {
    forge(alice.card(), alice);
    assertRefusedAndTheRightOneReceived(1);
  }
}
