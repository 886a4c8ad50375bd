// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.device.AlreadyReceivedException;
import dev.strongroom.file.AttributeTooLargeException;
import dev.strongroom.file.DirectoryEntry;
import dev.strongroom.file.KeyScope;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileAttributes;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.check.CheckListener;
import dev.strongroom.file.share.ContactNotFoundException;
import dev.strongroom.file.share.ReceiveOptions;
import dev.strongroom.file.share.ReceivedFile;
import dev.strongroom.file.share.SendOptions;
import dev.strongroom.file.share.TransientInfo;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What one sends, the other receives: content, holes, name, times, attributes; and only once. */
@Tag("jdk25")
class TransientFileTest {

  private static final ReceiveOptions PLAIN = ReceiveOptions.defaults();
  private static final SendOptions TO_BOB = SendOptions.to("bob");

  @TempDir Path folder;

  private static Correspondent alice;
  private static Correspondent bob;

  @BeforeAll
  static void meet() throws IOException {
    alice = Correspondent.create();
    bob = Correspondent.create();
    alice.meets(bob, "bob", "alice");
  }

  @AfterAll
  static void part() throws IOException {
    alice.close();
    bob.close();
  }

  private Path send(String path, SendOptions options) throws IOException {
    Path target = folder.resolve("transient-" + System.nanoTime());
    alice.volume.send(path, target, options);
    return target;
  }

  private void assertArrives(byte[] content, SendOptions options) throws IOException {
    alice.put("sent", content);
    Path file = send("sent", options);
    ReceivedFile received = bob.volume.receive(file, "got", PLAIN.replaceExisting());
    assertThat(received.senderName()).contains("alice");
    assertThat(received.content().name()).isEqualTo("sent");
    assertThat(received.content().size()).isEqualTo(content.length);
    assertThat(bob.get("got")).isEqualTo(content);
    assertThatThrownBy(() -> bob.volume.receive(file, "again", PLAIN))
        .isInstanceOf(AlreadyReceivedException.class);
    assertThat(bob.volume.exists("again")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0, 1, 4095, 4096, 4097, 131_071, 131_072, 131_073, 135_168, 622_592, 622_593, 626_688,
        1_048_576, 1_300_001
      })
  void contentOfAnyLengthArrives(int length) throws IOException {
    assertArrives(SampleBytes.of(length, length), TO_BOB);
  }

  @ParameterizedTest
  @EnumSource(HpkeSuite.class)
  void anySuiteCarriesTheKey(HpkeSuite suite) throws IOException {
    assertArrives(SampleBytes.of(7, 10_000), TO_BOB.suite(suite));
    alice.put("sent", SampleBytes.of(8, 10));
    TransientInfo info = TransientInfo.read(send("sent", TO_BOB.suite(suite)));
    assertThat(info.recipients()).hasSize(1);
    assertThat(info.recipients().get(0).suite()).contains(suite);
    assertThat(info.sender()).isEqualTo(alice.card);
  }

  @Test
  void theStrongestSuiteOfACardIsTaken() throws IOException {
    alice.put("sent", SampleBytes.of(8, 10));
    TransientInfo info = TransientInfo.read(send("sent", TO_BOB));
    assertThat(info.recipients().get(0).suite()).contains(HpkeSuite.X25519_ML_KEM_768);
  }

  @ParameterizedTest
  @EnumSource(KeyScope.class)
  void sectorsAndKeysOfAnyKindArrive(KeyScope scope) throws IOException {
    VolumeOptions large =
        VolumeOptions.builder().journalBytes(4 << 20).sectorBytes(65536).keyScope(scope).build();
    try (Correspondent carol = Correspondent.create(large)) {
      carol.meets(bob, "bob", "carol " + scope);
      byte[] content = SampleBytes.of(3, 3_000_000);
      carol.put("large", content);
      Path there = folder.resolve("there");
      carol.volume.send("large", there, TO_BOB);
      bob.volume.receive(there, "from carol " + scope, PLAIN);
      assertThat(bob.get("from carol " + scope)).isEqualTo(content);
      Path back = folder.resolve("back");
      bob.volume.send("from carol " + scope, back, SendOptions.to("carol " + scope));
      carol.volume.receive(back, "back", PLAIN);
      assertThat(carol.get("back")).isEqualTo(content);
      assertThat(carol.volume.stat("back").keyScope()).isEqualTo(scope);
    }
  }

