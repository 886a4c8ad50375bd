// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.check.CheckListener;
import dev.strongroom.file.check.CheckProgress;
import dev.strongroom.file.check.CheckReport;
import dev.strongroom.file.check.Finding;
import dev.strongroom.file.check.FindingKind;
import dev.strongroom.file.check.Severity;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A check finds every kind of damage, names it, and finds nothing else. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CheckTest {

  private static final OpenOption[] NEW = {
    StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE
  };
  private static final VolumeOptions READ_ONLY = VolumeOptions.builder().readOnly().build();

  /** So many sectors that the tree has two levels: the inline ones, and three leaves. */
  private static final int LARGE = 300 * 4096 + 100;

  private static TestElement element;
  private static ElementSession session;
  private static MemoryStore whole;
  private static Map<String, String> hosts;

  @BeforeAll
  static void makeVolume() throws IOException {
    element = TestElement.create();
    session = element.login();
    whole = new MemoryStore();
    hosts = new TreeMap<>();
    try (SecureFileSystem volume = SecureFileSystem.create(session, whole, small())) {
      volume.createDirectory("d");
      volume.createDirectory("d/e");
      put(volume, "large", SampleBytes.of(1, LARGE));
      put(volume, "small", SampleBytes.of(2, 5000));
      put(volume, "d/x", SampleBytes.of(3, 100));
      put(volume, "d/e/y", SampleBytes.of(4, 100_000));
      put(volume, "d/e/empty", new byte[0]);
      try (SecureFile sparse = volume.openFile("sparse", NEW)) {
        sparse.pwrite(3_000_000_000L, new byte[] {1}, 0, 1);
        sparse.pwrite(0, new byte[] {1}, 0, 1);
        sparse.truncate(1L << 40);
      }
      volume.sync();
      for (String path : List.of("", "d", "d/e", "large", "small", "d/x", "d/e/y", "sparse")) {
        hosts.put(path, volume.stat(path).hostName());
      }
    }
    for (String path : List.copyOf(hosts.keySet())) {
      try (SecureFileSystem volume = SecureFileSystem.open(session, whole.copy(), READ_ONLY)) {
        hosts.put(path, volume.stat(path).hostName());
      }
    }
  }

  @AfterAll
  static void logout() {
    session.close();
    element.close();
  }

  private static VolumeOptions small() {
    return VolumeOptions.builder().journalBytes(1 << 20).build();
  }

  private static void put(SecureFileSystem volume, String path, byte[] content) throws IOException {
    try (SecureFile file = volume.openFile(path, NEW)) {
      file.write(content);
    }
  }

  private static CheckReport check(Store store) throws IOException {
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, READ_ONLY)) {
      return volume.check(CheckListener.SILENT);
    }
  }

  /** A copy of the volume with one byte of one host file turned around. */
  private static MemoryStore flipped(String host, long offset) throws IOException {
    MemoryStore store = whole.copy();
    flip(store, host, offset);
    return store;
  }

  private static void flip(MemoryStore store, String host, long offset) throws IOException {
    byte[] content = store.content(host);
    content[(int) offset] ^= 0x40;
    store.replaceContent(host, content);
  }

  private static Finding only(CheckReport report) {
    assertThat(report.findings()).hasSize(1);
    return report.findings().get(0);
  }

  private static void assertDamage(
      CheckReport report, FindingKind kind, String file, long from, long to) {
    Finding finding = only(report);
    assertThat(finding.kind()).isEqualTo(kind);
    assertThat(finding.severity()).isEqualTo(Severity.DAMAGE);
    assertThat(finding.file()).isEqualTo(file);
    assertThat(finding.from()).as("from").isEqualTo(from);
    assertThat(finding.to()).as("to").isEqualTo(to);
    assertThat(report.isHealthy()).isFalse();
    assertThat(report.damagedBytes()).isEqualTo(from < 0 ? 0 : to - from);
  }

  @Test
  void aWholeVolumeHasNoFindings() throws IOException {
    CheckReport report = check(whole.copy());
    assertThat(report.findings()).isEmpty();
    assertThat(report.isHealthy()).isTrue();
    assertThat(report.end()).isEqualTo(CheckReport.End.COMPLETE);
    assertThat(report.directories()).isEqualTo(3);
    assertThat(report.files()).isEqualTo(6);
  }

  @Test
  void everyByteOfAFileIsReadOnceInLongRuns() throws IOException {
    FaultyStore store = new FaultyStore(whole.copy());
    byte[] content = whole.content(host("large"));
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, READ_ONLY)) {
      StoreCounters before = store.counters();
      CheckReport report = volume.check(CheckListener.SILENT);
      assertThat(report.findings()).isEmpty();
      StoreCounters spent = store.counters().since(before);
      String large = host("large");
      assertThat(spent.bytes(StoreOperation.READ, large::equals)).isEqualTo(content.length);
      // The header, the inline sectors, the first inner node, and what is between.
      assertThat(spent.count(StoreOperation.READ, large::equals)).isLessThanOrEqualTo(7);
      String y = host("d/e/y");
      assertThat(spent.bytes(StoreOperation.READ, y::equals)).isEqualTo(whole.content(y).length);
    }
  }

  @Test
  void holesAreNotRead() throws IOException {
    FaultyStore store = new FaultyStore(whole.copy());
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, READ_ONLY)) {
      StoreCounters before = store.counters();
      assertThat(volume.check("sparse", CheckListener.SILENT).isHealthy()).isTrue();
      StoreCounters spent = store.counters().since(before);
      String sparse = host("sparse");
      // Headers twice, two sectors, a leaf and the nodes above it.
      assertThat(spent.bytes(StoreOperation.READ, sparse::equals)).isLessThan(24 * 4096);
    }
  }

  private static String host(String path) {
    return java.util.Objects.requireNonNull(hosts.get(path));
  }

  // ---- every kind of damage

  @Test
  void aDamagedSectorIsNamedByItsBytes() throws IOException {
    // sector 200 is in the second leaf
    long position = 643072 + 48 * 4096L;
    CheckReport report = check(flipped(host("large"), position + 5));
    assertDamage(report, FindingKind.SECTOR, "/large", 200 * 4096, 201 * 4096);
  }

  @Test
  void anInlineSectorAndTheLastOne() throws IOException {
    assertDamage(
        check(flipped(host("small"), 8192 + 4096)), FindingKind.SECTOR, "/small", 4096, 5000);
  }

  @Test
  void neighbouringSectorsAreOneFinding() throws IOException {
    MemoryStore store = whole.copy();
    for (int i = 0; i < 10; i++) {
      flip(store, host("large"), 143360 + i * 4096L);
    }
    assertDamage(check(store), FindingKind.SECTOR, "/large", 32 * 4096, 42 * 4096);
  }

  @Test
  void aDamagedTagPageTakesItsSectorsWithIt() throws IOException {
    assertDamage(
        check(flipped(host("large"), 139264 + 300)),
        FindingKind.TAG_PAGE,
        "/large",
        32 * 4096,
        152 * 4096);
  }

  @Test
  void aDamagedNodeTakesAllBelow() throws IOException {
    assertDamage(
        check(flipped(host("large"), 634880 + 300)),
        FindingKind.TREE_NODE,
        "/large",
        32 * 4096,
        LARGE);
  }

  @Test
  void aCutFileLacksItsEnd() throws IOException {
    MemoryStore store = whole.copy();
    byte[] content = store.content(host("large"));
    store.replaceContent(host("large"), Arrays.copyOf(content, content.length - 10_000));
    assertDamage(check(store), FindingKind.SECTOR, "/large", 298 * 4096, LARGE);
  }

  @Test
  void bytesBehindTheEndAreToldButNoDamage() throws IOException {
    MemoryStore store = whole.copy();
    byte[] content = store.content(host("small"));
    store.replaceContent(host("small"), Arrays.copyOf(content, content.length + 4096));
    CheckReport report = check(store);
    Finding finding = only(report);
    assertThat(finding.kind()).isEqualTo(FindingKind.UNCOMMITTED_TAIL);
    assertThat(finding.from()).isEqualTo(content.length);
    assertThat(finding.bytes()).isEqualTo(4096);
    assertThat(report.isHealthy()).isTrue();
  }

  @Test
  void oneHeaderCopyCanBeRepaired() throws IOException {
    for (long offset : new long[] {50, 400, 4096 + 50, 4096 + 400}) {
      MemoryStore store = flipped(host("small"), offset);
      Finding finding = only(check(store));
      assertThat(finding.kind()).isEqualTo(FindingKind.HEADER_COPY);
      assertThat(finding.severity()).isEqualTo(Severity.REPAIRABLE);
      assertThat(finding.file()).isEqualTo("/small");
      try (SecureFileSystem volume = SecureFileSystem.open(session, store, small())) {
        Finding repaired = only(volume.check(CheckListener.SILENT));
        assertThat(repaired.severity()).isEqualTo(Severity.REPAIRED);
      }
      assertThat(Arrays.equals(store.content(host("small")), whole.content(host("small"))))
          .isTrue();
      assertThat(check(store).findings()).isEmpty();
    }
  }

  @Test
  void aFileWithoutAHeaderIsLost() throws IOException {
    MemoryStore store = flipped(host("small"), 400);
    flip(store, host("small"), 4096 + 400);
    assertDamage(check(store), FindingKind.HEADER, "/small", -1, -1);
  }

  @Test
  void aMissingHostFile() throws IOException {
    MemoryStore store = whole.copy();
    store.delete(host("d/x"));
    assertDamage(check(store), FindingKind.MISSING_HOST_FILE, "/d/x", -1, -1);
  }

  @Test
  void swappedHostFiles() throws IOException {
    MemoryStore store = whole.copy();
    byte[] small = store.content(host("small"));
    store.replaceContent(host("small"), store.content(host("d/x")));
    store.replaceContent(host("d/x"), small);
    CheckReport report = check(store);
    assertThat(report.findings())
        .extracting(Finding::kind)
        .containsExactly(FindingKind.FOREIGN_HEADER, FindingKind.FOREIGN_HEADER);
  }

  @Test
  void aDamagedCatalogueLeavesItsFilesToTheirHeaders() throws IOException {
    MemoryStore store = flipped(host("d"), 8192 + 4096 + 10);
    CheckReport report = check(store);
    assertThat(report.count(Severity.DAMAGE)).isEqualTo(2);
    assertThat(report.findings())
        .extracting(finding -> finding.kind() + " " + finding.file())
        .containsExactlyInAnyOrder("SECTOR /d", "CATALOGUE /d", "ORPHAN /d/e");
    assertThat(report.files()).isEqualTo(6);
    flip(store, host("d/e/y"), 8192 + 4096);
    assertThat(check(store).findings())
        .extracting(finding -> finding.kind() + " " + finding.file() + " " + finding.from())
        .contains("SECTOR /d/e/y 4096");
  }

  @Test
  void aLostRootDirectoryLeavesItsFilesToTheirHeaders() throws IOException {
    MemoryStore store = whole.copy();
    store.delete(host(""));
    CheckReport report = check(store);
    assertThat(report.count(Severity.DAMAGE)).isEqualTo(1);
    assertThat(report.files()).isEqualTo(6);
    assertThat(report.directories()).isEqualTo(2);
  }

  @Test
  void anOrphanAndAForeignFile() throws IOException {
    MemoryStore store = whole.copy();
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, small())) {
      volume.delete("small");
    }
    store.open(host("small"), Store.Access.CREATE).close();
    store.replaceContent(host("small"), whole.content(host("small")));
    String folder = host("large").substring(0, host("large").lastIndexOf('/'));
    store.open(folder + "/readme.txt", Store.Access.CREATE).close();
    CheckReport report = check(store);
    assertThat(report.findings())
        .extracting(Finding::kind)
        .containsExactlyInAnyOrder(FindingKind.ORPHAN, FindingKind.FOREIGN_FILE);
    assertThat(report.isHealthy()).isTrue();
  }

  @Test
  void aCopyOfTheVolumeFile() throws IOException {
    for (long offset : new long[] {100, 4096 + 100}) {
      MemoryStore store = flipped("strongroom.volume", offset);
      Finding finding = only(check(store));
      assertThat(finding.kind()).isEqualTo(FindingKind.VOLUME_FILE);
      assertThat(finding.severity()).isEqualTo(Severity.REPAIRABLE);
      try (SecureFileSystem volume = SecureFileSystem.open(session, store, small())) {
        assertThat(only(volume.check(CheckListener.SILENT)).severity())
            .isEqualTo(Severity.REPAIRED);
      }
      assertThat(check(store).findings()).isEmpty();
    }
  }

  @Test
  void anAnchorOfTheJournal() throws IOException {
    for (long offset : new long[] {100, 4096 + 100}) {
      Finding finding = only(check(flipped("strongroom.journal", offset)));
      assertThat(finding.kind()).isEqualTo(FindingKind.JOURNAL);
      assertThat(finding.severity()).isEqualTo(Severity.REPAIRABLE);
    }
  }

  @Test
  void blocksThatTheMediumCannotReadTakeNoNeighboursWithThem() throws IOException {
    FaultyStore store = new FaultyStore(whole.copy());
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, READ_ONLY)) {
      CheckReport before = volume.check(CheckListener.SILENT);
      assertThat(before.findings()).isEmpty();
      store.arm(
          FaultPlan.of(FaultPlan.Fault.IO_ERROR)
              .on(StoreOperation.READ)
              .where(host("large")::equals)
              .at(4)); // a long run, which is then read block by block
      assertThat(volume.check(CheckListener.SILENT).findings()).isEmpty();
      assertThat(store.struck()).isEqualTo(1);
    }
  }

  // ---- a volume that is in use

  @Test
  void whatTheJournalHoldsIsCheckedInItsPlace() throws IOException {
    RecordingStore disk = RecordingStore.over(whole.copy());
    SecureFileSystem volume = SecureFileSystem.open(session, disk, small());
    try (SecureFile file = volume.openFile("large", StandardOpenOption.WRITE)) {
      file.pwrite(200 * 4096, SampleBytes.of(9, 8192), 0, 8192);
      file.sync();
    }
    MemoryStore crashed = disk.disk();
    volume.close();
    CheckReport report = check(crashed);
    assertThat(report.isHealthy()).isTrue();
    assertThat(report.findings())
        .extracting(Finding::kind)
        .containsOnly(FindingKind.COVERED_BY_JOURNAL);
    assertThat(report.count(Severity.REPAIRED)).as("nothing has been repaired yet").isZero();
    assertThat(report.count(Severity.NOTICE)).isPositive();
    // What lies in place is covered by the journal, so it does not count.
    flip(crashed, host("large"), 643072 + 48 * 4096L);
    assertThat(check(crashed).isHealthy()).isTrue();
    flip(crashed, host("large"), 643072 + 50 * 4096L);
    CheckReport damaged = check(crashed);
    assertThat(damaged.findings())
        .extracting(finding -> finding.kind() + " " + finding.from())
        .contains("SECTOR " + 202 * 4096);
    assertThat(damaged.count(Severity.DAMAGE)).isEqualTo(1);
    try (SecureFileSystem recovered = SecureFileSystem.open(session, crashed, small())) {
      CheckReport after = recovered.check(CheckListener.SILENT);
      assertThat(after.count(Severity.DAMAGE)).isEqualTo(1);
      assertThat(after.count(Severity.REPAIRED)).isPositive();
    }
  }

  @Test
  void filesMayBeOpenAndChangedMeanwhile() throws Exception {
    MemoryStore store = whole.copy();
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, small());
        SecureFile file = volume.openFile("large", StandardOpenOption.WRITE)) {
      AtomicBoolean done = new AtomicBoolean();
      List<Throwable> problems = new ArrayList<>();
      Thread writer =
          new Thread(
              () -> {
                try {
                  for (int i = 0; i < 40 && !done.get(); i++) {
                    file.pwrite(i % 290 * 4096L, SampleBytes.of(i, 5000), 0, 5000);
                    if (i % 7 == 0) {
                      file.truncate(LARGE - i % 40 * 4096L);
                    }
                    put(volume, "d/new " + i, SampleBytes.of(i, 3000));
                    if (i % 3 == 0) {
                      volume.rename("d/new " + i, "d/e/moved " + i);
                    } else if (i % 3 == 1) {
                      volume.delete("d/new " + i);
                    }
                    volume.sync();
                  }
                } catch (IOException | RuntimeException e) {
                  problems.add(e);
                }
              });
      writer.start();
      try {
        for (int i = 0; i < 4; i++) {
          CheckReport report = volume.check(CheckListener.SILENT);
          assertThat(report.findings())
              .allMatch(finding -> finding.kind() == FindingKind.COVERED_BY_JOURNAL);
        }
      } finally {
        done.set(true);
        writer.join();
      }
      assertThat(problems).isEmpty();
    }
    assertThat(check(store).findings()).isEmpty();
  }

  // ---- one path, progress, end

  @Test
  void onePathIsCheckedByItself() throws IOException {
    MemoryStore store = flipped(host("d/e/y"), 8192);
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, READ_ONLY)) {
      assertThat(volume.check("large", CheckListener.SILENT).findings()).isEmpty();
      assertDamage(
          volume.check("d/e/y", CheckListener.SILENT), FindingKind.SECTOR, "/d/e/y", 0, 4096);
      CheckReport below = volume.check("d", CheckListener.SILENT);
      assertDamage(below, FindingKind.SECTOR, "/d/e/y", 0, 4096);
      assertThat(below.files()).isEqualTo(3);
      assertThatThrownBy(() -> volume.check("none", CheckListener.SILENT))
          .isInstanceOf(NoSuchFileException.class);
    }
  }

  /** Size of the host files and of the volume file, holes included. */
  private static long hostBytes(MemoryStore store) throws IOException {
    long bytes = 0;
    for (String name : store.files()) {
      if (name.startsWith("strongroom.files/") || name.equals("strongroom.volume")) {
        try (StoreFile file = store.open(name, Store.Access.READ)) {
          bytes += file.size();
        }
      }
    }
    return bytes;
  }

  private static List<CheckProgress> progress(SecureFileSystem volume, @Nullable String path)
      throws IOException {
    List<CheckProgress> told = new ArrayList<>();
    CheckListener listener =
        new CheckListener() {
          @Override
          public void progress(CheckProgress progress) {
            told.add(progress);
          }
        };
    CheckReport report = path == null ? volume.check(listener) : volume.check(path, listener);
    assertThat(report.bytes()).isEqualTo(told.get(told.size() - 1).bytes());
    return told;
  }

  @Test
  void aVolumeWithoutHolesIsReadToTheTotal() throws IOException {
    MemoryStore store = whole.copy();
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, small())) {
      volume.delete("sparse");
    }
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, READ_ONLY)) {
      List<CheckProgress> told = progress(volume, null);
      CheckProgress last = told.get(told.size() - 1);
      assertThat(last.bytes()).isEqualTo(last.total()).isEqualTo(hostBytes(store));
    }
  }

  @Test
  void theTotalOfOneFileIsItsOwnAndThatOfADirectoryIsNotKnown() throws IOException {
    MemoryStore store = whole.copy();
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, small())) {
      volume.setUserAttribute("d/e/y", "many", new byte[60_000]);
    }
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, READ_ONLY)) {
      for (String path : List.of("large", "d/e/y")) {
        List<CheckProgress> told = progress(volume, path);
        CheckProgress last = told.get(told.size() - 1);
        assertThat(last.bytes()).isGreaterThan(100_000).isEqualTo(last.total());
      }
      assertThat(progress(volume, "d"))
          .isNotEmpty()
          .allMatch(each -> each.total() == CheckProgress.UNKNOWN);
    }
  }

  @Test
  void progressTellsTheTotalAndTheListenerCanEndIt() throws IOException {
    List<CheckProgress> told = new ArrayList<>();
    List<Finding> found = new ArrayList<>();
    MemoryStore store = flipped(host("d/e/y"), 8192);
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, READ_ONLY)) {
      CheckListener listener =
          new CheckListener() {
            @Override
            public void progress(CheckProgress progress) {
              told.add(progress);
            }

            @Override
            public void found(Finding finding) {
              found.add(finding);
            }
          };
      CheckReport report = volume.check(listener);
      assertThat(found).isEqualTo(report.findings()).hasSize(1);
      CheckProgress last = told.get(told.size() - 1);
      assertThat(last.bytes()).isEqualTo(report.bytes());
      assertThat(last.total()).isEqualTo(hostBytes(store));
      assertThat(told).allMatch(each -> each.total() == last.total());
      assertThat(told).isSortedAccordingTo((a, b) -> Long.compare(a.bytes(), b.bytes()));
      assertThat(told).extracting(CheckProgress::file).contains("/large", "/d/e/y");

      CheckReport cancelled =
          volume.check(
              new CheckListener() {
                @Override
                public boolean isCancelled() {
                  return true;
                }
              });
      assertThat(cancelled.end()).isEqualTo(CheckReport.End.CANCELLED);
      assertThat(cancelled.isHealthy()).isFalse();
      // Nothing is kept in use.
      assertThat(volume.check(CheckListener.SILENT).findings()).hasSize(1);
    }
  }
}
