// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.DirectoryEntry;
import dev.strongroom.file.FileType;
import dev.strongroom.file.InvalidNameException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Symbolic links, {@code .} and {@code ..}: as the default file system on Linux has them. */
@Tag("jdk25")
class SymbolicLinkTest {

  private static TestElement element;
  private static ElementSession session;

  private final MemoryStore store = new MemoryStore();
  private SecureFileSystem volume;

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

  @BeforeEach
  void makeVolume() throws IOException {
    volume = SecureFileSystem.create(session, store, options());
    volume.createDirectory("d");
    volume.createDirectory("d/e");
    put("d/e/f", "content of f");
  }

  @AfterEach
  void closeVolume() throws IOException {
    volume.close();
    store.assertAllClosed();
  }

  private static VolumeOptions options() {
    return VolumeOptions.builder().journalBytes(256 << 10).cacheBytes(1 << 20).build();
  }

  private void put(String path, String content) throws IOException {
    try (SecureFile file = volume.openFile(path, WRITE, CREATE)) {
      file.truncate(0);
      file.write(content.getBytes(UTF_8));
    }
  }

  private String content(String path) throws IOException {
    return new String(ModelledVolume.content(volume, path), UTF_8);
  }

  @Test
  void targetsAreKeptAsGivenAndSurviveTheVolumesEnd() throws IOException {
    List<String> targets =
        List.of("e", "../x//y/.", "/", "nowhere", "d\u00e9j\u00e0", "x".repeat(4095), "a b\n\t");
    for (int i = 0; i < targets.size(); i++) {
      volume.createSymbolicLink("link " + i, targets.get(i));
    }
    for (int again = 0; again < 2; again++) {
      for (int i = 0; i < targets.size(); i++) {
        String link = "link " + i;
        assertThat(volume.readSymbolicLink(link)).isEqualTo(targets.get(i));
        assertThat(volume.stat(link, NOFOLLOW_LINKS).type()).isEqualTo(FileType.SYMBOLIC_LINK);
        assertThat(volume.stat(link, NOFOLLOW_LINKS).size())
            .isEqualTo(targets.get(i).getBytes(UTF_8).length);
        assertThat(volume.stat(link, NOFOLLOW_LINKS).mode()).isEqualTo(0777);
        assertThat(volume.list("")).contains(new DirectoryEntry(link, FileType.SYMBOLIC_LINK));
      }
      volume.close();
      volume = SecureFileSystem.open(session, store, options());
    }
  }

  @Test
  void linksAreFollowedInTheMiddleAndAtTheEnd() throws IOException {
    volume.createSymbolicLink("to e", "d/e");
    volume.createSymbolicLink("d/e/to f", "f");
    volume.createSymbolicLink("d/root", "/");
    volume.createSymbolicLink("d/e/up", "../..");
    assertThat(content("to e/f")).isEqualTo("content of f");
    assertThat(content("to e/to f")).isEqualTo("content of f");
    assertThat(content("d/root/to e/up/d/root/d/e/f")).isEqualTo("content of f");
    assertThat(volume.stat("to e/to f").type()).isEqualTo(FileType.FILE);
    assertThat(volume.list("to e")).hasSize(3);
    assertThat(volume.listAttributes("to e/up")).hasSize(2);
    volume.createDirectory("to e/made");
    assertThat(volume.exists("d/e/made")).isTrue();
    put("to e/to f", "changed");
    assertThat(content("d/e/f")).isEqualTo("changed");
  }