  @Test
  void holesStayHoles() throws IOException {
    try (SecureFile file =
        alice.volume.openFile("holes", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long position : new long[] {5000, 200_000, 70_000_000, 8_000_000_000L}) {
        file.pwrite(position, new byte[] {1, 2, 3}, 0, 3);
      }
      file.truncate(1L << 40);
    }
    Path sent = send("holes", TO_BOB);
    assertThat(bob.volume.receive(sent, "holes", PLAIN).content().size()).isEqualTo(1L << 40);
    try (SecureFile file = bob.volume.openFile("holes", StandardOpenOption.READ)) {
      byte[] some = new byte[10];
      for (long position : new long[] {5000, 200_000, 70_000_000, 8_000_000_000L}) {
        file.pread(position - 2, some, 0, 10);
        assertThat(some).isEqualTo(new byte[] {0, 0, 1, 2, 3, 0, 0, 0, 0, 0});
      }
      file.pread((1L << 40) - 10, some, 0, 10);
      assertThat(some).containsOnly(0);
    }
    assertThat(bob.store.allocatedBytes()).isLessThan(64 << 20);
  }

  @Test
  void nameTimesModeAndUserAttributesGoWithIt() throws IOException {
    alice.volume.createDirectory("letters");
    alice.put("letters/Grüße", SampleBytes.of(1, 100));
    Instant modified = Instant.parse("2001-02-03T04:05:06.000000007Z");
    Instant created = Instant.parse("2000-01-01T00:00:00Z");
    alice.volume.setTimes("letters/Grüße", modified, modified.plusSeconds(1), created);
    alice.volume.setMode("letters/Grüße", 0640);
    alice.volume.setOwner("letters/Grüße", 7, 8);
    alice.volume.setUserAttribute("letters/Grüße", "small", new byte[] {1});
    alice.volume.setUserAttribute("letters/Grüße", "larger", SampleBytes.of(2, 20_000));
    Path sent = send("letters/Grüße", TO_BOB);
    ReceivedFile received = bob.volume.receive(sent, "letter", PLAIN);
    assertThat(received.content().name()).isEqualTo("Grüße");
    assertThat(received.content().userAttributes()).containsExactly("larger", "small");
    bob.reopen();
    SecureFileAttributes attributes = bob.volume.stat("letter");
    assertThat(attributes.modified()).isEqualTo(modified);
    assertThat(attributes.accessed()).isEqualTo(modified.plusSeconds(1));
    assertThat(attributes.created()).isEqualTo(created);
    assertThat(attributes.mode()).isEqualTo(0640);
    assertThat(attributes.owner()).isZero();
    assertThat(bob.volume.userAttribute("letter", "small")).containsExactly(1);
    assertThat(bob.volume.userAttribute("letter", "larger")).isEqualTo(SampleBytes.of(2, 20_000));
    assertThat(bob.volume.check(CheckListener.SILENT).findings()).isEmpty();
  }

  @Test
  void userAttributesThatDoNotFitAreNamedAndCanBeLeftOut() throws IOException {
    alice.put("much", SampleBytes.of(1, 100));
    alice.volume.setUserAttribute("much", "a", SampleBytes.of(1, 60_000));
    alice.volume.setUserAttribute("much", "b", SampleBytes.of(2, 60_000));
    assertThatThrownBy(() -> send("much", TO_BOB)).isInstanceOf(AttributeTooLargeException.class);
    assertThat(folder).isEmptyDirectory();
    Path sent = send("much", TO_BOB.withoutUserAttributes());
    bob.volume.receive(sent, "little", PLAIN);
    assertThat(bob.volume.userAttributes("little")).isEmpty();
  }

