// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.AuthenticationFailedException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.transport.ElementNotFoundException;
import dev.strongroom.file.SecureCreateMode;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeExistsException;
import dev.strongroom.file.VolumeInUseException;
import dev.strongroom.file.VolumeNotFoundException;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.WrongElementException;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a volume becomes a file system of {@code java.nio.file}, and what its environment may be. */
class FileSystemOpeningTest {

  private static TestElement element;
  private static ElementSession session;

  @TempDir Path directory;

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

  private Path at(String name) {
    return directory.resolve(name);
  }

  private static URI uri(Path volume) {
    return URI.create("strongroom:" + volume.toUri().getRawPath().replaceAll("/$", ""));
  }

  private static FileSystem open(Path volume, Map<String, ?> env) throws IOException {
    return FileSystems.newFileSystem(uri(volume), env);
  }

  private static Map<String, Object> creating() {
    return Map.of("session", session, "create", "true");
  }

  // ---- sessions

  @Test
  void whatIsWrittenThroughOneFileSystemIsThereInTheNextAndInTheVolumeItself() throws IOException {
    Path volume = at("volume");
    try (FileSystem files = open(volume, creating())) {
      Files.writeString(files.getPath("/letter"), "kept");
    }
    try (FileSystem files = open(volume, Map.of("session", session))) {
      assertThat(Files.readString(files.getPath("letter"))).isEqualTo("kept");
      assertThat(files.isReadOnly()).isFalse();
    }
    try (SecureFileSystem engine =
        SecureFileSystem.open(session, volume, VolumeOptions.defaults())) {
      assertThat(engine.stat("letter").size()).isEqualTo(4);
    }
    assertThat(session.isOpen()).as("the caller's session stays open").isTrue();
  }

  @Test
  void anOpenVolumeIsFoundByItsUriAndIsNotOpenedTwice() throws IOException {
    Path volume = at("volume");
    assertThatExceptionOfType(FileSystemNotFoundException.class)
        .isThrownBy(() -> FileSystems.getFileSystem(uri(volume)));
    try (FileSystem files = open(volume, creating())) {
      Path link = Files.createSymbolicLink(at("link"), volume);
      assertThat(FileSystems.getFileSystem(uri(volume))).isSameAs(files);
      assertThat(FileSystems.getFileSystem(uri(link))).isSameAs(files);
      assertThatExceptionOfType(FileSystemAlreadyExistsException.class)
          .isThrownBy(() -> open(volume, creating()));
      assertThatExceptionOfType(FileSystemAlreadyExistsException.class)
          .isThrownBy(() -> open(link, Map.of("session", session)));
      assertThatExceptionOfType(FileSystemAlreadyExistsException.class)
          .isThrownBy(() -> FileSystems.newFileSystem(volume, Map.of("session", session)));
    }
    assertThatExceptionOfType(FileSystemNotFoundException.class)
        .isThrownBy(() -> FileSystems.getFileSystem(uri(volume)));
    open(volume, Map.of("session", session)).close();
  }

