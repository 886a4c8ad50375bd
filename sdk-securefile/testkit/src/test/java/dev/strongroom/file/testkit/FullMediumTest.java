// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.NoSpaceException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import java.io.IOException;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A volume on a medium that others fill: what is committed stays, and room can be made. */
class FullMediumTest {

  private static final VolumeOptions OPTIONS =
      VolumeOptions.builder().journalBytes(1 << 20).cacheBytes(2 << 20).build();

  private TestElement element;
  private ElementSession session;
  private final MemoryStore medium = new MemoryStore();
  private final LimitedStore store = new LimitedStore(medium);

  @BeforeEach
  void login() throws IOException {
    element = TestElement.create();
    session = element.login();
  }

  @AfterEach
  void logout() {
    session.close();
    element.close();
  }

  private static void put(SecureFileSystem volume, String path, byte[] content) throws IOException {
    try (SecureFile file =
        volume.openFile(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.write(content);
    }
  }

  @Test
  void aNewFileThatHasNoRoomIsRefusedBeforeAnythingChanges() throws IOException {
    try (SecureFileSystem volume = SecureFileSystem.create(session, store, OPTIONS)) {
      put(volume, "old", SampleBytes.of(1, 50_000));
    }
    store.limit(medium.allocatedBytes());
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, OPTIONS)) {
      assertThat(
              catchThrowableOfType(NoSpaceException.class, () -> volume.createDirectory("d"))
                  .needed())
          .isPositive();
      assertThat(
              catchThrowableOfType(NoSpaceException.class, () -> put(volume, "new", new byte[0])))
          .isNotNull();
      assertThat(volume.list("/")).hasSize(1);
    }
    store.limit(Long.MAX_VALUE);
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, OPTIONS)) {
      assertThat(volume.list("/")).hasSize(1);
    }
  }

  @Test
  void whatIsAcceptedFitsWhenItIsPutInPlace() throws IOException {
    SecureFileSystem.create(session, store, OPTIONS).close();
    store.limit(medium.allocatedBytes() + (6 << 20));
    int made = 0;
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, OPTIONS)) {
      while (made < 2000) {
        put(volume, "f" + made, new byte[10]);
        made++;
      }
    } catch (NoSpaceException e) {
      assertThat(e.needed()).isGreaterThan(e.usable());
    }
    assertThat(made).isBetween(200, 1999);
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, OPTIONS)) {
      assertThat(volume.list("/").size()).isGreaterThanOrEqualTo(made);
    }
  }

  @Test
  void onAFullMediumFilesCanBeReadAndRemovedToMakeRoom() throws IOException {
    byte[] content = SampleBytes.of(1, 300_000);
    try (SecureFileSystem volume = SecureFileSystem.create(session, store, OPTIONS)) {
      put(volume, "old", content);
    }
    SecureFileSystem volume = SecureFileSystem.open(session, store, OPTIONS);
    for (int i = 0; i < 10; i++) {
      put(volume, "f" + i, SampleBytes.of(i, 5000));
    }
    volume.sync();
    store.limit(medium.allocatedBytes()); // somebody else has filled the medium
    NoSpaceException full = catchThrowableOfType(NoSpaceException.class, volume::close);
    assertThat(full.needed()).isPositive();
    try (SecureFileSystem again = SecureFileSystem.open(session, store, OPTIONS)) {
      assertThat(again.list("/")).hasSize(11);
      assertThat(ModelledVolume.content(again, "old")).isEqualTo(content);
      assertThat(ModelledVolume.content(again, "f3")).isEqualTo(SampleBytes.of(3, 5000));
    } // nothing was changed, so nothing is reported
    try (SecureFileSystem again = SecureFileSystem.open(session, store, OPTIONS)) {
      again.delete("old");
    }
    try (SecureFileSystem again = SecureFileSystem.open(session, store, OPTIONS)) {
      assertThat(again.list("/")).hasSize(10);
      for (int i : List.of(0, 9)) {
        assertThat(ModelledVolume.content(again, "f" + i)).isEqualTo(SampleBytes.of(i, 5000));
      }
    }
    medium.assertAllClosed();
  }
}
