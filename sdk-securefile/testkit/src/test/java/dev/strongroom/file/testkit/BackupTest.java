// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.FolderInVolumeException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeExistsException;
import dev.strongroom.file.VolumeInUseException;
import dev.strongroom.file.VolumeNotFoundException;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.WrongElementException;
import dev.strongroom.file.check.CheckListener;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.testkit.FaultPlan.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup is a volume, or nothing; a restore brings it back, or leaves what is there. */
class BackupTest {

  private static final VolumeOptions SMALL =
      VolumeOptions.builder().journalBytes(256 << 10).build();

  private static TestElement element;
  private static ElementSession session;

  @TempDir Path folder;

  @BeforeAll
  static void login() throws IOException {
    element = TestElement.create();
    session = element.login();
  }

  @AfterAll
  static void logout() {
    session.close();
    element.close();
  }

  // ---- what is in a volume

  private static void fill(SecureFileSystem volume, int seed) throws IOException {
    volume.createDirectory("/letters");
    volume.createSymbolicLink("/latest", "letters/long");
    write(volume, "/empty", new byte[0]);
    write(volume, "/letters/short", SampleBytes.of(seed, 100));
    write(volume, "/letters/long", SampleBytes.of(seed + 1, 700_000));
    volume.setUserAttribute("/letters/long", "large", SampleBytes.of(seed + 2, 20_000));
  }

