// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureChannelException;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.testkit.AlteringTransport;
import dev.strongroom.core.transport.ElementRemovedException;
import dev.strongroom.file.FileGoneException;
import dev.strongroom.file.KeyScope;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The element goes while files are open: each of them says so itself, and nothing is lost. */
class ElementGoneTest {

  private MemoryStore store = new MemoryStore();
  private TestElement element;
  private ElementSession session;

  @BeforeEach
  void login() throws IOException {
    element = TestElement.create();
    session = element.login();
    store = NioProgram.prepared(session);
  }

  @AfterEach
  void logout() {
    session.close();
    element.close();
  }

  @Test
  void everyOpenFileAnswersWithItsOwnErrorAndWhatWasWrittenIsKept() throws IOException {
    SecureFileSystem volume =
        SecureFileSystem.open(session, store, ModelledVolume.options(new ManualExecutor()));
    SecureFile a = volume.openFile("a", StandardOpenOption.READ, StandardOpenOption.WRITE);
    SecureFile big = volume.openFile("big", StandardOpenOption.READ);
    SecureFile closed = volume.openFile("big", StandardOpenOption.READ);
    closed.close();
    a.pwrite(5, SampleBytes.of(9, 3000), 0, 3000);
    element.pull();
    assertThatThrownBy(() -> volume.openFile("d/x", StandardOpenOption.READ))
        .isInstanceOf(ElementRemovedException.class);
    for (SecureFile file : new SecureFile[] {a, big}) {
      assertThat(file.isOpen()).isFalse();
      FileGoneException gone =
          catchThrowableOfType(FileGoneException.class, () -> file.pread(0, new byte[10], 0, 10));
      assertThat(gone).isNotNull();
      assertThat(gone.file()).isEqualTo(file == a ? "/a" : "/big");
      assertThat(gone).hasCauseInstanceOf(ElementRemovedException.class);
      assertThat(gone).hasMessageContaining("the element has gone");
    }
    assertThatThrownBy(a::sync).isInstanceOf(FileGoneException.class);
    assertThatThrownBy(() -> closed.pread(0, new byte[10], 0, 10))
        .isExactlyInstanceOf(ClosedChannelException.class);
    a.close();
    big.close();
    volume.close();
    store.assertAllClosed();
    requireKept();
  }

  @Test
  void aVolumeClosesByItselfWhenTheElementIsPulled() throws IOException {
    ManualExecutor executor = new ManualExecutor();
    SecureFileSystem volume =
        SecureFileSystem.open(session, store, ModelledVolume.options(executor));
    SecureFile a = volume.openFile("a", StandardOpenOption.READ, StandardOpenOption.WRITE);
    a.pwrite(5, SampleBytes.of(9, 3000), 0, 3000);
    element.pull();
    long before = element.commands();
    requireGone(executor, a);
    assertThat(element.commands()).as("no command was needed for that").isEqualTo(before);
    assertThatThrownBy(() -> volume.list("")).isInstanceOf(ElementRemovedException.class);
    assertThatThrownBy(() -> SecureFileSystem.open(session, store, ModelledVolume.SMALL))
        .isInstanceOf(ElementRemovedException.class);
    volume.close();
    requireKept();
  }

  @Test
  void aVolumeOfItsOwnExecutorClosesByItselfToo() throws Exception {
    SecureFileSystem volume = SecureFileSystem.open(session, store, VolumeOptions.defaults());
    SecureFile a = volume.openFile("a", StandardOpenOption.READ, StandardOpenOption.WRITE);
    a.pwrite(5, SampleBytes.of(9, 3000), 0, 3000);
    element.pull();
    for (int i = 0; i < 6000 && a.isOpen(); i++) {
      Thread.sleep(10);
    }
    assertThatThrownBy(a::sync)
        .isInstanceOf(FileGoneException.class)
        .hasCauseInstanceOf(ElementRemovedException.class);
    volume.close();
    store.assertAllClosed();
    requireKept();
  }