  @Test
  void dotsAreResolvedAfterLinks() throws IOException {
    volume.createSymbolicLink("to e", "d/e");
    put("d/g", "beside e");
    assertThat(content("to e/../g")).isEqualTo("beside e");
    assertThat(volume.exists("g")).isFalse();
    assertThat(content("./d/././e/../../d/e/f")).isEqualTo("content of f");
    assertThat(volume.stat("..").name()).isEmpty();
    assertThat(volume.stat("../../d/..").type()).isEqualTo(FileType.DIRECTORY);
    assertThat(volume.stat("d/e/.").name()).isEqualTo("e");
    assertThatThrownBy(() -> volume.stat("none/..")).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> volume.stat("d/g/..")).isInstanceOf(NotDirectoryException.class);
    assertThatThrownBy(() -> volume.createDirectory("d/.."))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> volume.openFile("d/.", WRITE, CREATE))
        .isInstanceOf(FileSystemException.class);
    for (String path : List.of("d/.", "d/..", "..", "", "/")) {
      assertThatThrownBy(() -> volume.delete(path)).isInstanceOf(FileSystemException.class);
      assertThatThrownBy(() -> volume.rename(path, "x")).isInstanceOf(FileSystemException.class);
      assertThatThrownBy(() -> volume.rename("d/e", path)).isInstanceOf(FileSystemException.class);
    }
  }

  @Test
  void aDanglingLinkLeadsNowhereAndCreateMakesWhatItLeadsTo() throws IOException {
    volume.createSymbolicLink("dangling", "d/new");
    assertThat(volume.exists("dangling")).isFalse();
    assertThat(volume.exists("dangling", NOFOLLOW_LINKS)).isTrue();
    assertThatThrownBy(() -> volume.stat("dangling")).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> volume.openFile("dangling", READ))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> volume.openFile("dangling", WRITE, CREATE_NEW))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> volume.createDirectory("dangling"))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> volume.createSymbolicLink("dangling", "x"))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(volume.exists("d/new")).isFalse();
    put("dangling", "made");
    assertThat(content("d/new")).isEqualTo("made");
    assertThat(volume.stat("dangling", NOFOLLOW_LINKS).type()).isEqualTo(FileType.SYMBOLIC_LINK);
  }

  @Test
  void loopsAndLongChainsAreRefused() throws IOException {
    volume.createSymbolicLink("a", "b");
    volume.createSymbolicLink("b", "a");
    volume.createSymbolicLink("self", "self/x");
    for (String path : List.of("a", "b/x", "self", "a/../d")) {
      assertThatThrownBy(() -> volume.stat(path)).isInstanceOf(FileSystemLoopException.class);
      assertThat(volume.exists(path)).isFalse();
    }
    volume.createSymbolicLink("c1", "d/e/f");
    for (int i = 2; i <= 41; i++) {
      volume.createSymbolicLink("c" + i, "c" + (i - 1));
    }
    assertThat(content("c40")).isEqualTo("content of f");
    assertThatThrownBy(() -> volume.openFile("c41", READ))
        .isInstanceOf(FileSystemLoopException.class);
  }

  @Test
  void openingWithoutFollowingRefusesALink() throws IOException {
    volume.createSymbolicLink("link", "d/e/f");
    assertThatThrownBy(() -> volume.openFile("link", READ, NOFOLLOW_LINKS))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("too many levels of symbolic links");
    assertThatThrownBy(() -> volume.openFile("link", WRITE, DELETE_ON_CLOSE))
        .isInstanceOf(FileSystemException.class);
    volume.openFile("d/e/f", READ, NOFOLLOW_LINKS).close();
    volume.openFile("new", WRITE, CREATE, NOFOLLOW_LINKS).close();
    assertThat(volume.exists("link")).isTrue();
  }

  @Test
  void removingAndRenamingActOnTheLink() throws IOException {
    volume.createSymbolicLink("link", "d/e/f");
    volume.rename("link", "d/moved");
    assertThat(volume.readSymbolicLink("d/moved")).isEqualTo("d/e/f");
    volume.rename("d/moved", "link");
    put("file", "replaced");
    volume.rename("file", "link");
    assertThat(content("link")).isEqualTo("replaced");
    assertThat(content("d/e/f")).isEqualTo("content of f");
    volume.createSymbolicLink("dir", "d");
    volume.delete("dir");
    assertThat(volume.exists("d/e/f")).isTrue();
    volume.createSymbolicLink("dir", "d/e");
    assertThatThrownBy(() -> volume.rename("d", "dir/x")).isInstanceOf(FileSystemException.class);
    volume.createDirectory("empty");
    assertThatThrownBy(() -> volume.rename("empty", "dir"))
        .isInstanceOf(NotDirectoryException.class);
    assertThatThrownBy(() -> volume.rename("dir", "empty")).isInstanceOf(FileSystemException.class);
    volume.rename("dir", "link");
    assertThat(content("link/f")).isEqualTo("content of f");
  }

  @Test
  void onlyLinksHaveTargets() {
    assertThatThrownBy(() -> volume.readSymbolicLink("d")).isInstanceOf(NotLinkException.class);
    assertThatThrownBy(() -> volume.readSymbolicLink("")).isInstanceOf(NotLinkException.class);
    assertThatThrownBy(() -> volume.readSymbolicLink("none"))
        .isInstanceOf(NoSuchFileException.class);
    for (String target : List.of("", "a\0", "x".repeat(4096), "\ud800")) {
      assertThatThrownBy(() -> volume.createSymbolicLink("bad", target))
          .isInstanceOf(InvalidNameException.class)
          .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
    }
  }

  @Test
  void deleteOnCloseTakesTheNameAwayAtOnce() throws IOException {
    try (SecureFile file = volume.openFile("temporary", READ, WRITE, CREATE_NEW, DELETE_ON_CLOSE)) {
      assertThat(volume.exists("temporary")).isFalse();
      file.write(new byte[100_000]);
      volume.sync();
      file.seek(0);
      assertThat(file.read(new byte[100_000])).isEqualTo(100_000);
    }
    try (SecureFile file = volume.openFile("d/e/f", READ, DELETE_ON_CLOSE)) {
      assertThat(volume.exists("d/e/f")).isFalse();
      assertThat(file.read(new byte[12])).isEqualTo(12);
    }
    volume.delete("d/e");
    volume.delete("d");
    volume.close();
    assertThat(hostFiles()).containsExactly("strongroom.files/root");
    volume = SecureFileSystem.open(session, store, options());
  }

  private List<String> hostFiles() {
    return store.files().stream().filter(name -> name.startsWith("strongroom.files/")).toList();
  }
}
