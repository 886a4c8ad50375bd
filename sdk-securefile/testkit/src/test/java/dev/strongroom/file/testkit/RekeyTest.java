// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.KeyScope;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileAttributes;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.check.CheckListener;
import dev.strongroom.file.testkit.FaultPlan.Fault;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** New keys for a file: all of it is encrypted again, and nothing else changes. */
@Tag("jdk25")
final class RekeyTest {

  private static final VolumeOptions OPTIONS =
      VolumeOptions.builder().journalBytes(256 << 10).cacheBytes(1 << 20).build();
  private static final int LENGTH = 2_000_000;

  /** Part of a re-key goes straight to its place, and part of it does not. */
  private static final int SHORT = 1_200_000;

  private static final byte[] LARGE = SampleBytes.of(5, 6000);

  private final byte[] content = SampleBytes.of(3, LENGTH);
  private ElementSession session;
  private MemoryStore prepared;

  @BeforeEach
  void makeVolume() throws IOException {
    session = TestElement.create().login();
    prepared = new MemoryStore();
    try (SecureFileSystem volume = SecureFileSystem.create(session, prepared, OPTIONS);
        SecureFile file = volume.openFile("file", CREATE, WRITE)) {
      file.write(content);
      file.truncate(3L << 30); // a hole behind
    }
  }

  @AfterEach
  void logout() {
    session.close();
  }

