// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import java.io.IOException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What work costs in element commands, host reads, bytes and syncs; these figures do not vary. */
@Tag("jdk25")
class CostTest {

  private static final Predicate<String> JOURNAL = "strongroom.journal"::equals;
  private static final OpenOption[] CREATE = {
    StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW
  };
  private static final OpenOption[] READ_WRITE = {
    StandardOpenOption.READ, StandardOpenOption.WRITE
  };

  @TempDir Path temporary;

  private TestElement element;
  private ElementSession session;
  private final FaultyStore store = new FaultyStore(new MemoryStore());
  private final ManualExecutor executor = new ManualExecutor();

  /** Something that is paid for. */
  private interface Work {
    void run() throws IOException;
  }

  private static boolean content(String name) {
    return !name.equals("strongroom.journal") && !name.equals("strongroom.volume");
  }

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

  private long commands(Work work) throws IOException {
    long before = element.commands();
    work.run();
    return element.commands() - before;
  }

  private StoreCounters host(Work work) throws IOException {
    StoreCounters before = store.counters();
    work.run();
    return store.counters().since(before);
  }

  private VolumeOptions options() {
    return VolumeOptions.builder()
        .journalBytes(1 << 20)
        .cacheBytes(2 << 20)
        .executor(executor)
        .clock(executor)
        .build();
  }

  private SecureFileSystem create() throws IOException {
    return SecureFileSystem.create(session, store, options());
  }

  private SecureFileSystem open() throws IOException {
    return SecureFileSystem.open(session, store, options());
  }

  private static void put(SecureFileSystem volume, String path, byte[] content) throws IOException {
    try (SecureFile file = volume.openFile(path, CREATE)) {
      file.write(content);
    }
  }

  // ---- element commands

  @Test
  void openingACleanVolumeTakesAtMostFourCommands() throws IOException {
    try (SecureFileSystem volume = create()) {
      volume.createDirectory("d");
      for (int i = 0; i < 100; i++) {
        put(volume, "d/" + i, SampleBytes.of(i, 5000));
      }
    }
    long spent = commands(() -> open().close());
    System.out.println("CostTest: open of a clean volume: " + spent + " commands");
    assertThat(spent).isLessThanOrEqualTo(4);
  }

  @Test
  void openingAfterACrashTakesABatchPer64Files() throws IOException {
    for (int files : new int[] {10, 130}) {
      RecordingStore disk = RecordingStore.over(new MemoryStore());
      VolumeOptions large = VolumeOptions.builder().executor(executor).clock(executor).build();
      SecureFileSystem volume = SecureFileSystem.create(session, disk, large);
      for (int i = 0; i < files; i++) {
        put(volume, "f" + i, SampleBytes.of(i, 100));
      }
      volume.sync();
      MemoryStore crashed = disk.disk();
      assertThat(crashed.files().stream().filter(name -> name.startsWith("strongroom.files/")))
          .as("all files are in the journal only, but for the root directory")
          .hasSize(1);
      // The files, and the directory that they are in.
      int batches = (files + 1 + 63) / 64;
      long spent = commands(() -> SecureFileSystem.open(session, crashed, options()).close());
      System.out.println(
          "CostTest: open after a crash with " + files + " files: " + spent + " commands");
      assertThat(spent).isLessThanOrEqualTo(4 + batches);
      volume.close();
    }
  }

