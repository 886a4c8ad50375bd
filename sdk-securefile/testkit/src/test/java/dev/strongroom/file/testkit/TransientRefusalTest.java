// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.strongroom.core.device.AlreadyReceivedException;
import dev.strongroom.core.device.RegisterFullException;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.share.ForeignSenderException;
import dev.strongroom.file.share.NotTheSenderException;
import dev.strongroom.file.share.ReceiveOptions;
import dev.strongroom.file.share.SendOptions;
import dev.strongroom.file.share.TransientFileExpiredException;
import dev.strongroom.file.share.TransientInfo;
import dev.strongroom.file.share.TransientView;
import dev.strongroom.file.share.TransientView.Standing;
import dev.strongroom.file.share.WrongRecipientException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not to be received is refused, each by its own error, and leaves nothing behind. */
class TransientRefusalTest {

  private static final ReceiveOptions PLAIN = ReceiveOptions.defaults();
  private static final byte[] CONTENT = SampleBytes.of(1, 20_000);

  @TempDir Path folder;

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

  private Path send(String... recipients) throws IOException {
    Path target = folder.resolve("transient-" + System.nanoTime());
    alice.volume.send("f", target, SendOptions.to(recipients));
    return target;
  }

  @Test
  void aFileForOthersIsRefusedAndShowsNothing() throws IOException {
    try (Correspondent eve = Correspondent.create()) {
      eve.meets(alice, "alice", "eve");
      Path sent = send("bob");
      WrongRecipientException refused =
          catchThrowableOfType(
              WrongRecipientException.class, () -> eve.volume.receive(sent, "f", PLAIN));
      assertThat(refused.recipients()).isOne();
      assertThat(refused.element()).isEqualTo(eve.card.serialNumber());
      TransientView seen = eve.volume.inspect(sent);
      assertThat(seen.standing()).isEqualTo(Standing.FOR_OTHERS);
      assertThat(seen.content()).isEmpty();
      assertThatThrownBy(() -> eve.volume.addRecipients(sent, List.of("alice")))
          .isInstanceOf(NotTheSenderException.class);
      assertThatThrownBy(() -> eve.volume.removeRecipients(sent, List.of("alice")))
          .isInstanceOf(NotTheSenderException.class);
    }
  }

  @Test
  void aStrangerIsRefusedUntilTheFingerprintIsConfirmed() throws IOException {
    try (Correspondent eve = Correspondent.create()) {
      eve.volume.contacts().add("bob", bob.card, bob.card.fingerprint());
      eve.put("f", CONTENT);
      Path sent = folder.resolve("strange");
      eve.volume.send("f", sent, SendOptions.to("bob"));
      ForeignSenderException refused =
          catchThrowableOfType(
              ForeignSenderException.class, () -> bob.volume.receive(sent, "f", PLAIN));
      assertThat(refused.fingerprint()).isEqualTo(eve.card.fingerprint());
      assertThat(refused).hasMessageContaining(eve.card.fingerprint());
      assertThat(bob.volume.inspect(sent).standing()).isEqualTo(Standing.SENDER_UNKNOWN);
      assertThatThrownBy(
              () -> bob.volume.receive(sent, "f", PLAIN.confirmSender(alice.card.fingerprint())))
          .isInstanceOf(ForeignSenderException.class);
      assertThat(bob.session.receiveRegister().pending()).isEmpty();
      String confirmed = eve.card.fingerprint().replace(" ", "").toUpperCase(java.util.Locale.ROOT);
      assertThat(bob.volume.receive(sent, "f", PLAIN.confirmSender(confirmed)).senderName())
          .isEmpty();
      assertThat(bob.get("f")).isEqualTo(CONTENT);
    }
  }

  @Test
  void anExpiredFileIsRefusedUnlessTheUserInsists() throws IOException {
    Path sent = folder.resolve("expired");
    Instant yesterday = Instant.now().minus(Duration.ofDays(1));
    alice.volume.send("f", sent, SendOptions.to("bob").expires(yesterday));
    TransientFileExpiredException refused =
        catchThrowableOfType(
            TransientFileExpiredException.class, () -> bob.volume.receive(sent, "f", PLAIN));
    assertThat(refused.expired()).isEqualTo(yesterday);
    assertThat(TransientInfo.read(sent).expires()).contains(yesterday);
    bob.volume.receive(sent, "f", PLAIN.evenIfExpired());
    assertThat(bob.get("f")).isEqualTo(CONTENT);
    Path later = folder.resolve("later");
    alice.volume.send("f", later, SendOptions.to("bob").expires(yesterday.plusSeconds(200_000)));
    bob.volume.receive(later, "later", PLAIN);
  }

