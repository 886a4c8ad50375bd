// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.file.FileGoneException;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.InvalidNameException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeExistsException;
import dev.strongroom.file.VolumeInUseException;
import dev.strongroom.file.VolumeInfo;
import dev.strongroom.file.VolumeNotFoundException;
import dev.strongroom.file.VolumeNotWritableException;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.WrongElementException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked in a wrong way, or of damaged things, has its own error and loses nothing. */
@Tag("jdk25")
class BadInputTest {

  private static final int SECTOR = 4096;
  private static final int HEADERS = 8192;

  @TempDir Path temporary;

  private TestElement element;
  private ElementSession session;
  private final MemoryStore store = new MemoryStore();

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

  private SecureFileSystem make() throws IOException {
    SecureFileSystem volume = SecureFileSystem.create(session, store, ModelledVolume.SMALL);
    put(volume, "a", SampleBytes.of(1, 40_000));
    put(volume, "b", SampleBytes.of(2, 5000));
    return volume;
  }

  private SecureFileSystem open() throws IOException {
    return SecureFileSystem.open(session, store, ModelledVolume.SMALL);
  }

  private static void put(SecureFileSystem volume, String path, byte[] content) throws IOException {
    try (SecureFile file =
        volume.openFile(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
      file.write(content);
    }
  }

  // ---- the wrong place

  @Test
  void anotherElementIsRefusedByName() throws IOException {
    make().close();
    try (TestElement other = TestElement.create();
        ElementSession second = other.login()) {
      WrongElementException error =
          catchThrowableOfType(
              WrongElementException.class,
              () -> SecureFileSystem.open(second, store, ModelledVolume.SMALL));
      assertThat(error.expected()).isEqualTo(session.info().serialNumber());
      assertThat(error.found()).isEqualTo(second.info().serialNumber());
    }
    store.assertAllClosed();
    open().close();
  }

  @Test
  void aVolumeIsNotMadeWhereOneIs() throws IOException {
    make().close();
    assertThatThrownBy(() -> SecureFileSystem.create(session, store, ModelledVolume.SMALL))
        .isInstanceOf(VolumeExistsException.class);
    store.assertAllClosed();
    try (SecureFileSystem volume = open()) {
      assertThat(ModelledVolume.content(volume, "a")).isEqualTo(SampleBytes.of(1, 40_000));
    }
    Path directory = temporary.resolve("v");
    SecureFileSystem.create(session, directory, VolumeOptions.defaults()).close();
    assertThatThrownBy(() -> SecureFileSystem.create(session, directory, VolumeOptions.defaults()))
        .isInstanceOf(VolumeExistsException.class);
  }

  @Test
  void aVolumeIsNotMadeAmongOtherFiles() throws IOException {
    Path directory = Files.createDirectory(temporary.resolve("v"));
    Files.writeString(directory.resolve("letter"), "not ours");
    assertThatThrownBy(() -> SecureFileSystem.create(session, directory, VolumeOptions.defaults()))
        .isInstanceOf(VolumeExistsException.class);
    assertThat(Files.readString(directory.resolve("letter"))).isEqualTo("not ours");
    try (var files = Files.list(directory)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void whereThereIsNoVolumeNoneIsOpened() throws IOException {
    assertThatThrownBy(this::open).isInstanceOf(VolumeNotFoundException.class);
    store.assertAllClosed();
    assertThat(store.files()).isEmpty();
    Path nowhere = temporary.resolve("nowhere");
    assertThatThrownBy(() -> SecureFileSystem.open(session, nowhere, VolumeOptions.defaults()))
        .isInstanceOf(VolumeNotFoundException.class);
    assertThatThrownBy(() -> VolumeInfo.read(nowhere)).isInstanceOf(VolumeNotFoundException.class);
    assertThat(Files.exists(nowhere)).isFalse();
    Path empty = Files.createDirectory(temporary.resolve("empty"));
    assertThatThrownBy(() -> SecureFileSystem.open(session, empty, VolumeOptions.defaults()))
        .isInstanceOf(VolumeNotFoundException.class);
    Path file = Files.writeString(temporary.resolve("file"), "a file");
    assertThatThrownBy(() -> SecureFileSystem.open(session, file, VolumeOptions.defaults()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aVolumeWithoutItsVolumeFileIsDamagedAndNotAbsent() throws IOException {
    Path directory = temporary.resolve("v");
    SecureFileSystem.create(session, directory, VolumeOptions.defaults()).close();
    Files.delete(directory.resolve("strongroom.volume"));
    for (ThrowingCallable each :
        List.<ThrowingCallable>of(
            () -> SecureFileSystem.open(session, directory, VolumeOptions.defaults()),
            () -> SecureFileSystem.create(session, directory, VolumeOptions.defaults()),
            () -> SecureFile.open(session, directory, "f", StandardOpenOption.CREATE),
            () -> VolumeInfo.read(directory))) {
      assertThatThrownBy(each)
          .isInstanceOf(IntegrityException.class)
          .hasMessageContaining("there is a volume whose strongroom.volume is missing");
    }
  }

  @Test
  void theVolumeRemembersItsElement() throws IOException {
    Path directory = temporary.resolve("v");
    VolumeOptions options = VolumeOptions.builder().elementUri("sim:some.element").build();
    SecureFileSystem.create(session, directory, options).close();
    VolumeInfo info = VolumeInfo.read(directory);
    assertThat(info.elementUri()).isEqualTo("sim:some.element");
    assertThat(info.elementSerialNumber()).isEqualTo(session.info().serialNumber());
    assertThat(info.format()).isEqualTo("v1");
    try (SecureFileSystem volume =
        SecureFileSystem.open(session, directory, VolumeOptions.defaults())) {
      VolumeInfo open = volume.info();
      assertThat(open.id()).isEqualTo(info.id());
      assertThat(open.elements()).isEqualTo(info.elements());
      assertThat(open.elementUri()).isEqualTo(info.elementUri());
      assertThat(open.fresh()).isTrue();
      assertThat(info.fresh()).isFalse(); // which only the element can tell
    }
  }

  // ---- read only

  @Test
  void aMediumThatCannotBeWrittenIsReadOnly() throws IOException {
    make().close();
    MemoryStore before = store.copy();
    FaultyStore medium = new FaultyStore(store);
    medium.arm(FaultPlan.of(FaultPlan.Fault.READ_ONLY).lasting());
    try (SecureFileSystem volume =
        SecureFileSystem.open(session, medium, VolumeOptions.builder().readOnly().build())) {
      assertThat(ModelledVolume.content(volume, "a")).isEqualTo(SampleBytes.of(1, 40_000));
    }
    assertThat(medium.struck()).isZero();
    FaultyStore empty = new FaultyStore(new MemoryStore());
    empty.arm(FaultPlan.of(FaultPlan.Fault.READ_ONLY).lasting());
    VolumeNotWritableException create =
        catchThrowableOfType(
            VolumeNotWritableException.class,
            () -> SecureFileSystem.create(session, empty, ModelledVolume.SMALL));
    assertThat(create.volume()).isEqualTo(empty.toString());
    assertThat(create).hasCauseInstanceOf(AccessDeniedException.class);
    VolumeNotWritableException open =
        catchThrowableOfType(
            VolumeNotWritableException.class,
            () -> SecureFileSystem.open(session, medium, ModelledVolume.SMALL));
    assertThat(open.volume()).isEqualTo(medium.toString());
    assertThat(open).hasMessageContaining("the medium is read-only");
    store.assertAllClosed();
    for (String name : before.files()) {
      assertThat(store.content(name)).as(name).isEqualTo(before.content(name));
    }
  }

  @Test
  void aVolumeInsideAZipFileIsRead() throws IOException {
    Path directory = temporary.resolve("v");
    try (SecureFileSystem volume =
        SecureFileSystem.create(session, directory, VolumeOptions.defaults())) {
      put(volume, "a", SampleBytes.of(1, 5000));
    }
    Path zip = temporary.resolve("v.zip");
    try (FileSystem archive = FileSystems.newFileSystem(zip, Map.of("create", "true"));
        Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.toList()) {
        String name = "/v/" + directory.relativize(file);
        if (Files.isDirectory(file)) {
          Files.createDirectories(archive.getPath(name));
        } else {
          Files.copy(file, archive.getPath(name));
        }
      }
    }
    byte[] before = Files.readAllBytes(zip);
    try (FileSystem archive = FileSystems.newFileSystem(zip);
        SecureFileSystem volume =
            SecureFileSystem.open(
                session, archive.getPath("/v"), VolumeOptions.builder().readOnly().build())) {
      assertThat(ModelledVolume.content(volume, "a")).isEqualTo(SampleBytes.of(1, 5000));
    }
    assertThat(Files.readAllBytes(zip)).isEqualTo(before);
  }

  @Test
  void aReadOnlyOpenShowsThePendingJournalAndWritesNothing() throws IOException {
    RecordingStore disk = RecordingStore.over(store);
    SecureFileSystem volume = SecureFileSystem.create(session, disk, ModelledVolume.SMALL);
    put(volume, "a", SampleBytes.of(1, 40_000));
    volume.sync();
    RecordingStore crashed = RecordingStore.over(disk.disk());
    VolumeOptions readOnly = VolumeOptions.builder().readOnly().build();
    try (SecureFileSystem reader = SecureFileSystem.open(session, crashed, readOnly)) {
      assertThat(ModelledVolume.content(reader, "a")).isEqualTo(SampleBytes.of(1, 40_000));
      assertThatThrownBy(() -> put(reader, "b", new byte[1]))
          .isInstanceOf(ReadOnlyFileSystemException.class);
      assertThatThrownBy(() -> put(reader, "a", new byte[1]))
          .isInstanceOf(ReadOnlyFileSystemException.class);
      assertThatThrownBy(() -> reader.delete("a")).isInstanceOf(ReadOnlyFileSystemException.class);
      assertThatThrownBy(() -> reader.rename("a", "c"))
          .isInstanceOf(ReadOnlyFileSystemException.class);
      assertThatThrownBy(() -> reader.createDirectory("d"))
          .isInstanceOf(ReadOnlyFileSystemException.class);
      try (SecureFileSystem second = SecureFileSystem.open(session, crashed, readOnly)) {
        assertThat(second.exists("a")).isTrue();
      }
      assertThatThrownBy(() -> SecureFileSystem.open(session, crashed, ModelledVolume.SMALL))
          .isInstanceOf(VolumeInUseException.class);
    }
    assertThat(crashed.log().events()).isEmpty();
    volume.close();
  }

  @Test
  void aReaderBesideAWriterIsRefused() throws IOException {
    try (SecureFileSystem volume = make()) {
      assertThatThrownBy(
              () ->
                  SecureFileSystem.open(session, store, VolumeOptions.builder().readOnly().build()))
          .isInstanceOf(VolumeInUseException.class);
      assertThat(volume.exists("a")).isTrue();
    }
  }

  @Test
  void aFileOpenedForReadingIsNotWritten() throws IOException {
    try (SecureFileSystem volume = make();
        SecureFile file = volume.openFile("a", StandardOpenOption.READ)) {
      assertThatThrownBy(() -> file.write(new byte[1]))
          .isExactlyInstanceOf(NonWritableChannelException.class);
      assertThatThrownBy(() -> file.pwrite(0, new byte[1], 0, 1))
          .isExactlyInstanceOf(NonWritableChannelException.class);
      assertThatThrownBy(() -> file.truncate(0))
          .isExactlyInstanceOf(NonWritableChannelException.class);
      assertThat(ModelledVolume.content(volume, "a")).isEqualTo(SampleBytes.of(1, 40_000));
    }
  }

  @Test
  void aFileOpenedForWritingIsNotRead() throws IOException {
    try (SecureFileSystem volume = make();
        SecureFile file = volume.openFile("a", StandardOpenOption.WRITE)) {
      assertThatThrownBy(() -> file.read(new byte[1]))
          .isExactlyInstanceOf(NonReadableChannelException.class);
      assertThatThrownBy(() -> file.pread(0, new byte[1], 0, 1))
          .isExactlyInstanceOf(NonReadableChannelException.class);
    }
  }

  // ---- names

  @Test
  void badNamesHaveTheirOwnErrors() throws IOException {
    try (SecureFileSystem volume = make()) {
      InvalidNameException nul =
          catchThrowableOfType(InvalidNameException.class, () -> put(volume, "x\0y", new byte[1]));
      assertThat(nul.reason()).contains("NUL");
      InvalidNameException length =
          catchThrowableOfType(
              InvalidNameException.class, () -> put(volume, "x".repeat(300), new byte[1]));
      assertThat(length.reason()).contains("300").contains("255");
      assertThatThrownBy(
              () -> volume.openFile("a", StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW))
          .isInstanceOf(FileAlreadyExistsException.class);
      assertThatThrownBy(() -> volume.createDirectory("a"))
          .isInstanceOf(FileAlreadyExistsException.class);
      assertThatThrownBy(() -> volume.renameNoReplace("a", "b"))
          .isInstanceOf(FileAlreadyExistsException.class);
      assertThatThrownBy(() -> volume.openFile("none", StandardOpenOption.READ))
          .isInstanceOf(NoSuchFileException.class);
      assertThatThrownBy(() -> put(volume, "none/x", new byte[1]))
          .isInstanceOf(NoSuchFileException.class);
      assertThat(ModelledVolume.content(volume, "a")).isEqualTo(SampleBytes.of(1, 40_000));
      assertThat(ModelledVolume.content(volume, "b")).isEqualTo(SampleBytes.of(2, 5000));
      assertThat(volume.list("")).hasSize(2);
    }
  }

  @Test
  void positionsAndLengthsOutOfRangeAreTheCallersMistake() throws IOException {
    try (SecureFileSystem volume = make();
        SecureFile file = volume.openFile("a", StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      byte[] ten = new byte[10];
      assertThatThrownBy(() -> file.seek(-1)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> file.truncate(-1)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> file.pread(-1, ten, 0, 1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> file.pwrite(-1, ten, 0, 1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> file.pread(0, ten, 5, 6))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> file.pwrite(0, ten, -1, 6))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> file.pwrite(Long.MAX_VALUE - 5, ten, 0, 10))
          .isExactlyInstanceOf(IllegalArgumentException.class);
      assertThat(file.size()).isEqualTo(40_000);
    }
  }

  // ---- damage

  @Test
  void oneDamagedHeaderCopyIsReplacedByTheOther() throws IOException {
    String host;
    try (SecureFileSystem volume = make()) {
      host = volume.stat("a").hostName();
    }
    byte[] whole = store.content(host);
    for (int copy = 0; copy < 2; copy++) {
      byte[] damaged = store.content(host);
      Arrays.fill(damaged, copy * SECTOR + 50, copy * SECTOR + 1000, (byte) 0x55);
      store.replaceContent(host, damaged);
      try (SecureFileSystem volume = open()) {
        assertThat(ModelledVolume.content(volume, "a")).isEqualTo(SampleBytes.of(1, 40_000));
        try (SecureFile file = volume.openFile("a", StandardOpenOption.WRITE)) {
          file.pwrite(0, SampleBytes.of(1, 40_000), 0, 100);
        }
      }
      byte[] repaired = store.content(host);
      assertThat(Arrays.copyOf(repaired, SECTOR))
          .as("both copies are equal again")
          .isEqualTo(Arrays.copyOfRange(repaired, SECTOR, HEADERS));
    }
    assertThat(store.content(host)).hasSameSizeAs(whole);
  }

  @Test
  void twoDamagedHeaderCopiesAreRefusedByFile() throws IOException {
    String host;
    try (SecureFileSystem volume = make()) {
      host = volume.stat("a").hostName();
    }
    byte[] damaged = store.content(host);
    damaged[400] ^= 1;
    damaged[SECTOR + 400] ^= 1;
    store.replaceContent(host, damaged);
    try (SecureFileSystem volume = open()) {
      IntegrityException error =
          catchThrowableOfType(
              IntegrityException.class, () -> volume.openFile("a", StandardOpenOption.READ));
      assertThat(error.file()).contains("a");
      assertThat(error.check()).isEqualTo("header");
      assertThat(ModelledVolume.content(volume, "b")).isEqualTo(SampleBytes.of(2, 5000));
      assertThat(volume.list("")).hasSize(2);
      volume.delete("a");
      put(volume, "a", SampleBytes.of(3, 100));
      assertThat(ModelledVolume.content(volume, "a")).isEqualTo(SampleBytes.of(3, 100));
    }
  }

  @Test
  void aDamagedSectorIsNamedAndTheRestIsRead() throws IOException {
    String host;
    try (SecureFileSystem volume = make()) {
      host = volume.stat("a").hostName();
    }
    byte[] damaged = store.content(host);
    damaged[HEADERS + 3 * SECTOR + 77] ^= 4;
    store.replaceContent(host, damaged);
    byte[] wanted = SampleBytes.of(1, 40_000);
    try (SecureFileSystem volume = open();
        SecureFile file = volume.openFile("a", StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      IntegrityException error =
          catchThrowableOfType(
              IntegrityException.class, () -> file.pread(13_000, new byte[100], 0, 100));
      assertThat(error.file()).contains("a");
      assertThat(error.check()).isEqualTo("sector");
      assertThat(error.sector()).isEqualTo(3);
      assertThat(error.from()).isEqualTo(3 * SECTOR);
      assertThat(error.to()).isEqualTo(4 * SECTOR);
      byte[] before = new byte[3 * SECTOR];
      int count = 0;
      while (count < before.length) {
        count += file.pread(count, before, count, before.length - count);
      }
      assertThat(before).isEqualTo(Arrays.copyOf(wanted, before.length));
      byte[] after = new byte[40_000 - 4 * SECTOR];
      for (count = 0; count < after.length; ) {
        count += file.pread(4L * SECTOR + count, after, count, after.length - count);
      }
      assertThat(after).isEqualTo(Arrays.copyOfRange(wanted, 4 * SECTOR, 40_000));
      file.pwrite(0, SampleBytes.of(5, 100), 0, 100);
      file.sync();
      assertThatThrownBy(() -> file.pread(3 * SECTOR, new byte[1], 0, 1))
          .isInstanceOf(IntegrityException.class);
    }
  }

  // ---- several opens, sessions, processes

  @Test
  void aSecondOpenIsRefusedAndTheFirstGoesOn() throws IOException {
    try (SecureFileSystem volume = make()) {
      assertThatThrownBy(this::open).isInstanceOf(VolumeInUseException.class);
      put(volume, "c", SampleBytes.of(3, 100));
    }
    open().close();
    Path directory = temporary.resolve("v");
    try (SecureFileSystem first =
        SecureFileSystem.create(session, directory, VolumeOptions.defaults())) {
      assertThatThrownBy(() -> SecureFileSystem.open(session, directory, VolumeOptions.defaults()))
          .isInstanceOf(VolumeInUseException.class);
      assertThat(first.list("")).isEmpty();
    }
  }

  @Test
  void aVolumeInUseByAnotherProcessIsRefusedWithItsPidAndRecoveredWhenThatDies() throws Exception {
    Path directory = temporary.resolve("v");
    Path elementFile = temporary.resolve("element");
    Path twin = temporary.resolve("copy of the element");
    try (SecureElement made = TestElement.inFile(elementFile)) {
      TestElement.initialize(made);
      try (ElementSession first = TestElement.login(made)) {
        SecureFileSystem.create(first, directory, VolumeOptions.defaults()).close();
      }
    }
    // The child holds the element's file, so this process uses a copy of it.
    Files.copy(elementFile, twin);
    try (SecureElement copy = TestElement.inFile(twin);
        ElementSession own = TestElement.login(copy)) {
      try (ChildJvm child =
          ChildJvm.start(HoldVolume.class, elementFile.toString(), directory.toString())) {
        assertThat(child.line()).isEqualTo("held");
        VolumeInUseException error =
            catchThrowableOfType(
                VolumeInUseException.class,
                () -> SecureFileSystem.open(own, directory, VolumeOptions.defaults()));
        assertThat(error.pid()).isEqualTo(child.pid());
        child.kill();
      }
      try (SecureFileSystem volume =
          SecureFileSystem.open(own, directory, VolumeOptions.defaults())) {
        assertThat(ModelledVolume.content(volume, "held")).isEqualTo(SampleBytes.of(1, 50_000));
      }
    }
  }

  @Test
  void whenTheSessionClosesOpenFilesSayTheirOwnErrorAndNothingCommittedIsLost() throws IOException {
    SecureFileSystem volume = make();
    SecureFile file = volume.openFile("a", StandardOpenOption.READ, StandardOpenOption.WRITE);
    file.pwrite(0, SampleBytes.of(7, 1000), 0, 1000);
    file.sync();
    session.close();
    FileGoneException gone =
        catchThrowableOfType(FileGoneException.class, () -> file.pread(0, new byte[1], 0, 1));
    assertThat(gone).hasMessageContaining("a: its volume or session was closed").hasNoCause();
    assertThat(gone.file()).isEqualTo("/a");
    assertThatThrownBy(() -> file.pwrite(0, new byte[1], 0, 1))
        .isInstanceOf(FileGoneException.class);
    assertThatThrownBy(() -> volume.list("")).isExactlyInstanceOf(ClosedChannelException.class);
    file.close();
    volume.close();
    store.assertAllClosed();
    try (ElementSession second = element.login();
        SecureFileSystem again = SecureFileSystem.open(second, store, ModelledVolume.SMALL)) {
      byte[] expected = SampleBytes.of(1, 40_000);
      System.arraycopy(SampleBytes.of(7, 1000), 0, expected, 0, 1000);
      assertThat(ModelledVolume.content(again, "a")).isEqualTo(expected);
    }
  }

  @Test
  void closedThingsStayClosed() throws IOException {
    SecureFileSystem volume = make();
    SecureFile file = volume.openFile("a", StandardOpenOption.READ);
    file.close();
    file.close();
    assertThat(file.isOpen()).isFalse();
    assertThatThrownBy(() -> file.read(new byte[1]))
        .isExactlyInstanceOf(ClosedChannelException.class);
    volume.close();
    volume.close();
    assertThatThrownBy(() -> volume.list("")).isExactlyInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> volume.openFile("a", StandardOpenOption.READ))
        .isExactlyInstanceOf(ClosedChannelException.class);
    store.assertAllClosed();
  }

  // ---- interrupts

  @Test
  void anInterruptedThreadLosesNothingAndKeepsItsStatus() throws Exception {
    Path directory = temporary.resolve("v");
    AtomicBoolean done = new AtomicBoolean();
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    byte[] content = SampleBytes.of(1, 3000);
    Thread worker =
        new Thread(
            () -> {
              try (SecureFileSystem volume =
                      SecureFileSystem.create(session, directory, VolumeOptions.defaults());
                  SecureFile file =
                      volume.openFile(
                          "a",
                          StandardOpenOption.READ,
                          StandardOpenOption.WRITE,
                          StandardOpenOption.CREATE)) {
                byte[] found = new byte[3000];
                for (int i = 0; i < 100; i++) {
                  Thread.currentThread().interrupt();
                  file.pwrite(i * 1000L, content, 0, 3000);
                  if (i % 5 == 0) {
                    file.sync();
                  }
                  assertThat(file.pread(i * 1000L, found, 0, 3000)).isEqualTo(3000);
                  assertThat(found).isEqualTo(content);
                  assertThat(Thread.interrupted()).as("the status is kept").isTrue();
                }
              } catch (IOException | RuntimeException | AssertionError e) {
                failure.set(e);
              } finally {
                done.set(true);
              }
            });
    worker.start();
    while (!done.get()) {
      worker.interrupt();
      LockSupport.parkNanos(100_000);
    }
    worker.join();
    Throwable thrown = failure.get();
    if (thrown != null) {
      throw new AssertionError("interrupted I/O failed", thrown);
    }
    try (SecureFileSystem volume =
        SecureFileSystem.open(session, directory, VolumeOptions.defaults())) {
      byte[] all = ModelledVolume.content(volume, "a");
      assertThat(all).hasSize(102_000);
      assertThat(Arrays.copyOfRange(all, 99_000, 102_000)).isEqualTo(content);
      assertThat(Arrays.copyOf(all, 1000)).isEqualTo(Arrays.copyOf(content, 1000));
    }
  }

  // ---- plain files

  @Test
  void plainFilesLiveBesideFilesThatAreNotOurs() throws IOException {
    Path directory = Files.createDirectory(temporary.resolve("mixed"));
    Files.writeString(directory.resolve("letter"), "not ours");
    for (String name : List.of("first", "second")) {
      try (SecureFile file =
          SecureFile.open(
              session,
              directory,
              name,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.CREATE)) {
        file.write(SampleBytes.of(1, 9000));
        file.seek(0);
        byte[] found = new byte[9000];
        assertThat(file.read(found)).isEqualTo(9000);
        assertThat(found).isEqualTo(SampleBytes.of(1, 9000));
      }
    }
    assertThatThrownBy(() -> SecureFile.open(session, directory, "third", StandardOpenOption.READ))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(
            () ->
                SecureFile.open(session, temporary.resolve("absent"), "a", StandardOpenOption.READ))
        .isInstanceOf(IOException.class);
    assertThat(Files.exists(temporary.resolve("absent"))).isFalse();
    assertThat(Files.readString(directory.resolve("letter"))).isEqualTo("not ours");
  }
}