  @Test
  void contentHolesAndAttributesStay() throws IOException {
    MemoryStore store = prepared.copy();
    SecureFileAttributes before;
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, OPTIONS)) {
      before = volume.stat("file");
      volume.rekey("file");
      volume.rekey("file");
      check(volume);
    }
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, OPTIONS)) {
      SecureFileAttributes after = volume.stat("file");
      assertThat(after.uid()).isEqualTo(before.uid());
      assertThat(after.created()).isEqualTo(before.created());
      assertThat(after.modified()).isEqualTo(before.modified());
      assertThat(after.hostName()).isEqualTo(before.hostName());
      check(volume);
    }
  }

  @Test
  void noSectorKeepsItsCiphertext() throws IOException {
    MemoryStore store = prepared.copy();
    String host;
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, OPTIONS)) {
      volume.rekey("file");
      host = volume.stat("file").hostName();
    }
    byte[] old = sector(prepared, host, 8192);
    assertThat(sector(store, host, 8192)).isNotEqualTo(old);
    try (var file = store.open(host, dev.strongroom.file.store.Store.Access.WRITE)) {
      file.write(8192, old, 0, old.length);
    }
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, OPTIONS);
        SecureFile file = volume.openFile("file")) {
      assertThatThrownBy(() -> file.pread(0, new byte[1], 0, 1))
          .isInstanceOf(dev.strongroom.file.IntegrityException.class);
    }
  }

  @Test
  void anOpenFileAndADirectoryAreRefused() throws IOException {
    try (SecureFileSystem volume = SecureFileSystem.open(session, prepared.copy(), OPTIONS)) {
      volume.createDirectory("directory");
      assertThatThrownBy(() -> volume.rekey("directory")).isInstanceOf(FileSystemException.class);
      try (SecureFile open = volume.openFile("file", READ)) {
        assertThatThrownBy(() -> volume.rekey("file")).isInstanceOf(FileSystemException.class);
        assertThat(open.size()).isEqualTo(3L << 30);
      }
    }
  }

  /** Whatever fails, and wherever, the file is whole and goes on with old keys or new ones. */
  @ParameterizedTest
  @CsvSource({
    "NO_SPACE, FILE, 1",
    "IO_ERROR, FILE, 1",
    "IO_ERROR, PAGE, 4",
    "SYNC_ERROR, FILE, 1",
    "SYNC_LOSES, FILE, 1"
  })
  void aFaultAtAnyOperationLeavesTheFileWhole(Fault fault, KeyScope scope, int stride)
      throws IOException {
    MemoryStore closed = withAttributes(scope);
    int n = 1;
    int failed = 0;
    for (boolean struck = true; struck; n += stride) {
      MemoryStore store = closed.copy();
      FaultyStore faulty = new FaultyStore(store);
      try {
        MemoryStore left = store;
        SecureFileSystem volume = SecureFileSystem.open(session, faulty, OPTIONS);
        try (volume) {
          faulty.arm(FaultPlan.of(fault).at(n));
          boolean done = false;
          try {
            volume.rekey("file");
            done = true;
          } catch (IOException e) {
            assertThat(faulty.struck()).as("%s", e).isPositive();
            failed++;
          }
          struck = faulty.struck() > 0;
          left = store.copy();
          faulty.disarm();
          if (done) {
            checkWhole(volume);
          }
        } catch (IOException e) { // it has stopped
          assertThat(struck).as("%s", e).isTrue();
        }
        store.assertAllClosed();
        for (MemoryStore each : List.of(left, store)) {
          try (SecureFileSystem again = SecureFileSystem.open(session, each, OPTIONS)) {
            checkWhole(again);
            if (n % 5 == 1) {
              assertThat(again.check(CheckListener.SILENT).isHealthy()).isTrue();
              again.rekey("file");
              checkWhole(again);
            }
          }
          assertThat(each.files()).noneMatch(host -> host.contains("transit"));
        }
      } catch (IOException | RuntimeException | AssertionError e) {
        throw new AssertionError(fault + " at operation " + n + ": " + e, e);
      }
    }
    System.out.println("RekeyTest: " + fault + " at " + n + " operations, " + failed + " errors");
    assertThat(failed).isPositive();
  }

  private MemoryStore withAttributes(KeyScope scope) throws IOException {
    MemoryStore store = new MemoryStore();
    try (SecureFileSystem volume = SecureFileSystem.create(session, store, OPTIONS)) {
      try (SecureFile file = volume.openFile("file", CREATE, WRITE, scope)) {
        file.write(content, 0, SHORT);
      }
      volume.setUserAttribute("file", "large", LARGE);
    }
    return store;
  }

  private void checkWhole(SecureFileSystem volume) throws IOException {
    assertThat(Arrays.equals(ModelledVolume.content(volume, "file"), Arrays.copyOf(content, SHORT)))
        .isTrue();
    assertThat(volume.userAttribute("file", "large")).isEqualTo(LARGE);
  }

  private void check(SecureFileSystem volume) throws IOException {
    try (SecureFile file = volume.openFile("file", READ)) {
      assertThat(file.size()).isEqualTo(3L << 30);
      byte[] found = new byte[LENGTH + 10_000];
      file.pread(0, found, 0, found.length);
      assertThat(Arrays.equals(found, Arrays.copyOf(content, found.length))).isTrue();
    }
  }

  private static byte[] sector(MemoryStore store, String host, long position) throws IOException {
    byte[] sector = new byte[4096];
    try (var file = store.open(host, dev.strongroom.file.store.Store.Access.READ)) {
      file.read(position, sector, 0, sector.length);
    }
    return sector;
  }

  /** Leaf by leaf this would take days. */
  @Test
  void aHoleOfAnyLengthIsPassedOver() throws IOException {
    MemoryStore store = prepared.copy();
    byte[] last = SampleBytes.of(4, 10_000);
    long behind = 1L << 40;
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, OPTIONS)) {
      try (SecureFile file = volume.openFile("file", WRITE)) {
        file.pwrite(behind, last, 0, last.length);
        file.truncate(1L << 60);
      }
      volume.rekey("file");
    }
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, OPTIONS);
        SecureFile file = volume.openFile("file", READ)) {
      assertThat(file.size()).isEqualTo(1L << 60);
      byte[] found = new byte[last.length];
      assertThat(file.pread(behind, found, 0, found.length)).isEqualTo(found.length);
      assertThat(found).isEqualTo(last);
      assertThat(file.pread((1L << 60) - 5, found, 0, 10)).isEqualTo(5);
    }
  }
}