  @Test
  void ofManyThatOpenAVolumeAtOnceOneSucceeds() throws Exception {
    Path volume = at("volume");
    open(volume, creating()).close();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (int round = 0; round < 5; round++) {
        List<FileSystem> opened = new ArrayList<>();
        List<Callable<FileSystem>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          all.add(() -> open(volume, Map.of("session", session)));
        }
        for (Future<FileSystem> each : threads.invokeAll(all)) {
          try {
            opened.add(each.get());
          } catch (ExecutionException e) {
            assertThat(e.getCause())
                .isInstanceOfAny(
                    FileSystemAlreadyExistsException.class, VolumeInUseException.class);
          }
        }
        assertThat(opened).hasSize(1);
        assertThat(FileSystems.getFileSystem(uri(volume))).isSameAs(opened.get(0));
        opened.get(0).close();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void ofManyThatMountOpenVolumesAtOneUriOneSucceeds() throws Exception {
    URI uri = URI.create("strongroom:/nowhere/at-once");
    List<SecureFileSystem> left = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      left.add(SecureFileSystem.create(session, new MemoryStore(), ModelledVolume.SMALL));
    }
    ExecutorService threads = Executors.newFixedThreadPool(left.size());
    try {
      while (left.size() > 1) {
        CyclicBarrier start = new CyclicBarrier(left.size());
        List<Callable<FileSystem>> all = new ArrayList<>();
        for (SecureFileSystem volume : left) {
          all.add(
              () -> {
                start.await();
                return FileSystems.newFileSystem(uri, Map.of("volume", volume));
              });
        }
        Map<SecureFileSystem, FileSystem> made = new HashMap<>();
        List<Future<FileSystem>> ends = threads.invokeAll(all);
        for (int i = 0; i < ends.size(); i++) {
          try {
            made.put(left.get(i), ends.get(i).get());
          } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(FileSystemAlreadyExistsException.class);
          }
        }
        assertThat(made).hasSize(1);
        FileSystem files = made.values().iterator().next();
        assertThat(FileSystems.getFileSystem(uri)).isSameAs(files);
        files.close();
        left.removeAll(made.keySet());
        for (SecureFileSystem other : left) {
          assertThat(other.list("")).as("a volume that was refused stays open").isEmpty();
        }
      }
    } finally {
      threads.shutdownNow();
    }
    left.get(0).close();
  }

  @Test
  void theFiguresOfAMountedVolumeAreThoseOfItsStore() throws IOException {
    try (FileSystem files =
        Mounted.of(SecureFileSystem.create(session, new MemoryStore(), ModelledVolume.SMALL))) {
      FileStore store = Files.getFileStore(files.getPath("/"));
      assertThat(store.getUsableSpace()).isEqualTo(Long.MAX_VALUE);
      assertThat(store.getUnallocatedSpace()).isEqualTo(Long.MAX_VALUE);
      assertThat(store.getTotalSpace()).isEqualTo(Long.MAX_VALUE);
      assertThat(store.getBlockSize()).isEqualTo(4096);
    }
    try (FileSystem files = open(at("volume"), creating())) {
      FileStore store = Files.getFileStore(files.getPath("/"));
      assertThat(store.getTotalSpace()).isEqualTo(Files.getFileStore(directory).getTotalSpace());
    }
  }

  @Test
  void aFileIsMadeWithTheModeThatItsOpeningAsksFor() throws IOException {
    try (FileSystem files = open(at("volume"), creating())) {
      for (int mode : new int[] {0, 0444, 0600, 0640, 0755, 0777}) {
        Path file = files.getPath("/mode" + mode);
        Set<OpenOption> options =
            Set.of(
                StandardOpenOption.WRITE,
                StandardOpenOption.CREATE_NEW,
                new SecureCreateMode(mode));
        Files.newByteChannel(file, options).close();
        assertThat(Files.getPosixFilePermissions(file))
            .as("%o", mode)
            .hasSize(Integer.bitCount(mode));
        FileAttribute<?> other =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("-w--w--w-"));
        assertThatIllegalArgumentException()
            .isThrownBy(() -> Files.newByteChannel(files.getPath("/two"), options, other));
        assertThat(Files.exists(files.getPath("/two"))).isFalse();
      }
    }
  }

  @Test
  void aVolumeThatTheEngineHasOpenIsInUse() throws IOException {
    Path volume = at("volume");
    try (SecureFileSystem engine =
        SecureFileSystem.create(session, volume, VolumeOptions.defaults())) {
      assertThat(engine.list("")).isEmpty();
      assertThatExceptionOfType(VolumeInUseException.class)
          .isThrownBy(() -> open(volume, Map.of("session", session)));
      assertThatExceptionOfType(FileSystemNotFoundException.class)
          .isThrownBy(() -> FileSystems.getFileSystem(uri(volume)));
    }
    open(volume, Map.of("session", session)).close();
  }

  @Test
  void aMissingVolumeIsNotMadeUnlessThatIsAskedFor() throws IOException {
    assertThatExceptionOfType(VolumeNotFoundException.class)
        .isThrownBy(() -> open(at("missing"), Map.of("session", session)));
    assertThatExceptionOfType(VolumeNotFoundException.class)
        .isThrownBy(() -> open(at("missing"), Map.of("session", session, "create", "false")));
    assertThat(at("missing")).doesNotExist();
    open(Files.createDirectory(at("empty")), creating()).close();
    assertThat(at("empty")).isNotEmptyDirectory();
  }

  @Test
  void aDirectoryWithOtherFilesDoesNotBecomeAVolume() throws IOException {
    Files.writeString(at("mine"), "not a volume");
    assertThatExceptionOfType(VolumeExistsException.class)
        .isThrownBy(() -> open(directory, creating()));
    assertThatThrownBy(() -> open(at("mine"), creating())).isInstanceOf(IOException.class);
    assertThat(snapshot(directory)).containsOnlyKeys("mine");
  }

  // ---- by path

  @Test
  void theDirectoryOfAVolumeOpensAsAPathToo() throws IOException {
    Path volume = at("volume");
    open(volume, creating()).close();
    try (FileSystem files = FileSystems.newFileSystem(volume, Map.of("session", session))) {
      assertThat(files.provider().getScheme()).isEqualTo("strongroom");
      assertThat(FileSystems.getFileSystem(uri(volume))).isSameAs(files);
    }
  }

  @Test
  void otherPathsAreLeftToOtherProviders() throws IOException {
    Path folder = Files.createDirectory(at("folder"));
    assertThatExceptionOfType(ProviderNotFoundException.class)
        .isThrownBy(() -> FileSystems.newFileSystem(folder, creating()));
    Path zip = at("a.zip");
    try (FileSystem made = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      Files.writeString(made.getPath("in the zip"), "x");
    }
    try (FileSystem files = FileSystems.newFileSystem(zip)) {
      assertThat(files.provider().getScheme()).isEqualTo("jar");
    }
    assertThat(snapshot(folder)).isEmpty();
  }

  // ---- the environment

  @Test
  void aWrongEnvironmentIsRefusedByTheNameOfItsKeyAndNothingIsMade() {
    Path volume = at("volume");
    refused(volume, "sesion", Map.of("sesion", session));
    refused(volume, "session", with("session", "not a session"));
    refused(volume, "create", with("create", "yes"));
    refused(volume, "create", with("create", 1));
    refused(volume, "readOnly", Map.of("session", session, "readOnly", "yes"));
    refused(volume, "readOnly", with("readOnly", "true"));
    refused(volume, "cacheBytes", with("cacheBytes", "64 MiB"));
    refused(volume, "cacheBytes", with("cacheBytes", List.of()));
    refused(volume, "cacheBytes", with("cacheBytes", -1));
    refused(volume, "cacheBytes", with("cacheBytes", 1.5));
    refused(volume, "keys", with("keys", "sector"));
    refused(volume, "keys", with("keys", 1));
    refused(volume, "pin", with("pin", "1234"));
    refused(volume, "adminPin", with("adminPin", "12345678"));
    refused(volume, "element", with("element", "sim:" + at("element")));
    refused(volume, "element", Map.of("create", "true", "pin", "1234"));
    refused(volume, "element", Map.of("create", "true", "pin", "1234", "element", at("element")));
    refused(volume, "pin", Map.of("create", "true", "element", "sim:" + at("element")));
    refused(
        volume, "pin", Map.of("create", "true", "element", "sim:" + at("element"), "pin", 1234));
    refused(
        volume,
        "adminPin",
        Map.of(
            "create", "true", "element", "sim:" + at("element"), "pin", "1234", "adminPin", 1234));
    assertThat(snapshot(directory)).isEmpty();
  }

  private static Map<String, Object> with(String key, Object value) {
    Map<String, Object> env = new HashMap<>(creating());
    env.put(key, value);
    return env;
  }

  private static void refused(Path volume, String key, Map<String, ?> env) {
    assertThatIllegalArgumentException()
        .as("%s", env.keySet())
        .isThrownBy(() -> open(volume, env))
        .withMessageContaining(key)
        .matches(e -> !String.valueOf(e.getMessage()).contains("1234"), "no PIN in the message");
  }

  @ParameterizedTest
  @ValueSource(strings = {"8388608", "number"})
  void theCacheHasTheGivenBudget(String text) throws IOException {
    Object budget = text.equals("number") ? (Object) (8 << 20) : text;
    Path volume = at("volume");
    byte[] content = SampleBytes.of(7, 3 << 20);
    try (FileSystem files = open(volume, with("cacheBytes", budget))) {
      Files.write(files.getPath("f"), content);
      assertThat(Files.readAllBytes(files.getPath("f"))).isEqualTo(content);
    }
  }

  @Test
  void filesGetKeysForTheirPagesWhereTheEnvironmentSaysSo() throws IOException {
    Path volume = at("volume");
    byte[] content = SampleBytes.of(7, 100_000);
    try (FileSystem files = open(volume, with("keys", "page"))) {
      Files.write(files.getPath("page"), content);
    }
    try (FileSystem files = open(volume, with("keys", "file"))) {
      Files.write(files.getPath("file"), content);
      assertThat(Files.readAllBytes(files.getPath("page"))).isEqualTo(content);
    }
    try (SecureFileSystem files =
        SecureFileSystem.open(session, volume, VolumeOptions.defaults())) {
      assertThat(Files.readAllBytes(volume.resolve(files.stat("page").hostName()))[22])
          .isEqualTo((byte) 1);
      assertThat(Files.readAllBytes(volume.resolve(files.stat("file").hostName()))[22])
          .isEqualTo((byte) 0);
    }
  }

  // ---- elements and PINs

  private Path elementFile(String name) throws IOException {
    Path file = at(name);
    try (SecureElement made = TestElement.inFile(file)) {
      TestElement.initialize(made);
    }
    return file;
  }

  @Test
  void anElementAndItsPinOpenAVolumeAndTheVolumeRemembersTheElement() throws IOException {
    Path file = elementFile("my.element");
    Path volume = at("volume");
    char[] pin = "1234".toCharArray();
    Map<String, Object> env = Map.of("element", "sim:" + file, "pin", pin, "create", "true");
    try (FileSystem files = open(volume, env)) {
      Files.writeString(files.getPath("f"), "kept");
    }
    assertThat(pin).as("the caller's array").isEqualTo("1234".toCharArray());
    try (FileSystem files = open(volume, Map.of("pin", "1234"))) {
      assertThat(Files.readString(files.getPath("f"))).isEqualTo("kept");
    }
    Path moved = Files.createDirectory(at("elsewhere"));
    Files.move(volume, moved.resolve("volume"));
    Files.move(file, moved.resolve("my.element"));
    try (FileSystem files = open(moved.resolve("volume"), Map.of("pin", pin))) {
      assertThat(Files.readString(files.getPath("f"))).isEqualTo("kept");
    }
    Files.move(moved.resolve("my.element"), file);
    assertThatExceptionOfType(ElementNotFoundException.class)
        .isThrownBy(() -> open(moved.resolve("volume"), Map.of("pin", pin)));
    open(moved.resolve("volume"), Map.of("pin", pin, "element", "sim:" + file)).close();
  }

  @Test
  void whatWasOpenedForTheFileSystemIsClosedWithIt() throws IOException {
    Path file = elementFile("my.element");
    open(at("volume"), Map.of("element", "sim:" + file, "pin", "1234", "create", "true")).close();
    // Only where nobody holds the element any more, its file can be taken for another.
    try (SecureElement other = TestElement.inFile(file)) {
      assertThat(other.sessions()).isEmpty();
    }
  }

  @Test
  void aWrongPinIsToldWithTheTriesThatAreLeftAndNothingStaysOpen() throws IOException {
    Path file = elementFile("my.element");
    Path volume = at("volume");
    Map<String, String> wrong =
        Map.of("element", "sim:" + file, "pin", "9999wrong", "create", "true");
    assertThatExceptionOfType(AuthenticationFailedException.class)
        .isThrownBy(() -> open(volume, wrong))
        .matches(e -> e.attemptsRemaining() == 4, "one of five tries is gone")
        .matches(e -> !String.valueOf(e.getMessage()).contains("9999"), "no PIN in the message");
    assertThat(volume).as("a volume after a wrong PIN").doesNotExist();
    assertThatExceptionOfType(FileSystemNotFoundException.class)
        .isThrownBy(() -> FileSystems.getFileSystem(uri(volume)));
    open(volume, Map.of("element", "sim:" + file, "pin", "1234", "create", "true")).close();
  }

  @Test
  void noPinIsTriedOnAnotherElement() throws IOException {
    Path right = elementFile("right.element");
    Path other = elementFile("other.element");
    Path volume = at("volume");
    open(volume, Map.of("element", "sim:" + right, "pin", "1234", "create", "true")).close();
    assertThatExceptionOfType(WrongElementException.class)
        .isThrownBy(() -> open(volume, Map.of("element", "sim:" + other, "pin", "wrong")));
    try (SecureElement element = TestElement.inFile(other)) {
      assertThat(element.status().userTriesLeft()).isEqualTo(5);
    }
  }

  @Test
  void anElementThatIsNotThereYetIsMadeAndWithoutAnAdministratorPinIsNeverUnblocked()
      throws IOException {
    Path plain = at("plain.element");
    Map<String, String> env = Map.of("element", "sim:" + plain, "pin", "1234");
    assertThatExceptionOfType(VolumeNotFoundException.class).isThrownBy(() -> open(at("one"), env));
    assertThat(plain).doesNotExist();
    Map<String, Object> create = new HashMap<>(env);
    create.put("create", "true");
    open(at("one"), create).close();
    try (SecureElement element = TestElement.inFile(plain);
        SecretBytes guess = SecretBytes.encode("12345678".toCharArray());
        SecretBytes next = SecretBytes.encode("4321".toCharArray())) {
      assertThatExceptionOfType(AuthenticationFailedException.class)
          .isThrownBy(() -> element.unblock(guess, next));
    }
    Path managed = at("managed.element");
    open(
            at("two"),
            Map.of(
                "element", "sim:" + managed, "pin", "1234", "adminPin", "12345678", "create", true))
        .close();
    try (SecureElement element = TestElement.inFile(managed);
        SecretBytes administrator = SecretBytes.encode("12345678".toCharArray());
        SecretBytes next = SecretBytes.encode("4321".toCharArray())) {
      element.unblock(administrator, next);
    }
    open(at("two"), Map.of("pin", "4321")).close();
  }

  // ---- read-only

  @Test
  void aReadOnlyFileSystemRefusesEveryChangeAndWritesNothing() throws Exception {
    Path volume = at("volume");
    try (FileSystem files = open(volume, creating())) {
      Files.createDirectory(files.getPath("d"));
      Files.writeString(files.getPath("f"), "kept");
      Files.createSymbolicLink(files.getPath("l"), files.getPath("f"));
    }
    Map<String, String> before = snapshot(volume);
    try (FileSystem files = open(volume, Map.of("session", session, "readOnly", "true"))) {
      Path file = files.getPath("/f");
      assertThat(files.isReadOnly()).isTrue();
      assertThat(Files.getFileStore(file).isReadOnly()).isTrue();
      assertThat(Files.isWritable(file)).isFalse();
      assertThatExceptionOfType(AccessDeniedException.class)
          .isThrownBy(() -> files.provider().checkAccess(file, AccessMode.WRITE));
      assertThat(Files.readString(files.getPath("l"))).isEqualTo("kept");
      for (ThrowingCallable change : changes(files)) {
        assertThatExceptionOfType(ReadOnlyFileSystemException.class).isThrownBy(change);
      }
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
    assertThat(snapshot(volume)).isEqualTo(before);
  }

  private static List<ThrowingCallable> changes(FileSystem files) {
    Path file = files.getPath("/f");
    Path none = files.getPath("/new");
    return List.of(
        () -> Files.writeString(file, "x"),
        () -> Files.createFile(none),
        () -> Files.createDirectory(none),
        () -> Files.createSymbolicLink(none, file),
        () -> Files.delete(file),
        () -> Files.delete(files.getPath("/d")),
        () -> Files.copy(file, none),
        () -> Files.move(file, none),
        () -> Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH)),
        () -> Files.setAttribute(file, "user:a", new byte[1]),
        () -> Files.setAttribute(file, "posix:owner", Files.getOwner(file)),
        () -> Files.setPosixFilePermissions(file, java.util.Set.of()),
        () -> FileChannel.open(file, StandardOpenOption.WRITE).close(),
        () -> FileChannel.open(file, StandardOpenOption.APPEND).close(),
        () -> FileChannel.open(file, StandardOpenOption.DELETE_ON_CLOSE).close());
  }

  /** Names and content of everything below a directory, without the marks of its locks. */
  private static Map<String, String> snapshot(Path directory) {
    Map<String, String> all = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        if (!path.equals(directory)) {
          all.put(
              directory.relativize(path).toString(),
              Files.isRegularFile(path)
                  ? Arrays.hashCode(Files.readAllBytes(path))
                      + " "
                      + Files.getLastModifiedTime(path)
                  : "directory");
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return all;
  }
}
