// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The URIs of volumes and of paths in them. */
class FileSystemUriTest {

  @TempDir static Path directory;

  private static TestElement element;
  private static ElementSession session;
  private static FileSystem volume;
  private static String base = "";

  @BeforeAll
  static void open() throws IOException {
    element = TestElement.create();
    session = element.login();
    Path place = directory.resolve("my vault!/100% \u00e4?#[v]");
    Files.createDirectories(place.getParent());
    base = "strongroom:" + place.toUri().getRawPath().replace("!", "%21");
    volume =
        FileSystems.newFileSystem(URI.create(base), Map.of("session", session, "create", "true"));
  }

  @AfterAll
  static void close() throws IOException {
    volume.close();
    session.close();
    element.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/a",
        "/a/b c",
        "/100%",
        "/%20",
        "/a!/b",
        "/!",
        "/a?b#c",
        "/a+b&c=d",
        "/[x]{y}|z^",
        "/\u00fcber/\u65e5\u672c",
        "/\ud83d\ude00",
        "/a:b",
        "/a\\b",
        "/ ",
        "/\"q\"",
        "/tab\there",
        "/../x",
        "/a/./b"
      })
  void theUriOfAPathLeadsBackToIt(String text) {
    Path path = volume.getPath(text);
    URI uri = path.toUri();
    assertThat(uri.toString()).startsWith("strongroom:/").matches("[\\x21-\\x7e]*").contains("!/");
    assertThat(uri.getRawQuery()).isNull();
    assertThat(uri.getRawFragment()).isNull();
    assertThat(Path.of(uri)).isEqualTo(path);
    assertThat(Path.of(URI.create(uri.toString()))).isEqualTo(path);
    assertThat(FileSystems.getFileSystem(uri)).isSameAs(volume);
  }

  @Test
  void aRelativePathHasTheUriOfItsAbsoluteOne() {
    assertThat(volume.getPath("a/b").toUri()).isEqualTo(volume.getPath("/a/b").toUri());
    assertThat(volume.getPath("").toUri()).isEqualTo(volume.getPath("/").toUri());
  }

  @Test
  void severalSpellingsOfAUriNameOneVolume() {
    String path = base.substring("strongroom:".length());
    for (String spelling :
        new String[] {
          "strongroom:" + path,
          "STRONGROOM:" + path,
          "strongroom://" + path,
          base + "/",
          base.replaceAll("/$", "") + "!/",
        }) {
      assertThat(FileSystems.getFileSystem(URI.create(spelling))).as(spelling).isSameAs(volume);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "strongroom:relative/path",
        "strongroom:relative",
        "strongroom://host/path",
        "strongroom:/path?query",
        "strongroom:/path#fragment",
        "strongroom:!/a",
        "strongroom:/a%00b",
        "strongroom:/path!/a?b",
        "strongroom:/path!/a#b"
      })
  void whatIsNoUriOfAVolumeIsRefused(String text) {
    URI uri = URI.create(text);
    var provider = volume.provider();
    assertThatIllegalArgumentException().isThrownBy(() -> provider.getFileSystem(uri));
    assertThatIllegalArgumentException().isThrownBy(() -> provider.getPath(uri));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> provider.newFileSystem(uri, Map.of("session", session)));
  }

  // ---- volumes in other file systems

  @Test
  void aPathOfAVolumeInMemoryHasTheUriOfTheDecision() throws IOException {
    try (FileSystem memory = Jimfs.newFileSystem("host", Configuration.unix());
        FileSystem files = made(memory.getPath("/volume"))) {
      assertThat(files.getPath("/a").toUri().toString())
          .isEqualTo("strongroom:jimfs://host/volume!/a");
      assertLeadsBack(files);
    }
  }

  @Test
  void aVolumeInMemoryMayHaveAnyName() throws IOException {
    try (FileSystem memory = Jimfs.newFileSystem("host", Configuration.unix())) {
      for (String name : List.of("/my vault", "/why!", "/100%", "/%21", "/%2521", "/a!%21b")) {
        try (FileSystem files = made(memory.getPath(name))) {
          assertLeadsBack(files);
        }
      }
    }
  }

  @Test
  void aPathOfAVolumeInAVolumeLeadsBackToIt() throws IOException {
    try (FileSystem inner = made(volume.getPath("/in!ner"));
        FileSystem innermost = made(inner.getPath("/in%21most"))) {
      assertLeadsBack(inner);
      assertLeadsBack(innermost);
    }
    try (FileSystem outer = made(directory.resolve("outer"));
        FileSystem inner = made(outer.getPath("/inner"))) {
      assertThat(inner.getPath("/a").toUri().toString())
          .isEqualTo(
              "strongroom:"
                  + outer.getPath("/inner").toUri().toString().replace("!", "%21")
                  + "!/a");
    }
  }

  @Test
  void aPathOfAVolumeInAnArchiveLeadsBackToIt() throws IOException {
    Path plain = directory.resolve("plain");
    made(plain).close();
    URI archive = URI.create("jar:" + directory.resolve("archive.zip").toUri());
    try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
      copy(plain, zip.getPath("/volume"));
      URI uri = URI.create("strongroom:" + (archive + "!/volume").replace("!", "%21"));
      try (FileSystem files =
          FileSystems.newFileSystem(uri, Map.of("session", session, "readOnly", "true"))) {
        assertLeadsBack(files);
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> walk = Files.walk(from)) {
      for (Path path : (Iterable<Path>) walk::iterator) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  /** Makes a volume with a file in a directory whose names have what URIs do not have. */
  private static FileSystem made(Path place) throws IOException {
    SecureFileSystem.create(session, place, VolumeOptions.defaults()).close();
    FileSystem files = FileSystems.newFileSystem(place, Map.of("session", session));
    Files.createDirectory(files.getPath("/a!"));
    Files.writeString(files.getPath("/a!/%21 b"), "found");
    return files;
  }

  private static void assertLeadsBack(FileSystem files) throws IOException {
    Path path = files.getPath("/a!/%21 b");
    URI uri = path.toUri();
    assertThat(Path.of(URI.create(uri.toString()))).as("%s", uri).isEqualTo(path);
    assertThat(FileSystems.getFileSystem(uri)).isSameAs(files);
    assertThat(Files.readString(Path.of(uri))).isEqualTo("found");
  }

  @Test
  void aPathIsNoFileSystemAndAFileSystemIsNoPath() {
    URI path = volume.getPath("/a").toUri();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FileSystems.newFileSystem(path, Map.of("session", session)));
    assertThatIllegalArgumentException().isThrownBy(() -> Path.of(URI.create(base)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> volume.provider().getFileSystem(URI.create("file:/a")));
  }

  @Test
  void aPathInAVolumeThatIsNotOpenIsNotFound() {
    assertThatExceptionOfType(FileSystemNotFoundException.class)
        .isThrownBy(() -> Path.of(URI.create("strongroom:/no/such/volume!/a")));
    assertThatExceptionOfType(FileSystemNotFoundException.class)
        .isThrownBy(() -> Path.of(URI.create("strongroom:nosuchscheme:/volume!/a")));
  }
}
