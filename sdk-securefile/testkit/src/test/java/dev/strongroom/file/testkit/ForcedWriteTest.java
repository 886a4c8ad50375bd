// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.ByteRange;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.SecureOpenOption;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.check.CheckListener;
import dev.strongroom.file.check.CheckReport;
import dev.strongroom.file.check.Finding;
import dev.strongroom.file.check.FindingKind;
import dev.strongroom.file.check.Severity;
import java.io.IOException;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Damage is refused, written over by force, and remembered; garbage is never returned. */
class ForcedWriteTest {

  private static final int SECTOR = 4096;

  /** The inline sectors, two whole leaves, and a third with 28 sectors, the last one not full. */
  private static final int LENGTH = 300 * SECTOR - 1000;

  private static final long INLINE_5 = 8192 + 5 * SECTOR;
  private static final long TAG_PAGE_0 = 139264;
  private static final long NODE = 634880;
  private static final long TAG_PAGE_1 = 638976;
  private static final long TAG_PAGE_2 = TAG_PAGE_1 + 121 * SECTOR;
  private static final long NODE_2 = 59617280;
  private static final byte[] CONTENT = SampleBytes.of(1, LENGTH);
  private static final OpenOption[] FORCE = {
    StandardOpenOption.READ,
    StandardOpenOption.WRITE,
    SecureOpenOption.FORCE_OPEN,
    SecureOpenOption.FORCE_WRITE
  };
  private static final OpenOption[] READ_WRITE = {
    StandardOpenOption.READ, StandardOpenOption.WRITE
  };
  private static final VolumeOptions OPTIONS =
      VolumeOptions.builder().journalBytes(1 << 20).build();

  private static TestElement element;
  private static ElementSession session;
  private static MemoryStore whole;
  private static String host;

  @BeforeAll
  static void makeVolume() throws IOException {
    element = TestElement.create();
    session = element.login();
    whole = new MemoryStore();
    try (SecureFileSystem volume = SecureFileSystem.create(session, whole, OPTIONS);
        SecureFile file =
            volume.openFile("f", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.write(CONTENT);
    }
    try (SecureFileSystem volume = open(whole.copy())) {
      host = volume.stat("f").hostName();
    }
  }

  @AfterAll
  static void logout() {
    session.close();
    element.close();
  }

  private static SecureFileSystem open(MemoryStore store) throws IOException {
    return SecureFileSystem.open(session, store, OPTIONS);
  }

  private static MemoryStore damagedAt(long... offsets) throws IOException {
    MemoryStore store = whole.copy();
    byte[] content = store.content(host);
    for (long offset : offsets) {
      content[(int) offset + 7] ^= 1;
    }
    store.replaceContent(host, content);
    return store;
  }

  private static long lastSector() throws IOException {
    return (long) whole.content(host).length - SECTOR;
  }

  /** What can be read, sector by sector; what cannot is empty. */
  private static List<byte[]> sectors(SecureFile file) throws IOException {
    List<byte[]> sectors = new ArrayList<>();
    for (long at = 0; at < file.size(); at += SECTOR) {
      byte[] one = new byte[(int) Math.min(SECTOR, file.size() - at)];
      try {
        assertThat(file.pread(at, one, 0, one.length)).isEqualTo(one.length);
        sectors.add(one);
      } catch (IntegrityException e) {
        assertThat(e.from()).isLessThanOrEqualTo(at);
        assertThat(e.to()).isGreaterThanOrEqualTo(at + one.length);
        assertThat(one).containsOnly(0);
        sectors.add(new byte[0]);
      }
    }
    return sectors;
  }

  /** All sectors are as they were written, but for some that cannot be read, or have others. */
  private static void assertSectors(SecureFile file, byte[] expected, long lostFrom, long lostTo)
      throws IOException {
    List<byte[]> found = sectors(file);
    assertThat(found).hasSize((expected.length + SECTOR - 1) / SECTOR);
    for (int i = 0; i < found.size(); i++) {
      byte[] wanted =
          i >= lostFrom && i < lostTo
              ? new byte[0]
              : Arrays.copyOfRange(
                  expected, i * SECTOR, Math.min(expected.length, (i + 1) * SECTOR));
      assertThat(Arrays.equals(found.get(i), wanted)).as("sector %d", i).isTrue();
    }
  }

  private static void assertRefused(SecureFile file, long position, byte[] bytes) {
    IntegrityException refused =
        catchThrowableOfType(
            IntegrityException.class, () -> file.pwrite(position, bytes, 0, bytes.length));
    assertThat(refused).isNotNull();
  }

  // ---- opening

  @Test
  void aDamagedLastSectorIsToldAtTheOpen() throws IOException {
    MemoryStore store = damagedAt(lastSector());
    try (SecureFileSystem volume = open(store)) {
      IntegrityException refused =
          catchThrowableOfType(IntegrityException.class, () -> volume.openFile("f"));
      assertThat(refused.check()).isEqualTo("sector");
      assertThat(refused.sector()).isEqualTo(299);
      assertThat(refused.from()).isEqualTo(299 * SECTOR);
      assertThat(refused.to()).isEqualTo(LENGTH);
      try (SecureFile file = volume.openFile("f", SecureOpenOption.FORCE_OPEN)) {
        assertSectors(file, CONTENT, 299, 300);
      }
      // What replaces all of it need not see it.
      volume.openFile("f", StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING).close();
      volume.openFile("f").close();
    }
  }

  @Test
  void openingReadsTheLastSectorOnceAndHolesNever() throws IOException {
    FaultyStore store = new FaultyStore(whole.copy());
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, OPTIONS)) {
      volume.stat("f");
      StoreCounters before = store.counters();
      try (SecureFile file = volume.openFile("f")) {
        StoreCounters opened = store.counters().since(before);
        // The headers, the leaf and the node above it, the sector.
        assertThat(opened.bytes(StoreOperation.READ, host::equals)).isEqualTo(5 * SECTOR);
        before = store.counters();
        byte[] end = new byte[100];
        file.pread(LENGTH - 100, end, 0, 100);
        assertThat(store.counters().since(before).count(StoreOperation.READ)).isZero();
      }
      try (SecureFile sparse =
          volume.openFile("sparse", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        sparse.truncate(1L << 40);
      }
      volume.sync();
      before = store.counters();
      volume.openFile("sparse").close();
      assertThat(store.counters().since(before).bytes(StoreOperation.READ, name -> true))
          .isLessThanOrEqualTo(2 * SECTOR);
    }
  }