  @Test
  void openingOrCreatingAFileTakesOneCommandAndUsingItNone() throws IOException {
    try (SecureFileSystem volume = create()) {
      put(volume, "first", new byte[0]);
      SecureFile[] opened = new SecureFile[1];
      assertThat(commands(() -> opened[0] = volume.openFile("a", CREATE)))
          .as("create")
          .isLessThanOrEqualTo(1);
      SecureFile file = opened[0];
      byte[] content = SampleBytes.of(1, 3_000_000);
      assertThat(commands(() -> file.write(content))).as("write").isZero();
      assertThat(commands(file::sync)).as("sync").isZero();
      assertThat(commands(() -> file.pread(5, content, 0, 2_000_000))).as("read").isZero();
      assertThat(commands(() -> file.truncate(1000))).as("truncate").isZero();
      assertThat(commands(file::commit)).as("commit").isZero();
      assertThat(commands(file::close)).as("close").isZero();
      assertThat(commands(volume::sync)).as("sync of the volume").isZero();
      assertThat(commands(() -> executor.advance(Duration.ofSeconds(3)))).as("timer").isZero();
    }
    try (SecureFileSystem volume = open()) {
      assertThat(commands(() -> volume.list(""))).as("the root").isLessThanOrEqualTo(1);
      SecureFile[] opened = new SecureFile[1];
      assertThat(commands(() -> opened[0] = volume.openFile("a", StandardOpenOption.READ)))
          .as("open for reading")
          .isLessThanOrEqualTo(1);
      assertThat(commands(() -> opened[0].read(new byte[1000]))).as("read").isZero();
      assertThat(commands(() -> opened[0].close())).as("close").isZero();
      assertThat(commands(() -> opened[0] = volume.openFile("first", READ_WRITE)))
          .as("open for writing")
          .isLessThanOrEqualTo(1);
      assertThat(commands(() -> opened[0].write(new byte[1000]))).as("write").isZero();
      assertThat(commands(() -> opened[0].close())).as("close").isZero();
    }
  }

  @Test
  void namesInAKnownDirectoryTakeNoCommand() throws IOException {
    try (SecureFileSystem volume = create()) {
      volume.createDirectory("d");
      for (int i = 0; i < 20; i++) {
        put(volume, "d/" + i, SampleBytes.of(i, 100));
      }
    }
    try (SecureFileSystem volume = open()) {
      assertThat(commands(() -> volume.list(""))).as("the root").isLessThanOrEqualTo(1);
      assertThat(commands(() -> volume.exists("d/3")))
          .as("a directory not yet known")
          .isLessThanOrEqualTo(1);
      assertThat(commands(() -> volume.exists("d/4"))).as("look up").isZero();
      assertThat(commands(() -> volume.exists("d/none"))).as("look up in vain").isZero();
      assertThat(commands(() -> volume.list("d"))).as("list").isZero();
      assertThat(commands(() -> volume.list(""))).as("list the root").isZero();
      assertThat(commands(() -> volume.delete("d/5"))).as("delete").isZero();
      assertThat(commands(() -> volume.rename("d/6", "d/renamed")))
          .as("rename a closed file")
          .isLessThanOrEqualTo(1);
      assertThat(commands(() -> volume.rename("d/7", "moved")))
          .as("move a closed file")
          .isLessThanOrEqualTo(1);
      assertThat(commands(() -> volume.stat("d/8"))).as("stat").isLessThanOrEqualTo(1);
      assertThat(commands(volume::sync)).as("sync").isZero();
    }
  }

  @Test
  void aLinkCostsACommandOnceAndAttributesNoMoreThanTheirFile() throws IOException {
    try (SecureFileSystem volume = create()) {
      for (String path : List.of("a", "b", "c")) {
        put(volume, path, SampleBytes.of(1, 100));
      }
      volume.createSymbolicLink("link", "a");
      volume.setUserAttribute("b", "large", new byte[5000]);
    }
    try (SecureFileSystem volume = open()) {
      assertThat(commands(() -> volume.exists("link"))).as("follow").isLessThanOrEqualTo(2);
      assertThat(commands(() -> volume.exists("link"))).as("follow again").isZero();
      assertThat(commands(() -> volume.readSymbolicLink("link"))).as("read a link").isZero();
      assertThat(commands(() -> volume.setUserAttribute("c", "small", new byte[100])))
          .as("set a small attribute")
          .isLessThanOrEqualTo(1);
      assertThat(commands(() -> volume.setMode("c", 0644))).as("set a mode, then").isZero();
      assertThat(commands(() -> volume.userAttribute("b", "large")))
          .as("read a large attribute: file and stream")
          .isLessThanOrEqualTo(2);
      assertThat(commands(() -> volume.delete("b")))
          .as("remove a file with a stream")
          .isLessThanOrEqualTo(1);
    }
  }

