// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.AuthenticationFailedException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.DirectoryEntry;
import dev.strongroom.file.FileType;
import dev.strongroom.file.NothingToRebuildException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.check.CheckListener;
import dev.strongroom.file.check.CheckReport;
import dev.strongroom.file.check.Finding;
import dev.strongroom.file.check.FindingKind;
import dev.strongroom.file.check.Severity;
import dev.strongroom.file.store.Store;
import java.io.IOException;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Damaged directories are rebuilt from headers, by the administrator only, and recorded. */
class RebuildTest {

  private static final VolumeOptions SMALL = VolumeOptions.builder().journalBytes(1 << 20).build();

  private static TestElement element;
  private static ElementSession session;
  private static MemoryStore whole;
  private static final Map<String, byte[]> FILES = new TreeMap<>();
  private static final Map<String, String> HOSTS = new HashMap<>();

  @BeforeAll
  static void makeVolume() throws IOException {
    element = TestElement.create();
    session = element.login();
    whole = new MemoryStore();
    FILES.put("/a", SampleBytes.of(1, 10_000));
    FILES.put("/d/b", SampleBytes.of(2, 300));
    FILES.put("/d/e/c", SampleBytes.of(3, 5000));
    FILES.put("/d/e/f/g", SampleBytes.of(4, 5000));
    for (int i = 0; i < 40; i++) {
      FILES.put("/d/many " + i, SampleBytes.of(i, i * 10));
    }
    try (SecureFileSystem volume = SecureFileSystem.create(session, whole, SMALL)) {
      volume.createDirectory("d");
      volume.createDirectory("d/e");
      volume.createDirectory("d/e/f");
      for (Map.Entry<String, byte[]> each : FILES.entrySet()) {
        put(volume, each.getKey(), each.getValue());
      }
      volume.setUserAttribute("d/b", "large", SampleBytes.of(9, 50_000));
      volume.createSymbolicLink("d/link", "b");
    }
    try (SecureFileSystem volume = SecureFileSystem.open(session, whole.copy(), SMALL)) {
      for (String path : new String[] {"", "d", "d/e", "d/e/f", "d/e/c"}) {
        HOSTS.put(path, volume.stat(path).hostName());
      }
    }
  }

  @AfterAll
  static void logout() {
    session.close();
    element.close();
  }

