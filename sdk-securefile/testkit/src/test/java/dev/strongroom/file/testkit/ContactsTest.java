// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.AlreadyReceivedException;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.InvalidNameException;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.check.CheckListener;
import dev.strongroom.file.share.Contact;
import dev.strongroom.file.share.ContactExistsException;
import dev.strongroom.file.share.ContactNotFoundException;
import dev.strongroom.file.share.Contacts;
import dev.strongroom.file.share.NotTheSenderException;
import dev.strongroom.file.share.ReceiveOptions;
import dev.strongroom.file.share.SendOptions;
import dev.strongroom.file.share.TransientInfo;
import dev.strongroom.file.share.UnconfirmedCardException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Contacts are kept in the volume, confirmed by their fingerprint, and never replaced silently. */
class ContactsTest {

  @TempDir Path folder;

  private Correspondent alice;
  private Correspondent bob;

  @BeforeEach
  void login() throws IOException {
    alice = Correspondent.create();
    bob = Correspondent.create();
  }

  @AfterEach
  void logout() throws IOException {
    alice.close();
    bob.close();
  }

  private Contacts contacts() {
    return alice.volume.contacts();
  }

  private void addBob(String name) throws IOException {
    contacts().add(name, bob.card, bob.card.fingerprint());
  }

  @Test
  void aVolumeHasNoneAtFirst() throws IOException {
    assertThat(contacts().list()).isEmpty();
    assertThat(contacts().find("bob")).isEmpty();
    assertThat(alice.store.files()).noneMatch(name -> name.endsWith("contacts"));
    assertThatThrownBy(() -> contacts().remove("bob")).isInstanceOf(ContactNotFoundException.class);
    assertThatThrownBy(() -> contacts().rename("bob", "x"))
        .isInstanceOf(ContactNotFoundException.class);
  }

  @Test
  void theyStayInTheVolumeAndAreNoFilesOfIt() throws IOException {
    addBob("bob");
    alice.reopen();
    Contact found = contacts().find("bob").orElseThrow();
    assertThat(found.card()).isEqualTo(bob.card);
    assertThat(contacts().list()).containsExactly(found);
    assertThat(alice.volume.list("")).isEmpty();
    assertThat(alice.volume.check(CheckListener.SILENT).findings()).isEmpty();
  }

  @Test
  void onlyTheConfirmedFingerprintIsAdded() throws IOException {
    UnconfirmedCardException refused =
        catchThrowableOfType(
            UnconfirmedCardException.class,
            () -> contacts().add("bob", bob.card, alice.card.fingerprint()));
    assertThat(refused.found()).isEqualTo(bob.card.fingerprint());
    assertThat(contacts().list()).isEmpty();
    assertThatThrownBy(() -> contacts().add("a/b", bob.card, bob.card.fingerprint()))
        .isInstanceOf(InvalidNameException.class);
  }

  @Test
  void nameAndKeysArePinned() throws IOException {
    addBob("Bärbel");
    String decomposed = "Ba\u0308rbel";
    assertThatThrownBy(() -> contacts().add(decomposed, alice.card, alice.card.fingerprint()))
        .isInstanceOf(ContactExistsException.class)
        .hasMessageContaining("name");
    assertThatThrownBy(() -> addBob("other"))
        .isInstanceOf(ContactExistsException.class)
        .hasMessageContaining("keys");
    assertThat(contacts().find(decomposed)).isPresent();
  }

  @Test
  void anElementWithOtherKeysDoesNotTakeItsPlace() throws IOException {
    addBob("bob");
    SecureElement element = bob.session.element();
    bob.volume.close();
    ElementCard renewed;
    try (SecretBytes pin = TestElement.administratorPin()) {
      element.wipe(pin);
    }
    TestElement.initialize(element);
    renewed = element.card();
    assertThat(renewed.serialNumber()).isEqualTo(bob.card.serialNumber());
    assertThatThrownBy(() -> contacts().add("new bob", renewed, renewed.fingerprint()))
        .isInstanceOf(ContactExistsException.class)
        .hasMessageContaining("serial number");
    contacts().remove("bob");
    contacts().add("bob", renewed, renewed.fingerprint());
    assertThat(contacts().find("bob").orElseThrow().card()).isEqualTo(renewed);
  }

