// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.Store.Access;
import dev.strongroom.file.store.StoreFile;
import dev.strongroom.file.testkit.FaultPlan.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/**
 * The crash model on programs that are small enough to see through: what may be left on the disk is
 * known exactly, right programs pass and broken ones are caught.
 */
class CrashStatesTest {

  private static final long SEED = 20260101;

  @Test
  void unsyncedWritesSurviveInAnySubset() throws IOException {
    RecordingStore disk = file("abc");
    try (StoreFile file = disk.open("f", Access.WRITE)) {
      write(file, 0, "x");
      write(file, 1, "y");
      write(file, 2, "z");
    }
    assertThat(contents(disk, CrashModel.strict().withTorn(0)))
        .containsExactly("abc", "abz", "ayc", "ayz", "xbc", "xbz", "xyc", "xyz");
  }

  @Test
  void aSyncKeepsWhatCameBeforeIt() throws IOException {
    RecordingStore disk = file("abc");
    try (StoreFile file = disk.open("f", Access.WRITE)) {
      write(file, 0, "x");
      file.sync();
      write(file, 1, "y");
    }
    Set<String> contents = contents(disk, CrashModel.strict().withTorn(0));
    assertThat(contents).containsExactly("abc", "xbc", "xyc");
    disk.mark("end");
    List<String> atTheEnd = new ArrayList<>();
    CrashStates.of(disk.log(), CrashModel.strict().withTorn(0), SEED)
        .forEach(
            image -> {
              if (image.marks().contains("end")) {
                atTheEnd.add(text(image.store().content("f")));
              }
            });
    assertThat(atTheEnd).containsExactlyInAnyOrder("xbc", "xyc");
  }

  @Test
  void overlappingWritesKeepTheirOrder() throws IOException {
    RecordingStore disk = file("a");
    try (StoreFile file = disk.open("f", Access.WRITE)) {
      write(file, 0, "x");
      write(file, 0, "y");
    }
    assertThat(contents(disk, CrashModel.strict())).containsExactly("a", "x", "y");
  }

  @Test
  void truncatesAndGrowthCanBeLostToo() throws IOException {
    RecordingStore disk = file("abc");
    try (StoreFile file = disk.open("f", Access.WRITE)) {
      file.truncate(1);
      write(file, 3, "z");
    }
    assertThat(contents(disk, CrashModel.strict()))
        .containsExactly("a", "a\0\0\0", "a\0\0z", "abc", "abcz");
  }

  @Test
  void aWriteIsTornAt512Bytes() throws IOException {
    byte[] old = new byte[2048];
    Arrays.fill(old, (byte) 'a');
    byte[] fresh = new byte[1536];
    Arrays.fill(fresh, (byte) 'b');
    RecordingStore disk = file(text(old));
    try (StoreFile file = disk.open("f", Access.WRITE)) {
      file.write(256, fresh, 0, fresh.length);
    }
    Set<String> seen = new TreeSet<>();
    CrashStates.of(disk.log(), CrashModel.strict().withTorn(16), SEED)
        .forEach(
            image -> {
              byte[] content = image.store().content("f");
              StringBuilder pieces = new StringBuilder();
              for (int at = 256; at < 256 + 1536; at = (at / 512 + 1) * 512) {
                int end = Math.min(256 + 1536, (at / 512 + 1) * 512);
                byte first = content[at];
                for (int i = at; i < end; i++) {
                  assertThat(content[i]).isEqualTo(first);
                }
                pieces.append((char) first);
              }
              assertThat(content[255]).isEqualTo((byte) 'a');
              assertThat(content[1792]).isEqualTo((byte) 'a');
              seen.add(pieces.toString());
            });
    assertThat(seen).hasSize(16);
  }

  @Test
  void garbageCoversAWholeBlockWithAPendingWriteAndNoOther() throws IOException {
    byte[] old = new byte[4 * 4096];
    RecordingStore disk = file(text(old));
    try (StoreFile file = disk.open("f", Access.WRITE)) {
      file.write(4096 + 100, new byte[] {1}, 0, 1);
    }
    CrashModel model = new CrashModel(CrashModel.Names.STRICT, 0, 0, 0, 5);
    Set<Integer> damaged = new HashSet<>();
    CrashStates.of(disk.log(), model, SEED)
        .forEach(
            image -> {
              byte[] content = image.store().content("f");
              for (int block = 0; block < 4; block++) {
                int different = 0;
                for (int i = block * 4096; i < (block + 1) * 4096; i++) {
                  different += content[i] == 0 ? 0 : 1;
                }
                if (different > 1) {
                  assertThat(different).isGreaterThan(3900);
                  damaged.add(block);
                }
              }
            });
    assertThat(damaged).containsExactly(1);
  }