  @Test
  void aCopyOfWhatWasReceivedIsRefusedInAnyVolumeOfTheElement() throws IOException {
    Path sent = send("bob");
    Path copy = Files.copy(sent, folder.resolve("copy"));
    bob.volume.receive(sent, "f", PLAIN);
    AlreadyReceivedException refused =
        catchThrowableOfType(
            AlreadyReceivedException.class, () -> bob.volume.receive(copy, "again", PLAIN));
    assertThat(refused.received().id()).isEqualTo(TransientInfo.read(copy).transientId());
    assertThat(bob.volume.inspect(copy).standing()).isEqualTo(Standing.RECEIVED);
    try (SecureFileSystem other =
        SecureFileSystem.create(bob.session, new MemoryStore(), Correspondent.SMALL)) {
      other.contacts().add("alice", alice.card, alice.card.fingerprint());
      assertThatThrownBy(() -> other.receive(copy, "again", PLAIN))
          .isInstanceOf(AlreadyReceivedException.class);
      assertThat(other.list("")).isEmpty();
    }
  }

  @Test
  void anAlteredFileIsRefusedAndTheWholeOneCanStillBeReceived() throws IOException {
    Path sent = send("bob");
    byte[] whole = Files.readAllBytes(sent);
    for (int at : new int[] {whole.length - 1, whole.length - 9000}) {
      byte[] altered = whole.clone();
      altered[at] ^= 1;
      Files.write(sent, altered);
      IntegrityException refused =
          catchThrowableOfType(
              IntegrityException.class, () -> bob.volume.receive(sent, "f", PLAIN));
      assertThat(refused.check()).isEqualTo("sector");
      assertThat(bob.volume.exists("f")).isFalse();
    }
    Files.write(sent, java.util.Arrays.copyOf(whole, whole.length - 4096));
    assertThatThrownBy(() -> bob.volume.receive(sent, "f", PLAIN))
        .isInstanceOf(IntegrityException.class);
    Files.write(sent, whole);
    bob.volume.receive(sent, "f", PLAIN);
    assertThat(bob.get("f")).isEqualTo(CONTENT);
    assertThat(bob.store.files()).noneMatch(name -> name.contains("transit/"));
  }

  @Test
  void aFullRegisterRefusesAndForgetsNothing() throws IOException {
    List<Path> sent = new ArrayList<>();
    for (int i = 0; i < 17; i++) {
      sent.add(send("bob"));
    }
    for (int i = 0; i < 16; i++) {
      TransientView seen = bob.volume.inspect(sent.get(i)); // takes a place
      assertThat(seen.standing()).isEqualTo(Standing.RECEIVABLE);
      assertThat(seen.content().orElseThrow().size()).isEqualTo(CONTENT.length);
    }
    assertThatThrownBy(() -> bob.volume.receive(sent.get(16), "f", PLAIN))
        .isInstanceOf(RegisterFullException.class);
    assertThat(bob.volume.exists("f")).isFalse();
    bob.volume.decline(sent.get(3));
    bob.volume.receive(sent.get(16), "f", PLAIN);
    assertThatThrownBy(() -> bob.volume.receive(sent.get(3), "g", PLAIN))
        .isInstanceOf(AlreadyReceivedException.class);
    for (int i = 0; i < 16; i++) {
      if (i != 3) {
        bob.volume.receive(sent.get(i), "g" + i, PLAIN);
      }
    }
  }

  @Test
  void whatIsDeclinedUnseenIsNotReceived() throws IOException {
    Path sent = send("bob");
    bob.volume.decline(sent);
    assertThatThrownBy(() -> bob.volume.receive(sent, "f", PLAIN))
        .isInstanceOf(AlreadyReceivedException.class);
    assertThat(bob.session.receiveRegister().pending()).isEmpty();
    bob.volume.decline(sent); // again is no error
  }

