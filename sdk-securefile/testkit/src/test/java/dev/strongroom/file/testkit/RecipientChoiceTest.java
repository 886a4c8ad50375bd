// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.crypto.P256;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.core.identity.ElementClass;
import dev.strongroom.file.share.OtherTransientFileException;
import dev.strongroom.file.share.ReceiveOptions;
import dev.strongroom.file.share.Recipient;
import dev.strongroom.file.share.RecipientOptions;
import dev.strongroom.file.share.SendOptions;
import dev.strongroom.file.share.TransientInfo;
import dev.strongroom.file.share.TransientView;
import dev.strongroom.file.share.WeakerSuiteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sender does not sign what was not meant, nor weaken a file without saying so. */
class RecipientChoiceTest {

  private static final SecureRandom RANDOM = new SecureRandom();

  @TempDir Path folder;

  private Correspondent alice;
  private Correspondent bob;

  @BeforeEach
  void meet() throws IOException {
    alice = Correspondent.create();
    bob = Correspondent.create();
    alice.meets(bob, "bob", "alice");
    add("old", 1);
    add("older", 2);
    alice.put("f", SampleBytes.of(1, 10_000));
  }

  /** A contact whose element knows nothing but P-256. */
  private void add(String name, int serialNumber) throws IOException {
    byte[] serial = new byte[16];
    serial[0] = (byte) serialNumber;
    try (P256.Pair signing = P256.generate(RANDOM);
        P256.Pair agreement = P256.generate(RANDOM)) {
      ElementCard card =
          ElementCard.sign(
              new ElementClass(1),
              Bytes.copyOf(serial),
              signing,
              Map.of(HpkeSuite.P256, agreement.publicKey()));
      alice.volume.contacts().add(name, card, card.fingerprint());
    }
  }

  @AfterEach
  void part() throws IOException {
    alice.close();
    bob.close();
  }

  private Path send(SendOptions options) throws IOException {
    Path target = folder.resolve("sent-" + System.nanoTime());
    alice.volume.send("f", target, options);
    return target;
  }

  private static Iterable<HpkeSuite> suites(Path file) throws IOException {
    return TransientInfo.read(file).recipients().stream()
        .map(Recipient::suite)
        .flatMap(java.util.Optional::stream)
        .toList();
  }

  @Test
  void aWeakerRecipientAmongOthersIsSentToOnlyIfThatIsAllowed() throws IOException {
    WeakerSuiteException refused =
        catchThrowableOfType(WeakerSuiteException.class, () -> send(SendOptions.to("bob", "old")));
    assertThat(refused.contact()).isEqualTo("old");
    assertThat(refused.suite()).isEqualTo(HpkeSuite.P256);
    assertThat(refused.others()).isEqualTo(HpkeSuite.X25519_ML_KEM_768);
    assertThat(folder).isEmptyDirectory();
    assertThat(suites(send(SendOptions.to("bob", "old").allowWeakerSuites())))
        .containsExactly(HpkeSuite.X25519_ML_KEM_768, HpkeSuite.P256);
    assertThat(suites(send(SendOptions.to("bob", "old").suite(HpkeSuite.P256))))
        .containsExactly(HpkeSuite.P256, HpkeSuite.P256);
    assertThat(suites(send(SendOptions.to("old", "older"))))
        .containsExactly(HpkeSuite.P256, HpkeSuite.P256);
  }

  @Test
  void aWeakerRecipientIsAddedOnlyIfThatIsAllowed() throws IOException {
    Path sent = send(SendOptions.to("bob"));
    byte[] before = Files.readAllBytes(sent);
    RecipientOptions old = RecipientOptions.of("old");
    assertThatThrownBy(() -> alice.volume.addRecipients(sent, old))
        .isInstanceOf(WeakerSuiteException.class)
        .hasMessageContaining("\"old\"");
    assertThat(Files.readAllBytes(sent)).isEqualTo(before);
    alice.volume.addRecipients(sent, old.allowWeakerSuites());
    // It is as weak already.
    alice.volume.addRecipients(sent, RecipientOptions.of("older"));
    assertThat(suites(sent))
        .containsExactly(HpkeSuite.X25519_ML_KEM_768, HpkeSuite.P256, HpkeSuite.P256);
    Path other = send(SendOptions.to("old"));
    alice.volume.addRecipients(other, RecipientOptions.of("bob"));
    assertThat(suites(other)).containsExactly(HpkeSuite.P256, HpkeSuite.X25519_ML_KEM_768);
    Path third = send(SendOptions.to("bob"));
    alice.volume.addRecipients(third, old.suite(HpkeSuite.P256));
    assertThat(suites(third)).containsExactly(HpkeSuite.X25519_ML_KEM_768, HpkeSuite.P256);
  }

  @Test
  void anotherFileThanTheOneThatWasLookedAtIsNotSigned() throws IOException {
    Path sent = send(SendOptions.to("older"));
    alice.put("secret", SampleBytes.of(2, 100));
    Path secret = folder.resolve("secret");
    alice.volume.send("secret", secret, SendOptions.to("older"));
    TransientView seen = alice.volume.inspect(sent);
    assertThat(seen.content().orElseThrow().name()).isEqualTo("f");
    assertThat(seen.content().orElseThrow().size()).isEqualTo(10_000);
    assertThat(seen.info().recipients()).hasSize(1);
    Bytes meant = seen.info().transientId();
    byte[] exchanged = Files.readAllBytes(secret);
    Files.write(sent, exchanged);
    RecipientOptions bobs = RecipientOptions.of("bob").expect(meant);
    OtherTransientFileException refused =
        catchThrowableOfType(
            OtherTransientFileException.class, () -> alice.volume.addRecipients(sent, bobs));
    assertThat(refused.expected()).isEqualTo(meant);
    assertThat(refused.found()).isEqualTo(TransientInfo.read(secret).transientId());
    assertThatThrownBy(
            () -> alice.volume.removeRecipients(sent, RecipientOptions.of("older").expect(meant)))
        .isInstanceOf(OtherTransientFileException.class);
    assertThat(Files.readAllBytes(sent)).isEqualTo(exchanged);
    alice.volume.addRecipients(
        sent, RecipientOptions.of("bob").expect(TransientInfo.read(sent).transientId()));
  }

  @Test
  void whoIsRemovedAndAddedAgainCanReceiveItOnceMore() throws IOException {
    Path sent = send(SendOptions.to("bob"));
    ReceiveOptions plain = ReceiveOptions.defaults();
    bob.volume.receive(sent, "first", plain);
    alice.volume.removeRecipients(sent, RecipientOptions.of("bob"));
    TransientInfo again = alice.volume.addRecipients(sent, RecipientOptions.of("bob"));
    assertThat(again.recipients()).extracting(Recipient::counter).containsExactly(2L);
    bob.volume.receive(sent, "second", plain);
    assertThat(bob.get("second")).isEqualTo(bob.get("first"));
  }

  @Test
  void aContactNamedTwiceIsOneRecipient() throws IOException {
    alice.volume.contacts().rename("bob", "B\u00e4r");
    Path sent = send(SendOptions.to("B\u00e4r", "Ba\u0308r"));
    assertThat(TransientInfo.read(sent).recipients()).hasSize(1);
  }
}