  @Test
  void aLastSectorInTheJournalIsNotRead() throws IOException {
    FaultyStore store = new FaultyStore(whole.copy());
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, OPTIONS)) {
      try (SecureFile file = volume.openFile("f", READ_WRITE)) {
        file.pwrite(LENGTH - 10, new byte[10], 0, 10);
        file.sync();
      }
      StoreCounters before = store.counters();
      volume.openFile("f").close();
      assertThat(store.counters().since(before).count(StoreOperation.READ)).isZero();
    }
  }

  // ---- sectors

  @Test
  void aReadOverADamagedSectorReturnsNothingAndStays() throws IOException {
    try (SecureFileSystem volume = open(damagedAt(INLINE_5));
        SecureFile file = volume.openFile("f")) {
      file.seek(4 * SECTOR);
      byte[] target = new byte[3 * SECTOR];
      assertThatThrownBy(() -> file.read(target)).isInstanceOf(IntegrityException.class);
      assertThat(file.position()).isEqualTo(4 * SECTOR);
      assertThat(Arrays.copyOfRange(target, SECTOR, 2 * SECTOR)).containsOnly(0);
      assertSectors(file, CONTENT, 5, 6);
    }
  }

  @Test
  void aWholeOverwritePurifies() throws IOException {
    MemoryStore store = damagedAt(INLINE_5);
    byte[] expected = CONTENT.clone();
    byte[] fresh = SampleBytes.of(2, SECTOR);
    System.arraycopy(fresh, 0, expected, 5 * SECTOR, SECTOR);
    try (SecureFileSystem volume = open(store);
        SecureFile file = volume.openFile("f", FORCE)) {
      file.pwrite(5 * SECTOR, fresh, 0, SECTOR);
      assertThat(file.partlyPurified()).isEmpty();
      assertSectors(file, expected, 0, 0);
    }
    assertHealthy(store, expected, List.of());
  }

  @Test
  void aPartIsRefusedWithoutForceAndMarkedWithIt() throws IOException {
    MemoryStore store = damagedAt(INLINE_5);
    byte[] bytes = SampleBytes.of(3, 100);
    byte[] expected = CONTENT.clone();
    Arrays.fill(expected, 5 * SECTOR, 6 * SECTOR, (byte) 0);
    System.arraycopy(bytes, 0, expected, 5 * SECTOR + 50, 100);
    List<ByteRange> marks = List.of(new ByteRange(5 * SECTOR, 6 * SECTOR));
    try (SecureFileSystem volume = open(store)) {
      try (SecureFile file = volume.openFile("f", READ_WRITE)) {
        assertRefused(file, 5 * SECTOR + 50, bytes);
        assertSectors(file, CONTENT, 5, 6);
      }
      try (SecureFile file = volume.openFile("f", FORCE)) {
        file.pwrite(5 * SECTOR + 50, bytes, 0, 100);
        assertThat(file.partlyPurified()).isEqualTo(marks);
        assertSectors(file, expected, 0, 0);
      }
      volume.sync();
      // Further parts leave the mark, and need no force.
      try (SecureFile file = volume.openFile("f", READ_WRITE)) {
        file.pwrite(5 * SECTOR, bytes, 0, 10);
        System.arraycopy(bytes, 0, expected, 5 * SECTOR, 10);
        assertThat(file.partlyPurified()).isEqualTo(marks);
      }
    }
    assertHealthy(store, expected, marks);
    try (SecureFileSystem volume = open(store)) {
      volume.rekey("f");
    }
    assertHealthy(store, expected, marks);
    byte[] fresh = SampleBytes.of(4, SECTOR);
    try (SecureFileSystem volume = open(store);
        SecureFile file = volume.openFile("f", READ_WRITE)) {
      file.pwrite(5 * SECTOR, fresh, 0, SECTOR);
      assertThat(file.partlyPurified()).isEmpty();
    }
    System.arraycopy(fresh, 0, expected, 5 * SECTOR, SECTOR);
    assertHealthy(store, expected, List.of());
  }

  @Test
  void bothEndsOfOneWriteAreFilled() throws IOException {
    MemoryStore store = damagedAt(INLINE_5, 8192 + 7 * SECTOR);
    byte[] bytes = SampleBytes.of(5, 2 * SECTOR);
    byte[] expected = CONTENT.clone();
    Arrays.fill(expected, 5 * SECTOR, 8 * SECTOR, (byte) 0);
    System.arraycopy(bytes, 0, expected, 5 * SECTOR + 100, bytes.length);
    try (SecureFileSystem volume = open(store);
        SecureFile file = volume.openFile("f", FORCE)) {
      file.pwrite(5 * SECTOR + 100, bytes, 0, bytes.length);
    }
    assertHealthy(
        store,
        expected,
        List.of(new ByteRange(5 * SECTOR, 6 * SECTOR), new ByteRange(7 * SECTOR, 8 * SECTOR)));
  }

  @Test
  void whatIsLeftOfTheLastSectorIsAWholeSector() throws IOException {
    MemoryStore store = damagedAt(lastSector());
    byte[] bytes = SampleBytes.of(6, LENGTH - 299 * SECTOR);
    byte[] expected = CONTENT.clone();
    System.arraycopy(bytes, 0, expected, 299 * SECTOR, bytes.length);
    try (SecureFileSystem volume = open(store);
        SecureFile file = volume.openFile("f", FORCE)) {
      file.pwrite(299 * SECTOR, bytes, 0, bytes.length);
      assertThat(file.partlyPurified()).isEmpty();
    }
    assertHealthy(store, expected, List.of());
  }

  @Test
  void cuttingInADamagedSectorFillsIt() throws IOException {
    MemoryStore store = damagedAt(INLINE_5);
    byte[] expected = Arrays.copyOf(CONTENT, 5 * SECTOR + 100);
    Arrays.fill(expected, 5 * SECTOR, expected.length, (byte) 0);
    try (SecureFileSystem volume = open(store)) {
      try (SecureFile file = volume.openFile("f", READ_WRITE)) {
        assertThatThrownBy(() -> file.truncate(5 * SECTOR + 100))
            .isInstanceOf(IntegrityException.class);
        assertThat(file.size()).isEqualTo(LENGTH);
      }
      try (SecureFile file = volume.openFile("f", FORCE)) {
        file.truncate(5 * SECTOR + 100);
      }
    }
    assertHealthy(store, expected, List.of(new ByteRange(5 * SECTOR, 5 * SECTOR + 100)));
  }

  @Test
  void aDiscardedTransactionLeavesTheDamage() throws IOException {
    for (long at : new long[] {INLINE_5, TAG_PAGE_0}) {
      MemoryStore store = damagedAt(at);
      try (SecureFileSystem volume = open(store)) {
        try (SecureFile file =
            volume.openFile(
                "f",
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                SecureOpenOption.FORCE_WRITE,
                SecureOpenOption.TRANSACTION)) {
          file.pwrite(5 * SECTOR + 1, new byte[1], 0, 1);
          file.pwrite(40 * SECTOR + 1, new byte[1], 0, 1);
        }
        try (SecureFile file = volume.openFile("f", READ_WRITE)) {
          assertThat(file.partlyPurified()).isEmpty();
          assertRefused(file, (at == INLINE_5 ? 5 : 40) * SECTOR + 1, new byte[1]);
        }
      }
      assertThat(store.content(host)).isEqualTo(damagedAt(at).content(host));
    }
  }

  // ---- pages of the tree

  @Test
  void aDamagedTagPageIsRefusedBeforeAnythingChanges() throws IOException {
    MemoryStore store = damagedAt(TAG_PAGE_0);
    try (SecureFileSystem volume = open(store)) {
      try (SecureFile file = volume.openFile("f", READ_WRITE)) {
        assertRefused(file, 40 * SECTOR, new byte[SECTOR]);
        assertThatThrownBy(() -> file.truncate(40 * SECTOR)).isInstanceOf(IntegrityException.class);
        // The rest of the file is in use as before.
        file.pwrite(0, CONTENT, 0, 10);
        file.pwrite(200 * SECTOR, CONTENT, 200 * SECTOR, SECTOR);
        file.sync();
        assertSectors(file, CONTENT, 32, 152);
      }
    }
  }

  @Test
  void sectorsOfADamagedTagPageCanBeWrittenTheOthersStayLost() throws IOException {
    MemoryStore store = damagedAt(TAG_PAGE_0);
    byte[] fresh = SampleBytes.of(7, 2 * SECTOR);
    byte[] expected = CONTENT.clone();
    System.arraycopy(fresh, 0, expected, 32 * SECTOR, SECTOR);
    Arrays.fill(expected, 33 * SECTOR, 34 * SECTOR, (byte) 0);
    System.arraycopy(fresh, SECTOR, expected, 33 * SECTOR, 100);
    try (SecureFileSystem volume = open(store);
        SecureFile file = volume.openFile("f", FORCE)) {
      file.pwrite(32 * SECTOR, fresh, 0, SECTOR + 100);
      assertSectors(file, expected, 34, 152);
    }
    CheckReport report = check(store);
    assertThat(report.findings())
        .extracting(finding -> finding.kind() + " " + finding.from() + " " + finding.to())
        .containsExactlyInAnyOrder(
            FindingKind.LOST_SECTOR + " " + 34 * SECTOR + " " + 152 * SECTOR,
            FindingKind.PARTLY_PURIFIED + " " + 33 * SECTOR + " " + 34 * SECTOR);
    try (SecureFileSystem volume = open(store);
        SecureFile file = volume.openFile("f", FORCE)) {
      assertSectors(file, expected, 34, 152);
      byte[] rest = SampleBytes.of(8, 118 * SECTOR);
      file.pwrite(34 * SECTOR, rest, 0, rest.length);
      System.arraycopy(rest, 0, expected, 34 * SECTOR, rest.length);
    }
    assertHealthy(store, expected, List.of(new ByteRange(33 * SECTOR, 34 * SECTOR)));
  }

  @Test
  void underADamagedNodeTheSame() throws IOException {
    MemoryStore store = damagedAt(NODE);
    byte[] fresh = SampleBytes.of(9, SECTOR);
    byte[] expected = CONTENT.clone();
    System.arraycopy(fresh, 0, expected, 151 * SECTOR, SECTOR);
    try (SecureFileSystem volume = open(store)) {
      assertThatThrownBy(() -> volume.openFile("f")).isInstanceOf(IntegrityException.class);
      try (SecureFile file = volume.openFile("f", FORCE)) {
        file.pwrite(151 * SECTOR, fresh, 0, SECTOR);
      }
    }
    try (SecureFileSystem volume = open(store);
        SecureFile file = volume.openFile("f", SecureOpenOption.FORCE_OPEN)) {
      List<byte[]> found = sectors(file);
      for (int i = 0; i < 300; i++) {
        boolean there = i < 32 || i == 151;
        assertThat(found.get(i).length > 0).as("sector %d", i).isEqualTo(there);
      }
      assertThat(found.get(151)).isEqualTo(fresh);
    }
    try (SecureFileSystem volume = open(store);
        SecureFile file = volume.openFile("f", FORCE)) {
      byte[] rest = Arrays.copyOfRange(expected, 32 * SECTOR, LENGTH);
      file.pwrite(32 * SECTOR, rest, 0, rest.length);
      file.pwrite(LENGTH, fresh, 0, SECTOR);
    }
    byte[] grown = Arrays.copyOf(expected, LENGTH + SECTOR);
    System.arraycopy(fresh, 0, grown, LENGTH, SECTOR);
    assertHealthy(store, grown, List.of());
  }

  @Test
  void aFileIsCutInALostPage() throws IOException {
    MemoryStore store = damagedAt(TAG_PAGE_1);
    byte[] expected = Arrays.copyOf(CONTENT, 152 * SECTOR);
    try (SecureFileSystem volume = open(store);
        SecureFile file = volume.openFile("f", FORCE)) {
      file.truncate(160 * SECTOR);
      assertSectors(file, Arrays.copyOf(CONTENT, 160 * SECTOR), 152, 160);
      file.truncate(152 * SECTOR);
    }
    assertHealthy(store, expected, List.of());
  }

  // ---- damage and a change of length in one commit

  @Test
  void aFileWithADamagedTagPageIsBegunAnew() throws IOException {
    for (long at : new long[] {TAG_PAGE_0, TAG_PAGE_2, NODE}) {
      MemoryStore store = damagedAt(at);
      byte[] fresh = SampleBytes.of(11, 350 * SECTOR);
      try (SecureFileSystem volume = open(store);
          SecureFile file =
              volume.openFile(
                  "f",
                  StandardOpenOption.READ,
                  StandardOpenOption.WRITE,
                  StandardOpenOption.TRUNCATE_EXISTING)) {
        for (int part = 0; part < fresh.length; part += 50 * SECTOR) {
          file.pwrite(part, fresh, part, 50 * SECTOR);
        }
        file.sync();
        assertHealthy(store.copy(), fresh, List.of()); // out of the journal
      }
      assertHealthy(store, fresh, List.of());
    }
  }

  @Test
  void aWriteBehindTheEndOfADamagedTagPageIsRefusedAtOnce() throws IOException {
    MemoryStore store = damagedAt(TAG_PAGE_2);
    byte[] bytes = SampleBytes.of(12, SECTOR);
    byte[] expected = Arrays.copyOf(CONTENT, 401 * SECTOR);
    Arrays.fill(expected, 299 * SECTOR, expected.length, (byte) 0);
    System.arraycopy(bytes, 0, expected, 400 * SECTOR, SECTOR);
    try (SecureFileSystem volume = open(store)) {
      try (SecureFile file =
          volume.openFile(
              "f",
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              SecureOpenOption.FORCE_OPEN)) {
        assertRefused(file, 301 * SECTOR, bytes);
        assertRefused(file, 310 * SECTOR, SampleBytes.of(13, 120 * SECTOR));
        assertThat(file.size()).isEqualTo(LENGTH);
        file.sync();
        file.pwrite(400 * SECTOR, bytes, 0, SECTOR); // in a tag page of its own
        file.sync();
      }
    }
    try (SecureFileSystem volume = open(store);
        SecureFile file = volume.openFile("f", SecureOpenOption.FORCE_OPEN)) {
      // Whether what lies behind the old end in that tag page are holes cannot be known.
      assertSectors(file, expected, 272, 392);
    }
  }

  @Test
  void aNodeThatCannotBeReadIsInTheWayOfNewTagPagesToo() throws IOException {
    MemoryStore store = damagedAt(NODE);
    byte[] bytes = SampleBytes.of(12, SECTOR);
    try (SecureFileSystem volume = open(store)) {
      try (SecureFile file =
          volume.openFile(
              "f",
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              SecureOpenOption.FORCE_OPEN)) {
        assertRefused(file, 400 * SECTOR, bytes);
        file.sync();
      }
      try (SecureFile file = volume.openFile("f", FORCE)) {
        file.pwrite(400 * SECTOR, bytes, 0, SECTOR);
      }
    }
    byte[] expected = Arrays.copyOf(CONTENT, 401 * SECTOR);
    Arrays.fill(expected, 32 * SECTOR, expected.length, (byte) 0);
    System.arraycopy(bytes, 0, expected, 400 * SECTOR, SECTOR);
    assertLostAndHoles(store, expected, 300);
  }

  @Test
  void whatWasGivenUpAndCutOffDoesNotComeBackWithANewLength() throws IOException {
    MemoryStore store = damagedAt(TAG_PAGE_1);
    try (SecureFileSystem volume = open(store);
        SecureFile file = volume.openFile("f", FORCE)) {
      file.pwrite(160 * SECTOR, CONTENT, 0, SECTOR);
      file.truncate(100);
      file.sync();
      file.truncate(LENGTH);
      file.sync();
      assertSectors(file, Arrays.copyOf(Arrays.copyOf(CONTENT, 100), LENGTH), 0, 0);
    }
    assertHealthy(store, Arrays.copyOf(Arrays.copyOf(CONTENT, 100), LENGTH), List.of());
  }

  @Test
  void holesBehindWhatIsLostAreHoles() throws IOException {
    for (int step : new int[] {40, 500}) {
      MemoryStore store = damagedAt(NODE);
      byte[] bytes = SampleBytes.of(14, SECTOR);
      byte[] expected = Arrays.copyOf(CONTENT, (300 + 2 * step) * SECTOR);
      Arrays.fill(expected, 32 * SECTOR, expected.length, (byte) 0);
      System.arraycopy(bytes, 0, expected, 40 * SECTOR, SECTOR);
      try (SecureFileSystem volume = open(store);
          SecureFile file = volume.openFile("f", FORCE)) {
        file.pwrite(40 * SECTOR, bytes, 0, SECTOR);
        file.sync();
      }
      try (SecureFileSystem volume = open(store);
          SecureFile file =
              volume.openFile(
                  "f",
                  StandardOpenOption.READ,
                  StandardOpenOption.WRITE,
                  SecureOpenOption.FORCE_OPEN)) {
        file.truncate((300L + step) * SECTOR);
        file.sync();
        file.pwrite((299L + 2L * step) * SECTOR, bytes, 0, SECTOR);
        System.arraycopy(bytes, 0, expected, (299 + 2 * step) * SECTOR, SECTOR);
      }
      assertLostAndHoles(store, expected, 300);
    }
  }

  /** The damage is one level higher, in a sparse file: tag pages 0 to 125, of which two exist. */
  @Test
  void holesBehindALostNodeAreHoles() throws IOException {
    MemoryStore store = new MemoryStore();
    byte[] bytes = SampleBytes.of(15, SECTOR);
    long second = 32 + 125 * 120; // sectors
    long third = 32 + 135 * 120;
    String name;
    try (SecureFileSystem volume = SecureFileSystem.create(session, store, OPTIONS)) {
      try (SecureFile file =
          volume.openFile("f", StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        file.pwrite(40 * SECTOR, bytes, 0, SECTOR);
        file.pwrite(second * SECTOR, bytes, 0, SECTOR);
      }
      name = volume.stat("f").hostName();
    }
    byte[] content = store.content(name);
    content[(int) NODE_2 + 7] ^= 1;
    store.replaceContent(name, content);
    try (SecureFileSystem volume = open(store);
        SecureFile file = volume.openFile("f", FORCE)) {
      file.pwrite(33 * SECTOR, bytes, 0, SECTOR);
      file.sync();
    }
    try (SecureFileSystem volume = open(store);
        SecureFile file =
            volume.openFile(
                "f",
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                SecureOpenOption.FORCE_OPEN)) {
      file.pwrite(third * SECTOR, bytes, 0, SECTOR);
    }
    try (SecureFileSystem volume = open(store);
        SecureFile file = volume.openFile("f", SecureOpenOption.FORCE_OPEN)) {
      byte[] one = new byte[SECTOR];
      for (long hole : new long[] {second + 1, second + 119, second + 120, third - 1}) {
        assertThat(file.pread(hole * SECTOR, one, 0, SECTOR)).isEqualTo(SECTOR);
        assertThat(one).as("sector %d", hole).containsOnly(0);
      }
      for (long there : new long[] {33, third}) {
        assertThat(file.pread(there * SECTOR, one, 0, SECTOR)).isEqualTo(SECTOR);
        assertThat(one).isEqualTo(bytes);
      }
      for (long lost : new long[] {40, second - 1, second}) {
        assertThatThrownBy(() -> file.pread(lost * SECTOR, one, 0, SECTOR))
            .as("sector %d", lost)
            .isInstanceOf(IntegrityException.class);
      }
    }
  }

  /** Sectors from 32 to an end are lost but where there is something; behind it there are holes. */
  private static void assertLostAndHoles(MemoryStore store, byte[] expected, int end)
      throws IOException {
    try (SecureFileSystem volume = open(store.copy());
        SecureFile file = volume.openFile("f", SecureOpenOption.FORCE_OPEN)) {
      List<byte[]> found = sectors(file);
      assertThat(found).hasSize(expected.length / SECTOR);
      for (int i = 0; i < found.size(); i++) {
        byte[] wanted = Arrays.copyOfRange(expected, i * SECTOR, (i + 1) * SECTOR);
        boolean lost = i >= 32 && i < end && Arrays.equals(wanted, new byte[SECTOR]);
        assertThat(found.get(i)).as("sector %d", i).isEqualTo(lost ? new byte[0] : wanted);
      }
    }
    assertThat(check(store).findings())
        .filteredOn(finding -> finding.kind() == FindingKind.LOST_SECTOR)
        .isNotEmpty()
        .allSatisfy(finding -> assertThat(finding.to()).isLessThanOrEqualTo((long) end * SECTOR));
  }

  private static CheckReport check(MemoryStore store) throws IOException {
    VolumeOptions readOnly = VolumeOptions.builder().readOnly().build();
    try (SecureFileSystem volume = SecureFileSystem.open(session, store.copy(), readOnly)) {
      return volume.check(CheckListener.SILENT);
    }
  }

  private static void assertHealthy(MemoryStore store, byte[] expected, List<ByteRange> marks)
      throws IOException {
    CheckReport report = check(store);
    assertThat(report.isHealthy()).as("%s", report.findings()).isTrue();
    assertThat(report.findings())
        .filteredOn(finding -> finding.severity() == Severity.NOTICE)
        .filteredOn(finding -> finding.kind() != FindingKind.COVERED_BY_JOURNAL)
        .extracting(finding -> new ByteRange(finding.from(), finding.to()))
        .isEqualTo(marks);
    assertThat(report.findings()).extracting(Finding::kind).doesNotContain(FindingKind.SECTOR);
    try (SecureFileSystem volume = open(store.copy());
        SecureFile file = volume.openFile("f")) {
      assertSectors(file, expected, 0, 0);
      assertThat(file.partlyPurified()).isEqualTo(marks);
    }
  }

  // ---- crashes

  @Test
  void aForcedWriteIsWholeAfterEveryCrash() throws IOException {
    for (long at : new long[] {INLINE_5, TAG_PAGE_0, NODE}) {
      long sector = at == INLINE_5 ? 5 : 40;
      RecordingStore disk = RecordingStore.over(damagedAt(at));
      byte[] bytes = SampleBytes.of(10, 100);
      SecureFileSystem volume = SecureFileSystem.open(session, disk, OPTIONS);
      try (SecureFile file = volume.openFile("f", FORCE)) {
        file.pwrite(sector * SECTOR + 50, bytes, 0, 100);
        file.sync();
        disk.mark("synced");
      }
      volume.close();
      int[] outcomes = new int[2];
      CrashStates.of(disk.log(), CrashModel.strict().withExhaustive(4).withSamples(8), 20261121)
          .forEach(
              image -> {
                MemoryStore store = image.store();
                try (SecureFileSystem after = open(store);
                    SecureFile file = after.openFile("f", SecureOpenOption.FORCE_OPEN)) {
                  byte[] one = new byte[SECTOR];
                  try {
                    file.pread(sector * SECTOR, one, 0, SECTOR);
                    byte[] expected = new byte[SECTOR];
                    System.arraycopy(bytes, 0, expected, 50, 100);
                    assertThat(one).isEqualTo(expected);
                    assertThat(file.partlyPurified())
                        .containsExactly(new ByteRange(sector * SECTOR, (sector + 1) * SECTOR));
                    outcomes[1]++;
                  } catch (IntegrityException e) {
                    assertThat(image.marks()).doesNotContain("synced");
                    outcomes[0]++;
                  }
                }
              });
      assertThat(outcomes[0]).isPositive();
      assertThat(outcomes[1]).isPositive();
    }
  }
}