  @Test
  void targetsThatAreThereStayUnlessTheyAreToBeReplaced() throws IOException {
    alice.put("f", SampleBytes.of(1, 100));
    Path target = folder.resolve("target");
    Files.writeString(target, "mine");
    assertThatThrownBy(() -> alice.volume.send("f", target, TO_BOB))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(target).hasContent("mine");
    alice.volume.send("f", target, TO_BOB.replaceExisting());
    bob.put("taken", SampleBytes.of(2, 50));
    bob.volume.setUserAttribute("taken", "large", SampleBytes.of(2, 30_000));
    bob.volume.createDirectory("directory");
    assertThatThrownBy(() -> bob.volume.receive(target, "taken", PLAIN))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(bob.get("taken")).isEqualTo(SampleBytes.of(2, 50));
    assertThatThrownBy(() -> bob.volume.receive(target, "directory", PLAIN.replaceExisting()))
        .isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> bob.volume.receive(target, "missing/x", PLAIN))
        .isInstanceOf(NoSuchFileException.class);
    bob.volume.receive(target, "taken", PLAIN.replaceExisting());
    assertThat(bob.get("taken")).isEqualTo(SampleBytes.of(1, 100));
    assertThat(bob.volume.userAttributes("taken")).isEmpty();
    bob.reopen();
    assertThat(bob.volume.check(CheckListener.SILENT).findings()).isEmpty();
  }

  @Test
  void whatIsNoFileIsRefused() throws IOException {
    alice.volume.createDirectory("dir");
    alice.volume.createSymbolicLink("dangling", "nothing");
    alice.put("dir/file", SampleBytes.of(5, 5));
    alice.volume.createSymbolicLink("link", "dir/file");
    assertThatThrownBy(() -> send("dir", TO_BOB)).isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> send("", TO_BOB)).isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> send("dangling", TO_BOB)).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> send("dir/file", SendOptions.to("bob", "nobody")))
        .isInstanceOf(ContactNotFoundException.class);
    assertThat(folder).isEmptyDirectory();
    bob.volume.receive(send("link", TO_BOB), "through a link", PLAIN);
    assertThat(bob.get("through a link")).isEqualTo(SampleBytes.of(5, 5));
  }

  @Test
  void everyRecipientReceivesOnceAndNobodyElse() throws IOException {
    try (Correspondent carol = Correspondent.create();
        Correspondent dave = Correspondent.create()) {
      alice.meets(carol, "carol", "alice");
      alice.meets(dave, "dave", "alice");
      alice.put("round", SampleBytes.of(6, 70_000));
      Path sent = send("round", SendOptions.to(List.of("bob", "carol", "bob")));
      assertThat(TransientInfo.read(sent).recipients()).hasSize(2);
      bob.volume.receive(sent, "round", PLAIN);
      carol.volume.receive(sent, "round", PLAIN);
      assertThat(carol.get("round")).isEqualTo(SampleBytes.of(6, 70_000));
      assertThatThrownBy(() -> dave.volume.receive(sent, "round", PLAIN))
          .hasMessageContaining("sent to 2 other elements");
      assertThatThrownBy(() -> carol.volume.receive(sent, "twice", PLAIN))
          .isInstanceOf(AlreadyReceivedException.class);
      assertThat(carol.volume.list("")).extracting(DirectoryEntry::name).containsOnly("round");
    }
  }

  @Test
  void aFileThatIsOpenIsSentAsItIs() throws IOException {
    try (SecureFile file =
        alice.volume.openFile("open", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.write(SampleBytes.of(1, 5000));
      Path sent = send("open", TO_BOB);
      file.write(SampleBytes.of(2, 5000));
      bob.volume.receive(sent, "half", PLAIN);
      assertThat(bob.get("half")).isEqualTo(SampleBytes.of(1, 5000));
    }
  }

  @Test
  void receivedFilesSurviveReopening() throws IOException {
    alice.put("kept", SampleBytes.of(4, 2_500_000));
    bob.volume.receive(send("kept", TO_BOB), "kept", PLAIN);
    bob.reopen();
    assertThat(bob.get("kept")).isEqualTo(SampleBytes.of(4, 2_500_000));
    assertThat(bob.volume.contacts().list()).extracting(each -> each.name()).contains("alice");
    assertThat(bob.volume.check(CheckListener.SILENT).findings()).isEmpty();
  }
}