  private static void write(SecureFileSystem volume, String path, byte[] content)
      throws IOException {
    try (SecureFile file =
        volume.openFile(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.write(content);
    }
  }

  private static void requireFilled(SecureFileSystem volume, int seed) throws IOException {
    assertThat(volume.check(CheckListener.SILENT).findings()).isEmpty();
    assertThat(read(volume, "/empty")).isEmpty();
    assertThat(read(volume, "/letters/short")).isEqualTo(SampleBytes.of(seed, 100));
    assertThat(read(volume, "/latest")).isEqualTo(SampleBytes.of(seed + 1, 700_000));
    assertThat(volume.userAttribute("/letters/long", "large"))
        .isEqualTo(SampleBytes.of(seed + 2, 20_000));
  }

  private static byte[] read(SecureFileSystem volume, String path) throws IOException {
    try (SecureFile file = volume.openFile(path)) {
      byte[] content = new byte[(int) file.size()];
      int read = content.length == 0 ? 0 : file.pread(0, content, 0, content.length);
      assertThat(read).isEqualTo(content.length);
      return content;
    }
  }

  private static MemoryStore filled(int seed) throws IOException {
    MemoryStore store = new MemoryStore();
    try (SecureFileSystem volume = SecureFileSystem.create(session, store, SMALL)) {
      fill(volume, seed);
    }
    return store;
  }

  private Path filled(String name, int seed) throws IOException {
    Path directory = folder.resolve(name);
    try (SecureFileSystem volume = SecureFileSystem.create(session, directory, SMALL)) {
      fill(volume, seed);
    }
    return directory;
  }

  private static void requireFilled(Store store, int seed) throws IOException {
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, SMALL)) {
      requireFilled(volume, seed);
    }
  }

  private static void requireFilled(Path directory, int seed) throws IOException {
    try (SecureFileSystem volume = SecureFileSystem.open(session, directory, SMALL)) {
      requireFilled(volume, seed);
    }
  }

  private static void ignore(long bytes) {}

  // ---- backup

  @Test
  void aBackupIsAVolumeWithoutLockAndScratch() throws IOException {
    Path volume = filled("volume", 1);
    Files.writeString(volume.resolve("notes.txt"), "not the volume's");
    Path backup = folder.resolve("backup");
    AtomicLong copied = new AtomicLong();
    SecureFileSystem.backup(session, volume, backup, copied::addAndGet);
    assertThat(copied.get()).isGreaterThan(700_000);
    assertThat(backup.resolve("strongroom.scratch")).doesNotExist();
    assertThat(backup.resolve("notes.txt")).doesNotExist();
    requireFilled(backup, 1);
    try (SecureFileSystem open = SecureFileSystem.open(session, volume, SMALL)) {
      open.delete("/letters/short");
    }
    requireFilled(backup, 1);
  }

  @Test
  void whatOnlyTheJournalHoldsIsInTheBackup() throws IOException {
    RecordingStore disk = RecordingStore.over(filled(2));
    SecureFileSystem volume = SecureFileSystem.open(session, disk, SMALL);
    write(volume, "/after", SampleBytes.of(9, 5000));
    volume.sync();
    MemoryStore crashed = disk.disk().copy();
    volume.close();
    MemoryStore backup = new MemoryStore();
    SecureFileSystem.backup(session, crashed, backup, BackupTest::ignore);
    requireFilled(backup, 2);
    try (SecureFileSystem open = SecureFileSystem.open(session, backup, SMALL)) {
      assertThat(read(open, "/after")).isEqualTo(SampleBytes.of(9, 5000));
    }
  }

  @Test
  void holesStayHoles() throws IOException {
    MemoryStore store = new MemoryStore();
    try (SecureFileSystem volume = SecureFileSystem.create(session, store, SMALL);
        SecureFile file =
            volume.openFile("/sparse", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.pwrite(40_000_000, new byte[] {1}, 0, 1);
    }
    MemoryStore backup = new MemoryStore();
    SecureFileSystem.backup(session, store, backup, BackupTest::ignore);
    assertThat(backup.allocatedBytes()).isLessThan(2_000_000);
    try (SecureFileSystem volume = SecureFileSystem.open(session, backup, SMALL)) {
      assertThat(volume.stat("/sparse").size()).isEqualTo(40_000_001);
      assertThat(volume.check(CheckListener.SILENT).findings()).isEmpty();
    }
  }

  @Test
  void aBackupThatIsCutOffIsNoVolumeAndTheNextAttemptReplacesIt() throws IOException {
    MemoryStore volume = filled(3);
    RecordingStore target = RecordingStore.over(new MemoryStore());
    SecureFileSystem.backup(session, volume, target, BackupTest::ignore);
    AtomicLong whole = new AtomicLong();
    CrashModel model = CrashModel.strict().withExhaustive(4).withSamples(2).withTorn(1);
    long states =
        CrashStates.of(target.log(), model, 7)
            .forEach(
                image -> {
                  Throwable refused = catchThrowable(() -> requireFilled(image.store(), 3));
                  if (refused == null) {
                    whole.incrementAndGet();
                  } else {
                    assertThat(refused).isInstanceOf(VolumeNotFoundException.class);
                    if (image.number() % 16 == 0) {
                      SecureFileSystem.backup(session, volume, image.store(), BackupTest::ignore);
                      requireFilled(image.store(), 3);
                    }
                  }
                });
    assertThat(states).isGreaterThan(80);
    assertThat(whole.get()).isBetween(1L, states - 1);
  }

  @Test
  void aBackupThatFailsLeavesNothing() throws IOException {
    MemoryStore volume = filled(4);
    boolean failed = true;
    for (int step = 1; failed; step++) {
      MemoryStore medium = new MemoryStore();
      FaultyStore target = new FaultyStore(medium);
      target.arm(FaultPlan.of(Fault.IO_ERROR).at(step));
      Throwable problem =
          catchThrowable(
              () -> SecureFileSystem.backup(session, volume, target, BackupTest::ignore));
      failed = target.struck() > 0;
      if (problem == null) {
        requireFilled(medium, 4);
      } else {
        assertThat(problem).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> SecureFileSystem.open(session, medium, SMALL))
            .isInstanceOf(VolumeNotFoundException.class);
        SecureFileSystem.backup(session, volume, medium, BackupTest::ignore);
        requireFilled(medium, 4);
      }
    }
    requireFilled(volume, 4);
  }

  @Test
  void whatIsInTheTargetStays() throws IOException {
    Path volume = filled("volume", 5);
    Path full = Files.createDirectory(folder.resolve("full"));
    Files.writeString(full.resolve("mine"), "mine");
    assertThatThrownBy(() -> SecureFileSystem.backup(session, volume, full, BackupTest::ignore))
        .isInstanceOf(VolumeExistsException.class);
    assertThat(full.resolve("mine")).hasContent("mine");
    assertThat(full.toFile().list()).hasSize(1);
    Path other = filled("other", 6);
    assertThatThrownBy(() -> SecureFileSystem.backup(session, volume, other, BackupTest::ignore))
        .isInstanceOf(VolumeExistsException.class);
    requireFilled(other, 6);
    assertThatThrownBy(
            () ->
                SecureFileSystem.backup(
                    session, volume, volume.resolve("backup"), BackupTest::ignore))
        .isInstanceOf(FolderInVolumeException.class);
    requireFilled(volume, 5);
  }

  // ---- restore

  @Test
  void aBackupComesBackToAnAbsentDirectory() throws IOException {
    Path volume = filled("volume", 10);
    Path backup = folder.resolve("backup");
    SecureFileSystem.backup(session, volume, backup, BackupTest::ignore);
    Path target = folder.resolve("again");
    assertThat(SecureFileSystem.restore(session, backup, target, BackupTest::ignore)).isEmpty();
    requireFilled(target, 10);
    requireFilled(backup, 10);
  }

  @Test
  void aVolumeInTheWayIsPutToOneSide() throws IOException {
    Path volume = filled("volume", 11);
    Path backup = folder.resolve("backup");
    SecureFileSystem.backup(session, volume, backup, BackupTest::ignore);
    try (SecureFileSystem open = SecureFileSystem.open(session, volume, SMALL)) {
      open.delete("/letters/short");
    }
    for (String aside : new String[] {"volume.replaced", "volume.replaced-2"}) {
      Optional<Path> replaced =
          SecureFileSystem.restore(session, backup, volume, BackupTest::ignore);
      assertThat(replaced).contains(folder.toRealPath().resolve(aside));
      requireFilled(volume, 11);
    }
    try (SecureFileSystem open =
        SecureFileSystem.open(session, folder.resolve("volume.replaced"), SMALL)) {
      assertThat(open.exists("/letters/short")).isFalse();
    }
    assertThat(folder.resolve("volume.restoring")).doesNotExist();
  }

  @Test
  void aVolumeThatHasLostItsVolumeFileIsPutToOneSideToo() throws IOException {
    Path volume = filled("volume", 12);
    Path backup = folder.resolve("backup");
    SecureFileSystem.backup(session, volume, backup, BackupTest::ignore);
    Files.delete(volume.resolve("strongroom.volume"));
    assertThat(SecureFileSystem.restore(session, backup, volume, BackupTest::ignore)).isPresent();
    requireFilled(volume, 12);
    assertThat(folder.resolve("volume.replaced/strongroom.journal")).exists();
  }

  @Test
  void aVolumeInUseOrBesideOtherFilesOrAroundTheBackupIsNotReplaced() throws IOException {
    Path volume = filled("volume", 13);
    Path backup = folder.resolve("backup");
    SecureFileSystem.backup(session, volume, backup, BackupTest::ignore);
    try (SecureFileSystem open = SecureFileSystem.open(session, volume, SMALL)) {
      assertThatThrownBy(
              () -> SecureFileSystem.restore(session, backup, volume, BackupTest::ignore))
          .isInstanceOf(VolumeInUseException.class);
      requireFilled(open, 13);
    }
    Files.writeString(volume.resolve("mine"), "mine");
    assertThatThrownBy(() -> SecureFileSystem.restore(session, backup, volume, BackupTest::ignore))
        .isInstanceOf(VolumeExistsException.class)
        .hasMessageContaining("mine");
    Files.delete(volume.resolve("mine"));
    Path inside = volume.resolve("strongroom.backup");
    Files.move(backup, inside);
    assertThatThrownBy(() -> SecureFileSystem.restore(session, inside, volume, BackupTest::ignore))
        .isInstanceOf(FolderInVolumeException.class);
    requireFilled(volume, 13);
    assertThat(folder.toFile().list()).containsExactly("volume");
  }

  @Test
  void aBackupOfAnotherElementOrADamagedOneReplacesNothing() throws IOException {
    Path volume = filled("volume", 14);
    Path foreign = folder.resolve("foreign");
    try (TestElement other = TestElement.create();
        ElementSession theirs = other.login()) {
      SecureFileSystem.create(theirs, foreign, SMALL).close();
    }
    assertThatThrownBy(() -> SecureFileSystem.restore(session, foreign, volume, BackupTest::ignore))
        .isInstanceOf(WrongElementException.class);
    Path backup = folder.resolve("backup");
    SecureFileSystem.backup(session, volume, backup, BackupTest::ignore);
    Files.delete(backup.resolve("strongroom.journal"));
    assertThatThrownBy(() -> SecureFileSystem.restore(session, backup, volume, BackupTest::ignore))
        .isInstanceOf(IOException.class);
    requireFilled(volume, 14);
    assertThat(folder.toFile().list()).hasSize(3);
  }
}