  @Test
  void attributesOf64FilesTakeOneCommand() throws IOException {
    try (SecureFileSystem volume = create()) {
      volume.createDirectory("d");
      for (int i = 0; i < 64; i++) {
        put(volume, "d/" + i, SampleBytes.of(i, i));
      }
    }
    try (SecureFileSystem volume = open()) {
      volume.list("d");
      assertThat(commands(() -> assertThat(volume.listAttributes("d")).hasSize(64)))
          .isLessThanOrEqualTo(1);
    }
    try (SecureFileSystem volume = open()) {
      for (int i = 64; i < 150; i++) {
        put(volume, "d/" + i, SampleBytes.of(i, i));
      }
    }
    try (SecureFileSystem volume = open()) {
      volume.list("d");
      assertThat(commands(() -> assertThat(volume.listAttributes("d")).hasSize(150)))
          .isLessThanOrEqualTo(3);
    }
  }

  @Test
  void plainOpenPaysForItsVolumeOnceASession() throws IOException {
    try (SecureFile file =
        SecureFile.open(
            session, temporary, "a", StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
      file.write(new byte[10]);
    }
    SecureFile.open(session, temporary, "b", StandardOpenOption.WRITE, StandardOpenOption.CREATE)
        .close();
    assertThat(
            commands(
                () -> SecureFile.open(session, temporary, "a", StandardOpenOption.READ).close()))
        .isLessThanOrEqualTo(1);
    session.close();
    try (ElementSession second = element.login()) {
      assertThat(
              commands(
                  () -> SecureFile.open(second, temporary, "a", StandardOpenOption.READ).close()))
          .isLessThanOrEqualTo(5);
      assertThat(
              commands(
                  () -> SecureFile.open(second, temporary, "b", StandardOpenOption.READ).close()))
          .isLessThanOrEqualTo(1);
    }
  }

  // ---- the host's disk

  @Test
  void aRandomOverwriteWithSyncWritesAtMost12KibOfJournal() throws IOException {
    try (SecureFileSystem volume = create()) {
      put(volume, "a", SampleBytes.of(1, 8 << 20));
    }
    try (SecureFileSystem volume = open();
        SecureFile file = volume.openFile("a", READ_WRITE)) {
      Random random = new Random(1);
      int rounds = 400;
      StoreCounters spent =
          host(
              () -> {
                for (int i = 0; i < rounds; i++) {
                  file.pwrite(4096L * random.nextInt(2048), SampleBytes.of(i, 4096), 0, 4096);
                  file.sync();
                }
              });
      long bytes = spent.bytes(StoreOperation.WRITE, JOURNAL) / rounds;
      System.out.println("CostTest: journal bytes per random overwrite and sync: " + bytes);
      assertThat(bytes).isLessThanOrEqualTo(12 << 10);
    }
  }

  @Test
  void aDurableSmallCommitIsOneSync() throws IOException {
    try (SecureFileSystem volume = create()) {
      put(volume, "a", SampleBytes.of(1, 1 << 20));
      volume.sync();
      try (SecureFile file = volume.openFile("a", READ_WRITE)) {
        file.pwrite(0, new byte[1], 0, 1);
        file.sync();
        for (int i = 0; i < 5; i++) {
          int round = i;
          StoreCounters spent =
              host(
                  () -> {
                    file.pwrite(round * 70_000L, SampleBytes.of(round, 6000), 0, 6000);
                    file.sync();
                  });
          assertThat(spent.count(StoreOperation.SYNC)).isEqualTo(1);
          assertThat(spent.count(StoreOperation.SYNC, JOURNAL)).isEqualTo(1);
          assertThat(spent.count(StoreOperation.SYNC_DIRECTORY)).isZero();
        }
        StoreCounters again = host(file::sync);
        assertThat(again.count(StoreOperation.SYNC)).as("sync of nothing").isZero();
        StoreCounters commit =
            host(
                () -> {
                  file.pwrite(0, SampleBytes.of(9, 100), 0, 100);
                  file.commit();
                });
        assertThat(commit.count(StoreOperation.SYNC)).as("commit").isZero();
      }
      StoreCounters create =
          host(
              () -> {
                try (SecureFile file = volume.openFile("b", CREATE)) {
                  file.write(SampleBytes.of(2, 4096));
                  file.sync();
                }
              });
      assertThat(create.count(StoreOperation.SYNC)).as("create, write, sync").isEqualTo(1);
      StoreCounters both =
          host(
              () -> {
                for (String name : new String[] {"a", "b"}) {
                  try (SecureFile file = volume.openFile(name, READ_WRITE)) {
                    file.write(SampleBytes.of(3, 100));
                  }
                }
                volume.sync();
              });
      assertThat(both.count(StoreOperation.SYNC)).as("two files").isEqualTo(1);
    }
  }

  @Test
  void anAppendOverOneMibTakesOneSyncMore() throws IOException {
    try (SecureFileSystem volume =
            SecureFileSystem.create(
                session,
                store,
                VolumeOptions.builder()
                    .journalBytes(16 << 20)
                    .executor(executor)
                    .clock(executor)
                    .build());
        SecureFile file = volume.openFile("a", CREATE)) {
      file.write(SampleBytes.of(1, 100));
      file.sync();
      StoreCounters spent =
          host(
              () -> {
                file.write(SampleBytes.of(2, 3 << 20));
                file.sync();
              });
      assertThat(spent.count(StoreOperation.SYNC)).isLessThanOrEqualTo(2);
      assertThat(spent.bytes(StoreOperation.WRITE, JOURNAL)).isLessThan(1 << 20);
    }
  }

  @Test
  void aColdReadOfASectorReadsOneSectorAndOneTagPage() throws IOException {
    int size = 40 << 20;
    try (SecureFileSystem volume = create();
        SecureFile file = volume.openFile("a", CREATE)) {
      byte[] part = SampleBytes.of(1, 1 << 20);
      for (int i = 0; i < size; i += part.length) {
        file.write(part);
      }
    }
    try (SecureFileSystem volume = open();
        SecureFile file = volume.openFile("a", StandardOpenOption.READ)) {
      byte[] sector = new byte[4096];
      file.pread(4096L * 40, sector, 0, 4096);
      // One sector of each tag page but the first, in a random order.
      int[] leaves = new Random(1).ints(2, 80).distinct().limit(70).toArray();
      StoreCounters spent =
          host(
              () -> {
                for (int leaf : leaves) {
                  long index = 32 + leaf * 120L + leaf % 120;
                  file.pread(4096 * index, sector, 0, 4096);
                }
              });
      double reads = (double) spent.count(StoreOperation.READ, CostTest::content) / leaves.length;
      double bytes = (double) spent.bytes(StoreOperation.READ, CostTest::content) / leaves.length;
      System.out.println(
          "CostTest: cold read of a sector: " + reads + " host reads, " + bytes + " bytes");
      assertThat(reads).isLessThanOrEqualTo(2);
      assertThat(bytes).isLessThanOrEqualTo(2 * 4096);
      assertThat(spent.count(StoreOperation.READ))
          .isEqualTo(spent.count(StoreOperation.READ, CostTest::content));
      long index = 32 + 5 * 120L;
      file.pread(4096 * index, sector, 0, 4096);
      assertThat(host(() -> file.pread(4096 * index, sector, 0, 4096)).count(StoreOperation.READ))
          .as("a hot read")
          .isZero();
    }
  }

  @Test
  void smallFilesTakeLittleMoreThanTheirSectors() throws IOException {
    MemoryStore disk = new MemoryStore();
    try (SecureFileSystem volume = SecureFileSystem.create(session, disk, options())) {
      put(volume, "small", SampleBytes.of(1, 4096));
      put(volume, "large", SampleBytes.of(2, 20 << 20));
      put(volume, "holes", new byte[0]);
      try (SecureFile file = volume.openFile("holes", READ_WRITE)) {
        file.truncate(1L << 40);
      }
    }
    try (SecureFileSystem volume = SecureFileSystem.open(session, disk, options())) {
      assertThat(volume.stat("holes").size()).isEqualTo(1L << 40);
      int small = disk.content(volume.stat("small").hostName()).length;
      int large = disk.content(volume.stat("large").hostName()).length;
      assertThat(small).isLessThanOrEqualTo(12 << 10);
      assertThat(large).isLessThanOrEqualTo((20 << 20) / 100 * 101 + 12_000);
    }
    assertThat(disk.allocatedBytes()).as("a 1 TiB hole").isLessThan(40 << 20);
  }
}
