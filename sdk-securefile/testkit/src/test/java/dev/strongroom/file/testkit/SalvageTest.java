// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.CorruptJournalException;
import dev.strongroom.file.FolderInVolumeException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.check.CheckListener;
import dev.strongroom.file.check.CheckReport;
import dev.strongroom.file.check.Finding;
import dev.strongroom.file.check.FindingKind;
import dev.strongroom.file.check.Severity;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All that can be read of a damaged volume is copied out, and nothing else. */
class SalvageTest {

  private static final VolumeOptions SMALL = VolumeOptions.builder().journalBytes(1 << 20).build();
  private static final Map<String, byte[]> FILES = new TreeMap<>();

  private static TestElement element;
  private static ElementSession session;
  private static MemoryStore whole;
  private static final Map<String, String> HOSTS = new TreeMap<>();

  @TempDir Path temporary;

  @BeforeAll
  static void makeVolume() throws IOException {
    element = TestElement.create();
    session = element.login();
    FILES.put("a", SampleBytes.of(1, 700_000));
    FILES.put("d/b", SampleBytes.of(2, 10_000));
    FILES.put("d/e/c", SampleBytes.of(3, 100));
    FILES.put("d/e/empty", new byte[0]);
    FILES.put("d/new\nline", SampleBytes.of(4, 5));
    whole = new MemoryStore();
    try (SecureFileSystem volume = SecureFileSystem.create(session, whole, SMALL)) {
      volume.createDirectory("d");
      volume.createDirectory("d/e");
      for (Map.Entry<String, byte[]> each : FILES.entrySet()) {
        try (SecureFile file =
            volume.openFile(
                each.getKey(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
          file.write(each.getValue());
        }
      }
      volume.createSymbolicLink("d/link", "../a");
    }
    try (SecureFileSystem volume = SecureFileSystem.open(session, whole.copy(), SMALL)) {
      for (String path : FILES.keySet()) {
        HOSTS.put(path, volume.stat(path).hostName());
      }
      for (String path : new String[] {"", "d", "d/e"}) {
        HOSTS.put(path, volume.stat(path).hostName());
      }
    }
  }

  @AfterAll
  static void logout() {
    session.close();
    element.close();
  }

  private static String host(String path) {
    return java.util.Objects.requireNonNull(HOSTS.get(path));
  }

  private static void flip(MemoryStore store, String name, long offset) throws IOException {
    byte[] content = store.content(name);
    content[(int) offset] ^= 0x40;
    store.replaceContent(name, content);
  }

  private CheckReport salvage(MemoryStore store, String path, Path to) throws IOException {
    VolumeOptions options = VolumeOptions.builder().ignoreDamagedJournal().build();
    MemoryStore before = store.copy();
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, options)) {
      CheckReport report = volume.salvage(path, to, CheckListener.SILENT);
      for (String name : before.files()) {
        assertThat(Arrays.equals(store.content(name), before.content(name))).as(name).isTrue();
      }
      return report;
    }
  }

  private void assertFile(Path folder, String path, byte[] expected) throws IOException {
    assertThat(Arrays.equals(Files.readAllBytes(folder.resolve(path)), expected)).as(path).isTrue();
  }

  private void assertAll(Path folder, String... but) throws IOException {
    for (Map.Entry<String, byte[]> each : FILES.entrySet()) {
      if (!Arrays.asList(but).contains(each.getKey())) {
        assertFile(folder, each.getKey().replace('\n', '_'), each.getValue());
      }
    }
  }

  @Test
  void aWholeVolumeIsCopied() throws IOException {
    Path to = temporary.resolve("to");
    assertThat(salvage(whole.copy(), "/", to).findings()).isEmpty();
    assertAll(to);
    assertThat(Files.readSymbolicLink(to.resolve("d/link"))).isEqualTo(Path.of("../a"));
    try (Stream<Path> all = Files.walk(to)) {
      // The folder, two directories, five files, a link, the report.
      assertThat(all).hasSize(10);
    }
  }