  @Test
  void aSecureChannelThatBreaksClosesTheVolume() throws IOException {
    session.close();
    ManualExecutor executor = new ManualExecutor();
    AlteringTransport wire = new AlteringTransport(element.simulated.exposed());
    SecureElement outside = SecureElement.open(wire);
    ElementSession its = TestElement.login(outside);
    SecureFileSystem volume = SecureFileSystem.open(its, store, ModelledVolume.options(executor));
    SecureFile a = volume.openFile("a", StandardOpenOption.READ, StandardOpenOption.WRITE);
    a.pwrite(5, SampleBytes.of(9, 3000), 0, 3000);
    wire.alter(
        (command, response) -> {
          response[0] ^= 1;
          return response;
        });
    assertThatThrownBy(() -> volume.openFile("d/x", StandardOpenOption.READ))
        .isInstanceOf(SecureChannelException.class);
    assertThatThrownBy(a::sync)
        .isInstanceOf(FileGoneException.class)
        .hasCauseInstanceOf(SecureChannelException.class)
        .hasMessageContaining("the session with the element was lost");
    assertThatThrownBy(() -> volume.list("")).isInstanceOf(SecureChannelException.class);
    wire.alter((command, response) -> response);
    byte[] wanted = SampleBytes.of(1, 10_000);
    System.arraycopy(SampleBytes.of(9, 3000), 0, wanted, 5, 3000);
    try (ElementSession again = TestElement.login(outside);
        SecureFileSystem opened = SecureFileSystem.open(again, store, ModelledVolume.SMALL)) {
      assertThat(ModelledVolume.content(opened, "a")).isEqualTo(wanted);
    }
    its.close();
    outside.close();
  }

  private void requireKept() throws IOException {
    element.insert();
    byte[] wanted = SampleBytes.of(1, 10_000);
    System.arraycopy(SampleBytes.of(9, 3000), 0, wanted, 5, 3000);
    try (ElementSession again = element.login();
        SecureFileSystem volume = SecureFileSystem.open(again, store, ModelledVolume.SMALL)) {
      assertThat(ModelledVolume.content(volume, "a")).isEqualTo(wanted);
    }
  }

  @Test
  void aChannelSaysSoToo() throws IOException {
    SecureFileSystem volume =
        SecureFileSystem.open(session, store, ModelledVolume.options(new ManualExecutor()));
    try (FileSystem files = Mounted.of(volume);
        FileChannel channel =
            FileChannel.open(
                files.getPath("/a"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(SampleBytes.of(9, 3000)), 5);
      session.close();
      assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(10), 0))
          .isInstanceOf(FileGoneException.class)
          .hasMessageContaining("a: its volume or session was closed");
    }
    requireKept();
  }

  @Test
  void thatIsNoticedWhenPagesNeedKeys() throws IOException {
    ManualExecutor executor = new ManualExecutor();
    try (SecureFileSystem before = SecureFileSystem.open(session, store, ModelledVolume.SMALL);
        SecureFile made =
            before.openFile(
                "pages", StandardOpenOption.WRITE, StandardOpenOption.CREATE, KeyScope.PAGE)) {
      made.write(SampleBytes.of(1, 3_000_000)); // more than one command brings the keys of
    }
    SecureFileSystem volume =
        SecureFileSystem.open(session, store, ModelledVolume.options(executor));
    SecureFile file = volume.openFile("pages", StandardOpenOption.READ);
    SecureFile a = volume.openFile("a", StandardOpenOption.WRITE);
    a.pwrite(5, SampleBytes.of(9, 3000), 0, 3000);
    element.pull();
    assertThatThrownBy(() -> file.pread(0, new byte[10], 0, 10))
        .isInstanceOf(ElementRemovedException.class);
    requireGone(executor, file, a);
    requireKept();
  }

  @Test
  void thatIsNoticedWhenAFileGetsNewKeys() throws IOException {
    ManualExecutor executor = new ManualExecutor();
    SecureFileSystem volume =
        SecureFileSystem.open(session, store, ModelledVolume.options(executor));
    SecureFile big = volume.openFile("big", StandardOpenOption.READ);
    try (SecureFile a = volume.openFile("a", StandardOpenOption.WRITE)) {
      a.pwrite(5, SampleBytes.of(9, 3000), 0, 3000);
    }
    element.pull();
    assertThatThrownBy(() -> volume.rekey("a")).isInstanceOf(ElementRemovedException.class);
    requireGone(executor, big);
    requireKept();
  }

  private void requireGone(ManualExecutor executor, SecureFile... files) {
    executor.advance(Duration.ZERO);
    for (SecureFile file : files) {
      assertThat(file.isOpen()).isFalse();
      assertThatThrownBy(file::sync)
          .isInstanceOf(FileGoneException.class)
          .hasCauseInstanceOf(ElementRemovedException.class);
    }
    store.assertAllClosed();
  }
}