  private static void put(SecureFileSystem volume, String path, byte[] content) throws IOException {
    try (SecureFile file =
        volume.openFile(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.write(content);
    }
  }

  private static String host(String path) {
    return java.util.Objects.requireNonNull(HOSTS.get(path));
  }

  private static void flip(MemoryStore store, String name, long offset) throws IOException {
    byte[] content = store.content(name);
    content[(int) offset] ^= 0x40;
    store.replaceContent(name, content);
  }

  private static CheckReport rebuild(SecureFileSystem volume) throws IOException {
    try (SecretBytes pin = TestElement.administratorPin()) {
      return volume.rebuild(pin, CheckListener.SILENT);
    }
  }

  private static Map<String, byte[]> content(SecureFileSystem volume, String directory)
      throws IOException {
    Map<String, byte[]> content = new TreeMap<>();
    for (DirectoryEntry entry : volume.list(directory)) {
      String path = (directory.equals("/") ? "" : directory) + "/" + entry.name();
      if (entry.type() == FileType.DIRECTORY) {
        content.putAll(content(volume, path));
      } else if (entry.type() == FileType.FILE) {
        try (SecureFile file = volume.openFile(path)) {
          byte[] bytes = new byte[(int) file.size()];
          file.read(bytes);
          content.put(path, bytes);
        }
      }
    }
    return content;
  }

  private static void assertFiles(SecureFileSystem volume, Map<String, byte[]> expected)
      throws IOException {
    Map<String, byte[]> found = content(volume, "/");
    assertThat(found).containsOnlyKeys(expected.keySet());
    for (Map.Entry<String, byte[]> each : expected.entrySet()) {
      assertThat(Arrays.equals(found.get(each.getKey()), each.getValue())).isTrue();
    }
  }

  private static void assertRebuilt(MemoryStore store, Map<String, byte[]> expected, int times)
      throws IOException {
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, SMALL)) {
      CheckReport report = volume.check(CheckListener.SILENT);
      assertThat(report.isHealthy()).as("%s", report.findings()).isTrue();
      assertThat(report.findings())
          .extracting(Finding::kind)
          .filteredOn(kind -> kind != FindingKind.COVERED_BY_JOURNAL)
          .containsOnly(FindingKind.REBUILT)
          .hasSize(times);
      assertThat(report.findings())
          .extracting(Finding::detail)
          .noneMatch(detail -> detail.matches("(.* )?1 (directories|files) .*"));
      assertThat(volume.info().rebuilds()).hasSize(times);
      assertFiles(volume, expected);
      put(volume, "/d 2", new byte[10]);
    }
  }

  @Test
  void withoutDamageNothingIsChangedAndNothingRecorded() throws IOException {
    MemoryStore store = whole.copy();
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, SMALL)) {
      assertThat(rebuild(volume).findings()).isEmpty();
      assertFiles(volume, FILES);
    }
    for (String name : whole.files()) {
      if (!name.startsWith("strongroom.journal") && !name.equals("strongroom.lock")) {
        assertThat(Arrays.equals(store.content(name), whole.content(name))).as(name).isTrue();
      }
    }
  }

  @Test
  void onlyTheAdministratorMayAndOnlyForWriting() throws IOException {
    MemoryStore store = whole.copy();
    flip(store, host("d"), 8192 + 4096 + 9);
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, SMALL);
        SecretBytes wrong = SecretBytes.encode("not the administrator".toCharArray())) {
      assertThatThrownBy(() -> volume.rebuild(wrong, CheckListener.SILENT))
          .isInstanceOf(AuthenticationFailedException.class);
      assertThat(volume.check(CheckListener.SILENT).isHealthy()).isFalse();
      assertThat(volume.info().rebuilds()).isEmpty();
    }
    VolumeOptions readOnly = VolumeOptions.builder().readOnly().build();
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, readOnly)) {
      assertThatThrownBy(() -> rebuild(volume)).isInstanceOf(ReadOnlyFileSystemException.class);
    }
  }

  @Test
  void aDamagedCatalogueIsFilledAgain() throws IOException {
    // The meta page, and a leaf.
    for (long offset : new long[] {8192 + 9, 8192 + 4096 + 9}) {
      MemoryStore store = whole.copy();
      flip(store, host("d"), offset);
      try (SecureFileSystem volume = SecureFileSystem.open(session, store, SMALL)) {
        CheckReport report = rebuild(volume);
        assertThat(report.isHealthy()).as("%s", report.findings()).isTrue();
        assertFiles(volume, FILES);
        assertThat(volume.userAttribute("d/b", "large")).isEqualTo(SampleBytes.of(9, 50_000));
        assertThat(volume.readSymbolicLink("d/link")).isEqualTo("b");
      }
      assertRebuilt(store, FILES, 1);
    }
  }

  @Test
  void damagedDirectoriesBelowEachOther() throws IOException {
    MemoryStore store = whole.copy();
    for (String path : new String[] {"", "d", "d/e", "d/e/f"}) {
      flip(store, host(path), 8192 + 4096 + 9);
    }
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, SMALL)) {
      assertThat(rebuild(volume).isHealthy()).isTrue();
    }
    assertRebuilt(store, FILES, 4);
  }

  @Test
  void contentIsReadOnceHoweverManyDirectoriesAreDamaged() throws IOException {
    MemoryStore store = whole.copy();
    byte[] large = SampleBytes.of(8, 4 << 20);
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, SMALL)) {
      put(volume, "/d/e/f/large", large);
    }
    for (String path : new String[] {"", "d", "d/e", "d/e/f"}) {
      flip(store, host(path), 8192 + 4096 + 9);
    }
    FaultyStore counting = new FaultyStore(store);
    try (SecureFileSystem volume = SecureFileSystem.open(session, counting, SMALL)) {
      long before = counting.counters().bytes(StoreOperation.READ, name -> true);
      assertThat(rebuild(volume).isHealthy()).isTrue();
      long read = counting.counters().bytes(StoreOperation.READ, name -> true) - before;
      assertThat(read).isBetween((long) large.length, 2L * large.length);
    }
  }

  @Test
  void filesOfALostDirectoryGoToLostAndFound() throws IOException {
    MemoryStore store = whole.copy();
    String uid;
    try (SecureFileSystem volume = SecureFileSystem.open(session, store.copy(), SMALL)) {
      uid = volume.stat("d/e").uid().toString();
    }
    store.delete(host("d/e"));
    Map<String, byte[]> expected = new TreeMap<>(FILES);
    expected.put("/lost+found/" + uid + "/c", expected.remove("/d/e/c"));
    expected.put("/lost+found/" + uid + "/f/g", expected.remove("/d/e/f/g"));
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, SMALL)) {
      assertThat(rebuild(volume).isHealthy()).isTrue();
      assertThat(volume.exists("d/e")).isFalse();
    }
    assertRebuilt(store, expected, 1);
  }

  @Test
  void aLostRootDirectoryIsMadeAnew() throws IOException {
    MemoryStore gone = whole.copy();
    gone.delete(host(""));
    MemoryStore damaged = whole.copy();
    flip(damaged, host(""), 400);
    flip(damaged, host(""), 4096 + 400);
    for (MemoryStore store : new MemoryStore[] {gone, damaged}) {
      try (SecureFileSystem volume = SecureFileSystem.open(session, store, SMALL)) {
        CheckReport report = rebuild(volume);
        assertThat(report.isHealthy()).as("%s", report.findings()).isTrue();
      }
      assertRebuilt(store, FILES, 1);
    }
  }

  @Test
  void withoutAnyFileThereIsNothingToRebuildFrom() throws IOException {
    MemoryStore other = new MemoryStore();
    try (SecureFileSystem volume = SecureFileSystem.create(session, other, SMALL)) {
      put(volume, "/of another volume", new byte[10]);
    }
    MemoryStore empty = whole.copy();
    for (String name : whole.files()) {
      if (name.startsWith("strongroom.files/")) {
        empty.delete(name);
      }
    }
    MemoryStore exchanged = empty.copy();
    for (String name : other.files()) {
      if (name.startsWith("strongroom.files/")) {
        exchanged.createDirectory(name.substring(0, name.lastIndexOf('/')));
        exchanged.open(name, Store.Access.CREATE).close();
        exchanged.replaceContent(name, other.content(name));
      }
    }
    for (MemoryStore store : new MemoryStore[] {empty, exchanged}) {
      MemoryStore before = store.copy();
      try (SecureFileSystem volume = SecureFileSystem.open(session, store, SMALL)) {
        assertThatThrownBy(() -> rebuild(volume))
            .isInstanceOf(NothingToRebuildException.class)
            .hasMessageContaining("restore strongroom.files first");
        assertThat(volume.info().rebuilds()).isEmpty();
      }
      for (String name : store.files()) {
        if (!name.startsWith("strongroom.journal") && !name.equals("strongroom.lock")) {
          assertThat(Arrays.equals(store.content(name), before.content(name))).as(name).isTrue();
        }
      }
    }
  }

  @Test
  void whatAWholeDirectoryDoesNotNameIsNotBroughtBack() throws IOException {
    MemoryStore store = whole.copy();
    byte[] old = store.content(host("d/e/c"));
    Map<String, byte[]> expected = new TreeMap<>(FILES);
    expected.remove("/d/e/c");
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, SMALL)) {
      volume.delete("d/e/c");
    }
    store.open(host("d/e/c"), Store.Access.CREATE).close();
    store.replaceContent(host("d/e/c"), old);
    flip(store, host("d"), 8192 + 4096 + 9);
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, SMALL)) {
      CheckReport report = rebuild(volume);
      assertThat(report.count(Severity.DAMAGE)).isZero();
      assertThat(report.findings()).extracting(Finding::kind).contains(FindingKind.ORPHAN);
      assertFiles(volume, expected);
    }
  }

  @Test
  void aCrashInTheMiddleLosesNothing() throws IOException {
    MemoryStore store = whole.copy();
    flip(store, host("d"), 8192 + 4096 + 9);
    store.delete(host("d/e/f"));
    Map<String, byte[]> expected = new TreeMap<>(FILES);
    byte[] lost = expected.remove("/d/e/f/g");
    RecordingStore disk = RecordingStore.over(store);
    SecureFileSystem volume = SecureFileSystem.open(session, disk, SMALL);
    assertThat(rebuild(volume).isHealthy()).isTrue();
    volume.close();
    int[] states = new int[2];
    CrashStates.of(disk.log(), CrashModel.strict().withExhaustive(2).withSamples(2), 20261121)
        .oneOf(20)
        .forEach(
            image -> {
              MemoryStore crashed = image.store();
              try (SecureFileSystem after = SecureFileSystem.open(session, crashed, SMALL)) {
                boolean recorded = !after.info().rebuilds().isEmpty();
                boolean healthy = after.check(CheckListener.SILENT).isHealthy();
                states[healthy ? 1 : 0]++;
                assertThat(recorded || !healthy).as("what is done is recorded").isTrue();
                CheckReport report = rebuild(after);
                assertThat(report.isHealthy()).as("%s", report.findings()).isTrue();
                Map<String, byte[]> found = content(after, "/");
                assertThat(found).hasSize(FILES.size());
                assertThat(found.keySet()).containsAll(expected.keySet());
                assertThat(found.values().stream().anyMatch(each -> Arrays.equals(each, lost)))
                    .isTrue();
              }
            });
    assertThat(states[0]).isPositive();
    assertThat(states[1]).isPositive();
    System.out.println("RebuildTest: " + states[0] + " states unfinished, " + states[1] + " done");
  }
}