  @Test
  void namesAreDurableAfterASyncOfTheirFolderOnly() throws IOException {
    RecordingStore disk = RecordingStore.over(new MemoryStore());
    disk.createDirectory("d");
    disk.syncDirectory("");
    try (StoreFile file = disk.open("d/f", Access.CREATE)) {
      write(file, 0, "x");
      file.sync();
    }
    disk.mark("synced");
    assertThat(filesAfter(disk, "synced", CrashModel.Names.STRICT)).containsExactly("", "d/f=x");
    assertThat(filesAfter(disk, "synced", CrashModel.Names.WITH_FILE_SYNC))
        .containsExactly("d/f=x");
    disk.syncDirectory("d");
    disk.mark("folder");
    assertThat(filesAfter(disk, "folder", CrashModel.Names.STRICT)).containsExactly("d/f=x");
  }

  @Test
  void aMoveHappensWhollyOrNotAtAll() throws IOException {
    MemoryStore base = new MemoryStore();
    base.createDirectory("a");
    base.createDirectory("b");
    base.replaceContent("a/f", new byte[] {'x'});
    base.replaceContent("b/f", new byte[] {'y'});
    RecordingStore disk = RecordingStore.over(base);
    disk.move("a/f", "b/f");
    disk.syncDirectory("b");
    disk.mark("one");
    assertThat(filesAfter(disk, "one", CrashModel.Names.STRICT))
        .containsExactly("a/f=x b/f=y", "b/f=x");
    disk.syncDirectory("a");
    disk.mark("both");
    assertThat(filesAfter(disk, "both", CrashModel.Names.STRICT)).containsExactly("b/f=x");
  }

  @Test
  void aMoveIntoAFolderThatIsLostHasNotHappened() throws IOException {
    RecordingStore disk = file("x");
    disk.createDirectory("d");
    disk.move("f", "d/f");
    disk.mark("end");
    assertThat(filesAfter(disk, "end", CrashModel.Names.STRICT)).containsExactly("d/f=x", "f=x");
  }

  @Test
  void removalsCanBeLost() throws IOException {
    RecordingStore disk = file("x");
    disk.delete("f");
    disk.mark("end");
    assertThat(filesAfter(disk, "end", CrashModel.Names.STRICT)).containsExactly("", "f=x");
    disk.syncDirectory("");
    disk.mark("synced");
    assertThat(filesAfter(disk, "synced", CrashModel.Names.STRICT)).containsExactly("");
  }

  @Test
  void aFailedSyncLeavesItsWritesUndecidedForEver() throws IOException {
    RecordingStore disk = file("abc");
    FaultyStore faulty = new FaultyStore(disk);
    try (StoreFile file = faulty.open("f", Access.WRITE)) {
      write(file, 0, "x");
      faulty.arm(FaultPlan.of(Fault.SYNC_ERROR));
      assertThatThrownBy(file::sync).isInstanceOf(IOException.class);
      write(file, 1, "y");
      file.sync();
    }
    disk.mark("end");
    assertThat(filesAfter(disk, "end", CrashModel.Names.STRICT)).containsExactly("f=ayc", "f=xyc");
  }

  @Test
  void theSameSeedGivesTheSameStatesAndOneCanBeMadeAgain() throws IOException {
    RecordingStore disk = journal(Variant.RIGHT);
    CrashModel model = CrashModel.strict().withGarbage(4);
    List<String> first = new ArrayList<>();
    List<String> second = new ArrayList<>();
    long count =
        CrashStates.of(disk.log(), model, SEED).forEach(image -> first.add(image.toString()));
    CrashStates.of(disk.log(), model, SEED).forEach(image -> second.add(image.toString()));
    assertThat(second).isEqualTo(first);
    assertThat(count).isEqualTo(first.size()).isGreaterThan(100);
    List<String> again = new ArrayList<>();
    CrashStates.of(disk.log(), model, SEED).only(42).forEach(image -> again.add(image.toString()));
    assertThat(again).containsExactly(first.get(42));
  }

  @Test
  void aFailureNamesSeedAndState() throws IOException {
    RecordingStore disk = journal(Variant.RIGHT);
    assertThatThrownBy(
            () ->
                CrashStates.of(disk.log(), CrashModel.strict(), SEED)
                    .forEach(
                        image -> {
                          if (image.number() == 7) {
                            throw new IOException("look here");
                          }
                        }))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("seed " + SEED)
        .hasMessageContaining("crash state 7")
        .hasRootCauseMessage("look here");
  }

  @Test
  void aRightJournalPassesItsOracle() throws IOException {
    RecordingStore disk = journal(Variant.RIGHT);
    assertThat(check(disk)).isGreaterThan(200);
  }

  @Test
  void theOracleSeesAMissingSync() throws IOException {
    RecordingStore disk = journal(Variant.WITHOUT_SYNC);
    assertThatThrownBy(() -> check(disk)).hasMessageContaining("synced record is missing");
  }

  @Test
  void theOracleSeesAMissingSyncOfTheFolder() throws IOException {
    RecordingStore disk = journal(Variant.WITHOUT_DIRECTORY_SYNC);
    assertThatThrownBy(() -> check(disk)).hasMessageContaining("synced record is missing");
  }

