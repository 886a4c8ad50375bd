// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.strongroom.core.device.AlreadyReceivedException;
import dev.strongroom.core.device.ReceiveId;
import dev.strongroom.core.device.ReceiveNotFoundException;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.share.ForeignSenderException;
import dev.strongroom.file.share.ReceiveOptions;
import dev.strongroom.file.share.RegisteredSender;
import dev.strongroom.file.share.SendOptions;
import dev.strongroom.file.share.TransientView;
import java.io.IOException;
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

/** What has begun to be received is listed with who sent it, and can always be given up. */
class PendingFilesTest {

  private static final ReceiveOptions PLAIN = ReceiveOptions.defaults();

  @TempDir Path folder;

  private Correspondent alice;
  private Correspondent bob;

  @BeforeEach
  void meet() throws IOException {
    alice = Correspondent.create();
    bob = Correspondent.create();
    alice.meets(bob, "bob", "alice");
    alice.put("f", SampleBytes.of(1, 100));
  }

  @AfterEach
  void part() throws IOException {
    alice.close();
    bob.close();
  }

  private Path send() throws IOException {
    return send(alice, SendOptions.to("bob"));
  }

  private Path send(Correspondent sender, SendOptions options) throws IOException {
    Path target = folder.resolve("sent-" + System.nanoTime());
    sender.volume.send("f", target, options);
    return target;
  }

  private RegisteredSender onlySender() throws IOException {
    List<RegisteredSender> senders = bob.volume.receiveRegister();
    assertThat(senders).hasSize(1);
    return senders.get(0);
  }

  @Test
  void theRegisterNamesTheContactAndWhatIsPending() throws IOException {
    assertThat(bob.volume.receiveRegister()).isEmpty();
    bob.volume.receive(send(), "f", PLAIN);
    Path looked = send();
    bob.volume.inspect(looked);
    RegisteredSender sender = onlySender();
    assertThat(sender.contactName()).contains("alice");
    assertThat(sender.highest()).isOne();
    assertThat(sender.pending()).extracting(ReceiveId::counter).containsExactly(2L);
    bob.volume.contacts().rename("alice", "alina");
    bob.reopen();
    assertThat(onlySender().contactName()).contains("alina");
    bob.volume.contacts().remove("alina");
    assertThat(onlySender().contactName()).isEmpty();
  }

  @Test
  void theLastOutboxesOfAContactAreKnown() throws IOException {
    for (int i = 0; i < 6; i++) {
      bob.volume.receive(send(), "f" + i, PLAIN);
      alice.volume.contacts().renewOutbox();
    }
    assertThat(bob.volume.receiveRegister())
        .extracting(sender -> sender.contactName().orElse("?"))
        .containsExactly("?", "?", "alice", "alice", "alice", "alice");
  }

  @Test
  void whatIsPendingOfALostFileIsGivenUp() throws IOException {
    Path lost = send();
    bob.volume.inspect(lost);
    Path copy = Files.copy(lost, folder.resolve("copy"));
    Files.delete(lost);
    ReceiveId pending = onlySender().pending().get(0);
    bob.volume.decline(pending);
    assertThat(onlySender().pending()).isEmpty();
    assertThatThrownBy(() -> bob.volume.receive(copy, "f", PLAIN))
        .isInstanceOf(AlreadyReceivedException.class);
    bob.volume.decline(pending); // again is no error
    ReceiveId never = new ReceiveId(pending.sender(), 7, pending.id());
    assertThatThrownBy(() -> bob.volume.decline(never))
        .isInstanceOf(ReceiveNotFoundException.class);
  }

  @Test
  void whatIsPendingOfAStrangerIsGivenUpAndNothingElseOfHis() throws IOException {
    try (Correspondent eve = Correspondent.create()) {
      eve.volume.contacts().add("bob", bob.card, bob.card.fingerprint());
      eve.put("f", SampleBytes.of(2, 50_000));
      Path sent = send(eve, SendOptions.to("bob"));
      assertThatThrownBy(() -> bob.volume.decline(sent)).isInstanceOf(ForeignSenderException.class);
      assertThat(bob.volume.receiveRegister()).isEmpty();
      byte[] damaged = Files.readAllBytes(sent);
      damaged[damaged.length - 1] ^= 1;
      Files.write(sent, damaged);
      ReceiveOptions confirmed = PLAIN.confirmSender(eve.card.fingerprint());
      assertThatThrownBy(() -> bob.volume.receive(sent, "f", confirmed))
          .isInstanceOf(dev.strongroom.file.IntegrityException.class);
      assertThat(onlySender().pending()).hasSize(1);
      bob.volume.decline(sent);
      assertThat(onlySender().pending()).isEmpty();
    }
  }

  @Test
  void whatWasReceivedIsNotDeclined() throws IOException {
    Path sent = send();
    bob.volume.receive(sent, "f", PLAIN);
    bob.volume.decline(sent);
    assertThat(bob.volume.exists("f")).isTrue();
  }

  @Test
  void aFullRegisterIsEmptiedWithoutTheFiles() throws IOException {
    List<Path> sent = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      Path each = send();
      bob.volume.inspect(each);
      Files.delete(each);
    }
    sent.add(send());
    for (ReceiveId pending : onlySender().pending()) {
      bob.volume.decline(pending);
    }
    bob.volume.receive(sent.get(0), "f", PLAIN);
  }

  @Test
  void aFileThatComesAgainIsToldWithTheNameOfItsSender() throws IOException {
    Path sent = send();
    bob.volume.receive(sent, "f", PLAIN);
    AlreadyReceivedException refused =
        catchThrowableOfType(
            AlreadyReceivedException.class, () -> bob.volume.receive(sent, "g", PLAIN));
    assertThat(refused.senderName()).contains("alice");
    assertThat(refused).hasMessageContaining("number 1 of \"alice\"");
  }

  @Test
  void whoLooksAtAnExpiredFileIsTold() throws IOException {
    Instant expires = Instant.now().minus(Duration.ofMinutes(1));
    Path sent = send(alice, SendOptions.to("bob").expires(expires));
    TransientView seen = bob.volume.inspect(sent);
    assertThat(seen.isExpired()).isTrue();
    assertThat(seen.standing()).isEqualTo(TransientView.Standing.RECEIVABLE);
    assertThat(seen.info().isExpired(expires.minusNanos(1))).isFalse();
    assertThat(seen.info().isExpired(expires)).isTrue();
    assertThat(alice.volume.inspect(sent).isExpired()).isTrue();
    assertThat(bob.volume.inspect(send()).isExpired()).isFalse();
  }

  @Test
  void lookingFromAVolumeForReadingOnlyWritesNothing() throws IOException {
    Path sent = send();
    bob.volume.close();
    bob.volume =
        SecureFileSystem.open(bob.session, bob.store, VolumeOptions.builder().readOnly().build());
    bob.volume.inspect(sent);
    RegisteredSender sender = onlySender();
    assertThat(sender.contactName()).isEmpty();
    bob.volume.decline(sender.pending().get(0));
  }
}