  @Test
  void renamingKeepsAllElse() throws IOException {
    addBob("bob");
    Contact before = contacts().find("bob").orElseThrow();
    contacts().rename("bob", "robert with a much longer name");
    assertThat(contacts().find("bob")).isEmpty();
    Contact after = contacts().find("robert with a much longer name").orElseThrow();
    assertThat(after.card()).isEqualTo(before.card());
    assertThat(after.added()).isEqualTo(before.added());
    contacts().rename("robert with a much longer name", "b");
    contacts().add("alice", alice.card, alice.card.fingerprint());
    assertThatThrownBy(() -> contacts().rename("b", "alice"))
        .isInstanceOf(ContactExistsException.class);
    alice.reopen();
    assertThat(contacts().list()).extracting(Contact::name).containsExactly("alice", "b");
  }

  @Test
  void aContactThatIsAddedAgainGoesOnCounting() throws IOException {
    alice.put("f", SampleBytes.of(1, 10));
    addBob("bob");
    assertThat(counterOfNext("bob")).isEqualTo(1);
    assertThat(counterOfNext("bob")).isEqualTo(2);
    contacts().remove("bob");
    assertThat(contacts().list()).isEmpty();
    alice.reopen();
    addBob("robert");
    assertThat(counterOfNext("robert")).isEqualTo(3);
  }

  @Test
  void aRestoredVolumeSendsFromANewOutbox() throws IOException {
    alice.put("f", SampleBytes.of(1, 10));
    addBob("bob");
    bob.volume.contacts().add("alice", alice.card, alice.card.fingerprint());
    alice.volume.sync();
    alice.volume.close();
    MemoryStore backup = alice.store.copy();
    alice.volume = SecureFileSystem.open(alice.session, alice.store, Correspondent.SMALL);
    ReceiveOptions plain = ReceiveOptions.defaults();
    Path first = folder.resolve("first");
    alice.volume.send("f", first, SendOptions.to("bob"));
    bob.volume.receive(first, "first", plain);
    alice.reopen(backup);
    Path second = folder.resolve("second");
    alice.volume.send("f", second, SendOptions.to("bob"));
    assertThatThrownBy(() -> bob.volume.receive(second, "second", plain))
        .isInstanceOf(AlreadyReceivedException.class);
    contacts().renewOutbox();
    Path third = folder.resolve("third");
    alice.volume.send("f", third, SendOptions.to("bob"));
    bob.volume.receive(third, "third", plain);
    assertThatThrownBy(() -> alice.volume.removeRecipients(second, List.of("bob")))
        .isInstanceOf(NotTheSenderException.class);
  }

  @Test
  void manyContactsWithRemovalsInBetween() throws IOException {
    addBob("bob");
    contacts().remove("bob");
    contacts().add("alice", alice.card, alice.card.fingerprint());
    addBob("bob");
    contacts().remove("alice");
    assertThat(contacts().list()).extracting(Contact::name).containsExactly("bob");
  }

  @Test
  void damagedContactsAreNamed() throws IOException {
    addBob("bob");
    alice.volume.close();
    String host = "strongroom.files/contacts";
    byte[] bytes = alice.store.content(host);
    bytes[2 * 4096 + 100] ^= 1;
    alice.store.replaceContent(host, bytes);
    alice.volume = SecureFileSystem.open(alice.session, alice.store, Correspondent.SMALL);
    assertThatThrownBy(() -> contacts().list()).isInstanceOf(IntegrityException.class);
    assertThat(alice.volume.check(CheckListener.SILENT).findings()).isNotEmpty();
  }

  private long counterOfNext(String name) throws IOException {
    Path target = folder.resolve("sent-" + System.nanoTime());
    alice.volume.send("f", target, SendOptions.to(name));
    return TransientInfo.read(target).recipients().get(0).counter();
  }
}