  @Test
  void theOracleSeesAMissingChecksum() throws IOException {
    RecordingStore disk = journal(Variant.WITHOUT_CHECKSUM);
    assertThatThrownBy(() -> check(disk)).hasMessageContaining("never written");
  }

  @Test
  void theOracleSeesADiskThatSkipsOneSync() throws IOException {
    RecordingStore disk = RecordingStore.over(new MemoryStore());
    FaultyStore lying = new FaultyStore(disk);
    lying.arm(FaultPlan.of(Fault.SYNC_SKIPPED).on(StoreOperation.SYNC).at(3));
    journal(Variant.RIGHT, lying, disk);
    assertThatThrownBy(() -> check(disk)).hasMessageContaining("synced record is missing");
  }

  // ---- a toy: a log of numbered records, each of them synced before it counts

  private enum Variant {
    RIGHT,
    WITHOUT_SYNC,
    WITHOUT_DIRECTORY_SYNC,
    WITHOUT_CHECKSUM
  }

  private static final int RECORDS = 12;
  private static final int RECORD = 1536;

  private static RecordingStore journal(Variant variant) throws IOException {
    RecordingStore disk = RecordingStore.over(new MemoryStore());
    journal(variant, disk, disk);
    return disk;
  }

  private static void journal(Variant variant, Store store, RecordingStore disk)
      throws IOException {
    try (StoreFile file = store.open("log", Access.CREATE)) {
      if (variant != Variant.WITHOUT_DIRECTORY_SYNC) {
        store.syncDirectory("");
      }
      for (int n = 1; n <= RECORDS; n++) {
        byte[] record = record(n);
        file.write((n - 1L) * RECORD, record, 0, RECORD / 2);
        file.write((n - 1L) * RECORD + RECORD / 2, record, RECORD / 2, RECORD / 2);
        if (variant != Variant.WITHOUT_SYNC || n % 4 != 0) {
          file.sync();
        }
        disk.mark(variant == Variant.WITHOUT_CHECKSUM ? -n : n);
      }
    }
  }

  private static byte[] record(int number) {
    ByteBuffer record = ByteBuffer.allocate(RECORD);
    record.putInt(number);
    while (record.remaining() > 8) {
      record.put((byte) (number * 31 + record.position()));
    }
    CRC32 crc = new CRC32();
    crc.update(record.array(), 0, record.position());
    record.putLong(crc.getValue());
    return record.array();
  }

  private static long check(RecordingStore disk) {
    return CrashStates.of(disk.log(), CrashModel.strict(), SEED)
        .forEach(
            image -> {
              int promised = 0;
              boolean checksum = true;
              for (Object mark : image.marks()) {
                promised = Math.abs((Integer) mark);
                checksum = (Integer) mark > 0;
              }
              int found = recover(image.store(), checksum || promised == 0);
              assertThat(found).as("synced record is missing").isGreaterThanOrEqualTo(promised);
            });
  }

  private static int recover(MemoryStore store, boolean checksum) throws IOException {
    if (!store.exists("log")) {
      return 0;
    }
    byte[] log = store.content("log");
    int found = 0;
    while ((found + 1) * RECORD <= log.length) {
      byte[] record = Arrays.copyOfRange(log, found * RECORD, (found + 1) * RECORD);
      CRC32 crc = new CRC32();
      crc.update(record, 0, RECORD - 8);
      ByteBuffer in = ByteBuffer.wrap(record);
      boolean whole =
          checksum
              ? in.getLong(RECORD - 8) == crc.getValue() && crc.getValue() != 0
              : in.getInt(0) == found + 1;
      if (!whole) {
        break;
      }
      assertThat(record).as("a record that was never written").isEqualTo(record(found + 1));
      found++;
    }
    return found;
  }

  private static RecordingStore file(String content) throws IOException {
    MemoryStore base = new MemoryStore();
    base.replaceContent("f", content.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    return RecordingStore.over(base);
  }

  private static void write(StoreFile file, long position, String text) throws IOException {
    byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    file.write(position, bytes, 0, bytes.length);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  private static Set<String> contents(RecordingStore disk, CrashModel model) {
    Set<String> contents = new TreeSet<>();
    CrashStates.of(disk.log(), model, SEED)
        .forEach(image -> contents.add(text(image.store().content("f"))));
    return contents;
  }

  private static Set<String> filesAfter(RecordingStore disk, String mark, CrashModel.Names names) {
    Set<String> states = new TreeSet<>();
    CrashStates.of(disk.log(), CrashModel.strict().withTorn(0).withNames(names), SEED)
        .forEach(
            image -> {
              if (image.marks().contains(mark)) {
                List<String> files = new ArrayList<>();
                for (String name : image.store().files()) {
                  files.add(name + "=" + text(image.store().content(name)));
                }
                states.add(String.join(" ", files));
              }
            });
    return states;
  }
}