  @Test
  void onePathIsCopied() throws IOException {
    Path to = temporary.resolve("to");
    salvage(whole.copy(), "d/e", to);
    assertFile(to, "d/e/c", java.util.Objects.requireNonNull(FILES.get("d/e/c")));
    assertThat(to.resolve("a")).doesNotExist();
  }

  @Test
  void attributesAreCopiedOrReported() throws IOException {
    MemoryStore store = whole.copy();
    Instant modified = Instant.parse("2001-02-03T04:05:06Z");
    Instant accessed = Instant.parse("2002-03-04T05:06:07Z");
    String longest = "n".repeat(255);
    byte[] large = SampleBytes.of(5, 60_000);
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, SMALL)) {
      volume.setUserAttribute("a", "origin", new byte[] {1, 2, 3});
      volume.setUserAttribute("a", longest, new byte[] {4});
      volume.setUserAttribute("d/b", "large", large); // in a stream
      volume.setUserAttribute("d", "origin", new byte[] {5});
      for (String path : new String[] {"a", "d/b", "d"}) {
        volume.setMode(path, 0750);
        volume.setTimes(path, modified, accessed, null);
      }
    }
    Path to = temporary.resolve("to");
    assertThat(salvage(store, "/", to).findings()).isEmpty();
    assertThat(attribute(to, "a", "origin")).containsExactly(1, 2, 3);
    assertThat(attribute(to, "a", longest)).containsExactly(4);
    assertThat(attribute(to, "d/b", "large")).isEqualTo(large);
    assertThat(attribute(to, "d", "origin")).containsExactly(5);
    for (String path : new String[] {"a", "d/b", "d"}) {
      Path copy = to.resolve(path);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
          .isEqualTo("rwxr-x---");
      BasicFileAttributes times = Files.readAttributes(copy, BasicFileAttributes.class);
      assertThat(times.lastModifiedTime().toInstant()).isEqualTo(modified);
    }
    BasicFileAttributes times = Files.readAttributes(to.resolve("d/b"), BasicFileAttributes.class);
    assertThat(times.lastAccessTime().toInstant()).isEqualTo(accessed);
  }

  @Test
  void attributesAreCopiedWithoutADirectory() throws IOException {
    MemoryStore store = whole.copy();
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, SMALL)) {
      volume.setUserAttribute("d/b", "origin", new byte[] {1, 2, 3});
    }
    flip(store, host("d"), 8192 + 4096 + 9);
    Path to = temporary.resolve("to");
    salvage(store, "/", to);
    assertThat(attribute(to, "d/b", "origin")).containsExactly(1, 2, 3);
  }

  /** A user attribute as the host has it, or as the report has it where the host has not. */
  private static byte[] attribute(Path folder, String path, String name) throws IOException {
    try {
      return (byte[]) Files.getAttribute(folder.resolve(path), "user:" + name);
    } catch (IOException | UnsupportedOperationException e) {
      String line = "user attribute " + name + " of " + path + ", in Base64: ";
      try (Stream<String> lines = Files.lines(folder.resolve("strongroom-salvage.txt"))) {
        String found = lines.filter(each -> each.startsWith(line)).findFirst().orElseThrow();
        return Base64.getDecoder().decode(found.substring(line.length()));
      }
    }
  }

  @Test
  void damagedRangesAreHolesAndListed() throws IOException {
    MemoryStore store = whole.copy();
    flip(store, host("a"), 8192 + 3 * 4096 + 9);
    flip(store, host("a"), 139264 + 400);
    Path to = temporary.resolve("to");
    CheckReport report = salvage(store, "/", to);
    byte[] expected = java.util.Objects.requireNonNull(FILES.get("a")).clone();
    Arrays.fill(expected, 3 * 4096, 4 * 4096, (byte) 0);
    Arrays.fill(expected, 32 * 4096, 152 * 4096, (byte) 0);
    assertFile(to, "a", expected);
    assertAll(to, "a");
    assertThat(report.damagedBytes()).isEqualTo(121 * 4096);
    assertThat(Files.readString(to.resolve("strongroom-salvage.txt")))
        .contains("/a, bytes 12288 to 16384", "/a, bytes 131072 to 622592");
  }

  @Test
  void aDamagedCatalogueCostsNoFile() throws IOException {
    MemoryStore store = whole.copy();
    flip(store, host("d"), 8192 + 4096 + 9);
    Path to = temporary.resolve("to");
    salvage(store, "/", to);
    assertAll(to);
  }

  @Test
  void aLostDirectoryLeavesItsFilesInLostAndFound() throws IOException {
    MemoryStore store = whole.copy();
    store.delete(host("d/e"));
    flip(store, host("d"), 8192 + 4096 + 9); // so that nothing tells where it was
    Path to = temporary.resolve("to");
    CheckReport report = salvage(store, "/", to);
    assertThat(report.count(Severity.DAMAGE)).isPositive();
    assertAll(to, "d/e/c", "d/e/empty");
    try (Stream<Path> lost = Files.walk(to.resolve("lost+found"))) {
      Map<String, Path> found = new TreeMap<>();
      lost.filter(Files::isRegularFile).forEach(f -> found.put(f.getFileName().toString(), f));
      assertThat(found).containsOnlyKeys("c", "empty");
      assertThat(Files.readAllBytes(found.get("c"))).isEqualTo(FILES.get("d/e/c"));
    }
  }

  @Test
  void aLostRootDirectoryToo() throws IOException {
    MemoryStore store = whole.copy();
    store.delete(host(""));
    Path to = temporary.resolve("to");
    salvage(store, "/", to);
    assertAll(to);
  }

  @Test
  void aDamagedJournalIsPassedOver() throws IOException {
    MemoryStore store = whole.copy();
    flip(store, "strongroom.journal", 100);
    flip(store, "strongroom.journal", 4096 + 100);
    assertThatThrownBy(() -> SecureFileSystem.open(session, store, SMALL))
        .isInstanceOf(CorruptJournalException.class);
    Path to = temporary.resolve("to");
    CheckReport report = salvage(store, "/", to);
    assertThat(report.findings()).extracting(Finding::kind).containsExactly(FindingKind.JOURNAL);
    assertThat(report.isHealthy()).isFalse();
    assertAll(to);
    MemoryStore gone = whole.copy();
    gone.delete("strongroom.journal");
    salvage(gone, "/", temporary.resolve("again"));
    assertAll(temporary.resolve("again"));
  }

  @Test
  void noFolderWithinTheVolumeTakesClearData() throws IOException {
    Path directory = temporary.resolve("volume");
    VolumeOptions small = VolumeOptions.builder().journalBytes(256 << 10).build();
    try (SecureFileSystem volume = SecureFileSystem.create(session, directory, small)) {
      Path link = Files.createSymbolicLink(temporary.resolve("link"), directory);
      for (Path within : List.of(directory.resolve("to"), link.resolve("x/to"), directory)) {
        assertThatThrownBy(() -> volume.salvage("/", within, CheckListener.SILENT))
            .isInstanceOf(FolderInVolumeException.class)
            .hasMessageContaining(within.toString());
        assertThat(directory.resolve("to")).doesNotExist();
      }
      assertThat(volume.salvage("/", temporary.resolve("to"), CheckListener.SILENT).isHealthy())
          .isTrue();
    }
  }

  @Test
  void whatIsThereIsNotTouched() throws IOException {
    Path taken = Files.createDirectory(temporary.resolve("taken"));
    Files.writeString(taken.resolve("a"), "mine");
    assertThatThrownBy(() -> salvage(whole.copy(), "/", taken))
        .isInstanceOf(DirectoryNotEmptyException.class);
    assertThat(Files.readString(taken.resolve("a"))).isEqualTo("mine");
    Path empty = Files.createDirectory(temporary.resolve("empty"));
    salvage(whole.copy(), "/", empty);
    assertAll(empty);
  }
}