  @Test
  void moreThanTheWindowInAnyOrder() throws IOException {
    List<Path> sent = new ArrayList<>();
    for (int i = 0; i < 66; i++) {
      sent.add(send("bob"));
    }
    bob.volume.receive(sent.get(65), "65", PLAIN);
    for (int i = 64; i > 1; i--) {
      bob.volume.receive(sent.get(i), "" + i, PLAIN);
    }
    assertThatThrownBy(() -> bob.volume.receive(sent.get(1), "1", PLAIN))
        .isInstanceOf(AlreadyReceivedException.class);
  }

  @Test
  void preludeCopiesOfTwoRevisionsTheNewerCounts() throws IOException {
    try (Correspondent carol = Correspondent.create()) {
      alice.meets(carol, "carol", "alice");
      Path sent = send("bob");
      byte[] first = Files.readAllBytes(sent);
      int length = ByteBuffer.wrap(first).getInt(16);
      alice.volume.addRecipients(sent, List.of("carol"));
      byte[] second = Files.readAllBytes(sent);
      byte[] mixed = second.clone();
      System.arraycopy(first, 0, mixed, 0, length); // as after a crash between the two
      Files.write(sent, mixed);
      assertThat(TransientInfo.read(sent).revision()).isEqualTo(2);
      carol.volume.receive(sent, "f", PLAIN);
      assertThat(carol.get("f")).isEqualTo(CONTENT);
      mixed = second.clone();
      System.arraycopy(first, length, mixed, length, length);
      Files.write(sent, mixed);
      bob.volume.receive(sent, "f", PLAIN);
      mixed = first.clone();
      System.arraycopy(second, 2 * length, mixed, 2 * length, second.length - 2 * length);
      assertThat(mixed).isEqualTo(first); // the image has not changed
    }
  }

  @Test
  void theImageOfAnotherFileIsRefused() throws IOException {
    byte[] one = Files.readAllBytes(send("bob"));
    Path two = send("bob");
    byte[] other = Files.readAllBytes(two);
    int length = ByteBuffer.wrap(one).getInt(16);
    System.arraycopy(one, 2 * length, other, 2 * length, one.length - 2 * length);
    Files.write(two, other);
    assertThatThrownBy(() -> bob.volume.receive(two, "f", PLAIN))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("header");
  }

  @Test
  void aVolumeForReadingOnlyNeitherSendsNorReceives() throws IOException {
    Path sent = send("bob");
    bob.volume.close();
    bob.volume =
        SecureFileSystem.open(bob.session, bob.store, VolumeOptions.builder().readOnly().build());
    assertThatThrownBy(() -> bob.volume.receive(sent, "f", PLAIN))
        .isInstanceOf(java.nio.file.ReadOnlyFileSystemException.class);
    assertThatThrownBy(() -> bob.volume.send("f", folder.resolve("x"), SendOptions.to("alice")))
        .isInstanceOf(java.nio.file.ReadOnlyFileSystemException.class);
    assertThat(bob.volume.contacts().list()).hasSize(1);
    assertThat(bob.volume.inspect(sent).standing()).isEqualTo(Standing.RECEIVABLE);
  }

  @Test
  void theSenderSeesWhatWasSentAndCannotReceiveIt() throws IOException {
    Path sent = send("bob");
    TransientView seen = alice.volume.inspect(sent);
    assertThat(seen.standing()).isEqualTo(Standing.SENT);
    assertThat(seen.content().orElseThrow().name()).isEqualTo("f");
    assertThatThrownBy(() -> alice.volume.receive(sent, "g", PLAIN))
        .isInstanceOf(WrongRecipientException.class);
  }

  @Test
  void whatIsNoTransientFileIsSaidSo() throws IOException {
    Path other = folder.resolve("other");
    for (byte[] content :
        new byte[][] {{}, {1}, SampleBytes.of(1, 100), SampleBytes.of(1, 100_000)}) {
      Files.write(other, content);
      assertThatThrownBy(() -> TransientInfo.read(other))
          .isInstanceOf(IntegrityException.class)
          .hasMessageContaining("prelude");
    }
  }
}
