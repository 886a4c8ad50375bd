// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.share.ContactNotFoundException;
import dev.strongroom.file.share.NotTheSenderException;
import dev.strongroom.file.share.ReceiveOptions;
import dev.strongroom.file.share.RecipientOptions;
import dev.strongroom.file.share.SendOptions;
import dev.strongroom.file.share.TransientInfo;
import dev.strongroom.file.share.WrongRecipientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sender adds recipients to a file that is sent already, and removes them for the future. */
class RecipientsTest {

  private static final ReceiveOptions PLAIN = ReceiveOptions.defaults();
  private static final byte[] CONTENT = SampleBytes.of(1, 300_000);

  @TempDir Path folder;

  private static Correspondent alice;
  private static final List<Correspondent> OTHERS = new ArrayList<>();

  @BeforeAll
  static void meet() throws IOException {
    alice = Correspondent.create();
    alice.put("f", CONTENT);
    for (int i = 0; i < 16; i++) {
      Correspondent other = Correspondent.create();
      alice.meets(other, "other " + i, "alice");
      OTHERS.add(other);
    }
  }

  @AfterAll
  static void part() throws IOException {
    alice.close();
    for (Correspondent other : OTHERS) {
      other.close();
    }
  }

  private Path send(String... recipients) throws IOException {
    Path target = folder.resolve("sent-" + System.nanoTime());
    alice.volume.send("f", target, SendOptions.to(recipients));
    return target;
  }

  private static void assertReceives(Correspondent other, Path file) throws IOException {
    other.volume.receive(file, "f", PLAIN.replaceExisting());
    assertThat(other.get("f")).isEqualTo(CONTENT);
  }

  @Test
  void addedRecipientsReceiveAndTheFirstStillDo() throws IOException {
    Path sent = send("other 0");
    long length = Files.size(sent);
    assertThatThrownBy(() -> OTHERS.get(1).volume.receive(sent, "f", PLAIN))
        .isInstanceOf(WrongRecipientException.class);
    TransientInfo info = alice.volume.addRecipients(sent, List.of("other 1", "other 0", "other 2"));
    assertThat(info.recipients()).hasSize(3);
    assertThat(info.revision()).isEqualTo(2);
    assertThat(Files.size(sent)).isEqualTo(length);
    for (int i = 0; i < 3; i++) {
      assertReceives(OTHERS.get(i), sent);
    }
    assertThat(alice.volume.addRecipients(sent, List.of("other 2")).revision()).isEqualTo(2);
  }

  @Test
  void moreThanThereIsRoomForMakeTheFileLonger() throws IOException {
    Path sent = send("other 0");
    long length = Files.size(sent);
    List<String> all = new ArrayList<>();
    for (int i = 0; i < OTHERS.size(); i++) {
      all.add("other " + i);
    }
    TransientInfo info = alice.volume.addRecipients(sent, all);
    assertThat(info.recipients()).hasSize(OTHERS.size());
    assertThat(Files.size(sent)).isGreaterThan(length);
    assertThat(folder.toFile().list()).hasSize(1);
    assertReceives(OTHERS.get(0), sent);
    assertReceives(OTHERS.get(15), sent);
  }

  @Test
  void removedRecipientsReceiveNoLongerButACopyFromBeforeIsTheirs() throws IOException {
    Path sent = send("other 0", "other 1", "other 2");
    Path before = Files.copy(sent, folder.resolve("before"));
    TransientInfo info = alice.volume.removeRecipients(sent, List.of("other 1"));
    assertThat(info.recipients()).hasSize(2);
    assertThatThrownBy(() -> OTHERS.get(1).volume.receive(sent, "f", PLAIN))
        .isInstanceOf(WrongRecipientException.class);
    assertReceives(OTHERS.get(0), sent);
    assertReceives(OTHERS.get(1), before);
    alice.volume.removeRecipients(sent, List.of("other 0", "other 2"));
    assertThat(TransientInfo.read(sent).recipients()).isEmpty();
    alice.volume.addRecipients(sent, List.of("other 2"));
    assertReceives(OTHERS.get(2), sent);
  }

  @Test
  void nobodyElseChangesThem() throws IOException {
    Path sent = send("other 0");
    byte[] before = Files.readAllBytes(sent);
    assertThatThrownBy(() -> OTHERS.get(0).volume.addRecipients(sent, List.of("alice")))
        .isInstanceOf(NotTheSenderException.class);
    assertThatThrownBy(() -> alice.volume.addRecipients(sent, List.of("nobody")))
        .isInstanceOf(ContactNotFoundException.class);
    try (SecureFileSystem second =
        SecureFileSystem.create(alice.session, new MemoryStore(), Correspondent.SMALL)) {
      Correspondent other = OTHERS.get(3);
      second.contacts().add("other 3", other.card, other.card.fingerprint());
      assertThatThrownBy(() -> second.addRecipients(sent, List.of("other 3")))
          .isInstanceOf(NotTheSenderException.class)
          .hasMessageContaining("another volume");
    }
    assertThat(Files.readAllBytes(sent)).isEqualTo(before);
  }

  @Test
  void aDamagedCopyIsMadeGoodByTheNextChange() throws IOException {
    Path sent = send("other 4");
    byte[] bytes = Files.readAllBytes(sent);
    bytes[40] ^= 1;
    Files.write(sent, bytes);
    alice.volume.addRecipients(sent, List.of("other 5"));
    byte[] after = Files.readAllBytes(sent);
    int length = java.nio.ByteBuffer.wrap(after).getInt(16);
    assertThat(Arrays.copyOf(after, length))
        .isEqualTo(Arrays.copyOfRange(after, length, 2 * length));
    assertReceives(OTHERS.get(5), sent);
  }

  /** So that a write that is cut off leaves the list that counted before, or the new one. */
  @Test
  void theCopyThatCountsIsNotTouchedBeforeTheOtherOneIsWritten() throws IOException {
    MemoryStore store = new MemoryStore();
    alice.volume.send("f", store, "sent", SendOptions.to("other 6"));
    byte[] first = store.content("sent");
    int length = java.nio.ByteBuffer.wrap(first).getInt(16);
    alice.volume.addRecipients(store, "sent", RecipientOptions.of("other 7"));
    byte[] equal = store.content("sent");
    byte[] halfDone = equal.clone();
    System.arraycopy(first, 0, halfDone, 0, length);
    byte[] damaged = equal.clone();
    damaged[40] ^= 1;
    assertWrittenLast(store, equal, 0, length);
    assertWrittenLast(store, halfDone, length, length);
    assertWrittenLast(store, damaged, length, length);
  }

  private void assertWrittenLast(MemoryStore store, byte[] before, int position, int length)
      throws IOException {
    store.replaceContent("sent", before);
    FaultyStore failing = new FaultyStore(store);
    failing.arm(FaultPlan.of(FaultPlan.Fault.READ_ONLY).on(StoreOperation.WRITE).at(2).lasting());
    assertThatThrownBy(
            () -> alice.volume.addRecipients(failing, "sent", RecipientOptions.of("other 8")))
        .isInstanceOf(IOException.class);
    byte[] after = store.content("sent");
    assertThat(Arrays.copyOfRange(after, position, position + length))
        .isEqualTo(Arrays.copyOfRange(before, position, position + length));
    Path left = folder.resolve("left-" + System.nanoTime());
    Files.write(left, after);
    assertThat(TransientInfo.read(left).recipients()).hasSize(3);
  }
}
