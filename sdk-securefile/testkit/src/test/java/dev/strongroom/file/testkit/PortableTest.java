// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeInUseException;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.testkit.FaultPlan.Fault;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A volume works wherever a path leads: moved, copied, in memory, in an archive, on a read-only
 * medium.
 */
@Tag("jdk25")
class PortableTest {

  private static TestElement element;
  private static ElementSession session;

  @TempDir Path temporary;

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

  private static VolumeOptions options() {
    return VolumeOptions.builder().journalBytes(VolumeOptions.MINIMUM_JOURNAL_BYTES).build();
  }

  private static VolumeOptions reading() {
    return VolumeOptions.builder().readOnly().build();
  }

  /** Makes a volume with something in it; answers what it shows. */
  private static Map<String, String> fill(Path directory) throws IOException {
    try (FileSystem files = Mounted.of(SecureFileSystem.create(session, directory, options()))) {
      NioProgram.prepare(files);
      Files.createSymbolicLink(files.getPath("/link"), files.getPath("d/x"));
      for (int i = 0; i < 20; i++) {
        Files.write(files.getPath("/d/" + i), SampleBytes.of(i, 500 * i));
      }
      return Mounted.describe(files.getPath("/"));
    }
  }

  private static Map<String, String> shown(Path directory, VolumeOptions options)
      throws IOException {
    try (FileSystem files = Mounted.of(SecureFileSystem.open(session, directory, options))) {
      return Mounted.describe(files.getPath("/"));
    }
  }

  /** Copies file by file, in any order. */
  private static void copy(Path from, Path to, long seed) throws IOException {
    List<Path> all = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(from)) {
      walk.filter(Files::isRegularFile).forEach(all::add);
    }
    Collections.shuffle(all, new Random(seed));
    Files.createDirectories(to);
    for (Path file : all) {
      Path copy =
          to.resolve(
              from.relativize(file)
                  .toString()
                  .replace(from.getFileSystem().getSeparator(), to.getFileSystem().getSeparator()));
      Files.createDirectories(copy.getParent());
      Files.copy(file, copy);
    }
  }

  private static void change(Path directory) throws IOException {
    try (FileSystem files = Mounted.of(SecureFileSystem.open(session, directory, options()))) {
      Files.write(files.getPath("/a"), SampleBytes.of(77, 20_000));
      Files.move(files.getPath("/b"), files.getPath("/d/b"));
      Files.createDirectory(files.getPath("/new"));
      Files.write(files.getPath("/new/file"), SampleBytes.of(78, 300_000));
      Files.delete(files.getPath("/d/3"));
    }
  }

  @Test
  void aVolumeThatWasRenamedOrCopiedIsTheSame() throws IOException {
    Path first = temporary.resolve("first");
    Map<String, String> filled = fill(first);
    Path moved = temporary.resolve("a place with spaces").resolve("\u00e4");
    Files.createDirectory(moved.getParent());
    Files.move(first, moved);
    assertThat(shown(moved, options())).isEqualTo(filled);
    Path copied = temporary.resolve("copied");
    copy(moved, copied, 5);
    assertThat(shown(copied, options())).isEqualTo(filled);
    change(copied);
    assertThat(shown(copied, reading())).isNotEqualTo(filled).containsKey("/new/file");
    assertThat(shown(moved, reading())).isEqualTo(filled);
  }

  @ParameterizedTest
  @ValueSource(strings = {"unix", "windows", "osX"})
  void aVolumeWorksInMemoryAndBeyond(String kind) throws IOException {
    Configuration configuration =
        switch (kind) {
          case "unix" -> Configuration.unix();
          case "windows" -> Configuration.windows();
          default -> Configuration.osX();
        };
    try (FileSystem memory = Jimfs.newFileSystem(configuration)) {
      Path home = memory.getRootDirectories().iterator().next().resolve("volumes");
      Files.createDirectory(home);
      Path volume = home.resolve("volume");
      Map<String, String> filled = fill(volume);
      assertThat(shown(volume, options())).isEqualTo(filled);
      change(volume);
      Map<String, String> changed = shown(volume, reading());
      Path copied = temporary.resolve(kind);
      copy(volume, copied, 6);
      assertThat(shown(copied, options())).isEqualTo(changed);
      Path back = home.resolve("back");
      copy(copied, back, 7);
      assertThat(shown(back, options())).isEqualTo(changed);
      try (SecureFileSystem one = SecureFileSystem.open(session, back, options())) {
        assertThat(one.exists("new/file")).isTrue();
        assertThatThrownBy(() -> SecureFileSystem.open(session, back, options()))
            .isInstanceOf(VolumeInUseException.class);
      }
      try (Stream<Path> around = Files.list(home)) {
        assertThat(around).containsExactlyInAnyOrder(volume, back);
      }
    }
  }

  @Test
  void anArchiveIsReadWithoutTemporaryFiles() throws IOException {
    Path volume = temporary.resolve("volume");
    Map<String, String> filled = fill(volume);
    Path folder = Files.createDirectory(temporary.resolve("folder"));
    Path archive = folder.resolve("volume.zip");
    try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
      copy(volume, zip.getPath("/inside"), 8);
    }
    byte[] before = Files.readAllBytes(archive);
    try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("accessMode", "readOnly"))) {
      try (FileSystem files =
          Mounted.of(SecureFileSystem.open(session, zip.getPath("/inside"), reading()))) {
        assertThat(Mounted.describe(files.getPath("/"))).isEqualTo(filled);
        assertThatThrownBy(() -> Files.delete(files.getPath("/a")))
            .isInstanceOf(ReadOnlyFileSystemException.class);
        try (Stream<Path> around = Files.list(folder)) {
          assertThat(around).as("temporary files of the archive").containsExactly(archive);
        }
      }
      try (SecureFileSystem one =
              SecureFileSystem.open(session, zip.getPath("/inside"), reading());
          SecureFileSystem two =
              SecureFileSystem.open(session, zip.getPath("/inside"), reading())) {
        assertThat(ModelledVolume.content(one, "a")).isEqualTo(ModelledVolume.content(two, "a"));
      }
    }
    assertThat(Files.readAllBytes(archive)).isEqualTo(before);
  }

  /** A volume as a crash leaves it: its last changes are in the journal only. */
  private static MemoryStore crashed() throws IOException {
    RecordingStore disk = RecordingStore.over(new MemoryStore());
    SecureFileSystem volume =
        SecureFileSystem.create(session, disk, ModelledVolume.options(new ManualExecutor()));
    try (FileSystem files = Mounted.of(volume)) {
      NioProgram.prepare(files);
      volume.sync();
      Files.write(files.getPath("/a"), SampleBytes.of(90, 12_000));
      Files.move(
          files.getPath("/b"),
          files.getPath("/d/x"),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      volume.sync();
      return disk.disk();
    }
  }

  private static void requireCrashedContent(SecureFileSystem volume) throws IOException {
    assertThat(ModelledVolume.content(volume, "a")).isEqualTo(SampleBytes.of(90, 12_000));
    assertThat(ModelledVolume.content(volume, "d/x")).isEqualTo(SampleBytes.of(2, 4096));
    assertThat(volume.exists("b")).isFalse();
  }

  @Test
  void aPendingJournalIsReadFromAMediumThatTakesNoWrites() throws IOException {
    FaultyStore medium = new FaultyStore(crashed());
    medium.arm(FaultPlan.of(Fault.READ_ONLY).lasting());
    StoreCounters before = medium.counters();
    try (SecureFileSystem volume = SecureFileSystem.open(session, medium, reading())) {
      requireCrashedContent(volume);
    }
    assertThat(medium.struck()).as("attempts to write").isZero();
    StoreCounters after = medium.counters().since(before);
    assertThat(after.count(StoreOperation.SYNC) + after.count(StoreOperation.SYNC_DIRECTORY))
        .isZero();
  }

  @Test
  void aPendingJournalIsReadFromAnArchive() throws IOException {
    Path archive = temporary.resolve("crashed.zip");
    MemoryStore crashed = crashed();
    try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
      write(crashed, zip.getPath("/"));
    }
    try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("accessMode", "readOnly"));
        SecureFileSystem volume = SecureFileSystem.open(session, zip.getPath("/"), reading())) {
      requireCrashedContent(volume);
    }
  }

  /** Writes a store's files into a directory. */
  private static void write(MemoryStore store, Path directory) throws IOException {
    for (String name : store.files()) {
      Path file = directory.resolve(name);
      Files.createDirectories(file.getParent());
      try (var open = store.open(name, dev.strongroom.file.store.Store.Access.READ)) {
        byte[] content = new byte[Math.toIntExact(open.size())];
        open.read(0, content, 0, content.length);
        Files.write(file, content);
      }
    }
  }

  @Test
  void aPendingJournalIsReadFromAReadOnlyMount() throws Exception {
    Path volume = Files.createDirectory(temporary.resolve("volume"));
    write(crashed(), volume);
    Path mount = Files.createDirectory(temporary.resolve("mount"));
    assumeThat(Commands.run("mount", "--bind", volume.toString(), mount.toString()))
        .as("bind mounts, for root only")
        .isTrue();
    try {
      assumeThat(Commands.run("mount", "-o", "remount,bind,ro", mount.toString()))
          .as("read-only bind mounts")
          .isTrue();
      try (SecureFileSystem open = SecureFileSystem.open(session, mount, reading())) {
        requireCrashedContent(open);
      }
      assertThatThrownBy(() -> SecureFileSystem.open(session, mount, options()))
          .isInstanceOf(dev.strongroom.file.VolumeNotWritableException.class);
    } finally {
      assertThat(Commands.run("umount", mount.toString())).isTrue();
    }
  }

  @Test
  void aFullMediumRefusesAWriteAndTheVolumeGoesOn() throws Exception {
    Path mount = Files.createDirectory(temporary.resolve("small"));
    assumeThat(Commands.run("mount", "-t", "tmpfs", "-o", "size=3m", "none", mount.toString()))
        .as("tmpfs, for root only")
        .isTrue();
    try {
      Path directory = mount.resolve("volume");
      try (SecureFileSystem volume = SecureFileSystem.create(session, directory, options())) {
        byte[] kept = SampleBytes.of(1, 200_000);
        put(volume, "kept", kept);
        byte[] most = SampleBytes.of(2, 100_000);
        int written = 0;
        IOException full = null;
        while (full == null) {
          try {
            put(volume, "more" + written, most);
            written++;
          } catch (IOException e) {
            full = e;
          }
        }
        assertThat(full).isInstanceOf(dev.strongroom.file.NoSpaceException.class);
        assertThat(written).isBetween(3, 30);
        assertThat(ModelledVolume.content(volume, "kept")).isEqualTo(kept);
        volume.delete("more0");
        volume.delete("more1");
        volume.delete("more2");
        volume.sync();
        // A checkpoint, which gives the space back.
        for (int i = 3; i < written; i++) {
          assertThat(ModelledVolume.content(volume, "more" + i)).isEqualTo(most);
        }
      }
      try (SecureFileSystem volume = SecureFileSystem.open(session, directory, options())) {
        assertThat(ModelledVolume.content(volume, "kept")).isEqualTo(SampleBytes.of(1, 200_000));
        put(volume, "after", SampleBytes.of(3, 100_000));
        assertThat(ModelledVolume.content(volume, "after")).isEqualTo(SampleBytes.of(3, 100_000));
      }
    } finally {
      assertThat(Commands.run("umount", mount.toString())).isTrue();
    }
  }

  private static void put(SecureFileSystem volume, String path, byte[] content) throws IOException {
    try (SecureFile file =
        volume.openFile(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(content);
      file.sync();
    }
  }

  @Test
  void nothingIsWrittenOutsideTheVolume() throws Exception {
    Path home = Files.createDirectory(temporary.resolve("home"));
    Path scratch = Files.createDirectory(temporary.resolve("scratch"));
    Path current = Files.createDirectory(temporary.resolve("current"));
    try (ChildJvm child =
        ChildJvm.startIn(
            current,
            List.of(
                "-Duser.home=" + home,
                "-Djava.io.tmpdir=" + scratch,
                "-XX:-UsePerfData"), // the JVM's own files
            HomebodyWork.class,
            temporary.resolve("place").toString())) {
      assertThat(child.line()).isEqualTo("done");
      assertThat(child.finish()).isZero();
    }
    for (Path folder : List.of(home, scratch, current)) {
      try (Stream<Path> there = Files.list(folder)) {
        assertThat(there).as("files in %s", folder.getFileName()).isEmpty();
      }
    }
    try (Stream<Path> there = Files.list(temporary.resolve("place"))) {
      assertThat(there.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("volume", "element", "volume.zip");
    }
  }
}
