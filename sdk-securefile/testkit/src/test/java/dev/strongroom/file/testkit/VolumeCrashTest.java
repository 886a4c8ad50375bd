// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.SecureOpenOption;
import dev.strongroom.file.VolumeNotFoundException;
import dev.strongroom.file.testkit.FaultPlan.Fault;
import dev.strongroom.file.testkit.ModelledVolume.Handle;
import dev.strongroom.file.testkit.RecordedVolume.Prepared;
import dev.strongroom.file.testkit.RecordedVolume.Workload;
import java.io.IOException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Crashes at every point of small programs: whatever the disk kept, the volume opens, every file is
 * one whole committed state, and nothing that was synced is missing.
 */
class VolumeCrashTest {

  private static final long SEED = Long.getLong("crash.seed", 20260101);
  private static final CrashModel MODEL =
      CrashModel.strict().withExhaustive(8).withSamples(16).withTorn(32).withGarbage(12);
  private static final CrashModel THOROUGH =
      CrashModel.strict().withExhaustive(8).withSamples(64).withTorn(64).withGarbage(32);

  private static final String JOURNAL_FILE = "strongroom.journal";
  private static final String VOLUME_FILE = "strongroom.volume";

  /** A file with two tag pages and a node above them. */
  private static final int BIG = 700_000;

  /** Crash states that the workloads have together, at least. */
  private static final long FEWEST_STATES = 10_000;

  private static final AtomicLong STATES = new AtomicLong();

  private static TestElement element;
  private static ElementSession session;

  @BeforeAll
  static void login() throws IOException {
    element = TestElement.create();
    session = element.login();
  }

  @AfterAll
  static void logout() {
    System.out.println("VolumeCrashTest: " + STATES + " crash states");
    session.close();
    element.close();
  }

  @TestFactory
  Stream<DynamicTest> everyStateIsOneWholeCommit() {
    return workloads(MODEL);
  }

  @TestFactory
  @Tag("crash")
  Stream<DynamicTest> everyStateIsOneWholeCommitThoroughly() {
    return workloads(THOROUGH);
  }

  @TestFactory
  @Tag("crash")
  Stream<DynamicTest> everyStateOfManyRandomProgramsIsOneWholeCommit() {
    List<DynamicTest> tests = new ArrayList<>();
    AtomicLong states = new AtomicLong();
    for (int i = 100; i < 140; i++) {
      long seed = SEED + i;
      add(tests, MODEL, "random, seed " + seed, states, volume -> random(volume, seed, 60));
    }
    return tests.stream();
  }

  private static Stream<DynamicTest> workloads(CrashModel model) {
    List<DynamicTest> tests = new ArrayList<>();
    AtomicLong states = new AtomicLong();
    add(tests, model, "create", states, VolumeCrashTest::create);
    add(tests, model, "append a little", states, VolumeCrashTest::appendSmall);
    add(tests, model, "append more than 1 MiB", states, VolumeCrashTest::appendLarge);
    add(tests, model, "overwrite what was appended", states, VolumeCrashTest::overwriteAppended);
    add(
        tests,
        model,
        "overwrite what was appended behind a durable commit",
        states,
        VolumeCrashTest::overwriteAppendedBehindDurable);
    add(tests, model, "overwrite", states, VolumeCrashTest::overwrite);
    add(
        tests,
        model,
        "overwrite in a file with tag pages",
        states,
        VolumeCrashTest::overwriteLarge);
    add(tests, model, "truncate both ways", states, VolumeCrashTest::truncate);
    add(tests, model, "truncate a file with tag pages", states, VolumeCrashTest::truncateLarge);
    add(tests, model, "rename", states, VolumeCrashTest::rename);
    add(tests, model, "delete", states, VolumeCrashTest::delete);
    add(tests, model, "directories", states, VolumeCrashTest::directories);
    add(tests, model, "two files in one commit", states, VolumeCrashTest::twoFiles);
    add(tests, model, "transactions", states, VolumeCrashTest::transactions);
    add(tests, model, "closes and the timer", states, VolumeCrashTest::closesAndTimer);
    add(tests, model, "the journal wraps around", states, VolumeCrashTest::wrapAround);
    add(tests, model, "re-key", states, VolumeCrashTest::rekey);
    add(tests, model, "an orderly close", states, VolumeCrashTest::orderlyClose);
    for (int i = 0; i < 4; i++) {
      long seed = SEED + i;
      add(tests, model, "random, seed " + seed, states, volume -> random(volume, seed, 45));
    }
    tests.add(
        DynamicTest.dynamicTest(
            "there were at least " + FEWEST_STATES + " states",
            () -> assertThat(states.get()).isGreaterThanOrEqualTo(FEWEST_STATES)));
    return tests.stream();
  }

  private static void add(
      List<DynamicTest> tests,
      CrashModel model,
      String name,
      AtomicLong states,
      Workload workload) {
    tests.add(
        DynamicTest.dynamicTest(
            name,
            () -> {
              long count = prepare().run(session, workload).crash(model, SEED);
              assertThat(count).as("states of %s", name).isPositive();
              states.addAndGet(count);
              STATES.addAndGet(count);
              System.out.println("VolumeCrashTest: " + name + ": " + count + " states");
            }));
  }

  // ---- workloads; the volume holds a (10,000 bytes), b (4096), empty, big (BIG), d/x (100)

  private static void create(ModelledVolume volume) throws IOException {
    try (Handle file = volume.open("new")) {
      file.write(0, SampleBytes.of(1, 5000));
      file.sync();
    }
    volume.open("nothing in it").close();
    volume.sync();
    try (Handle file = volume.open("d/inside")) {
      file.append(SampleBytes.of(2, 10));
      file.commit();
      file.append(SampleBytes.of(3, 4090));
      file.sync();
    }
    volume.put("last", SampleBytes.of(4, 9000));
  }

  private static void appendSmall(ModelledVolume volume) throws IOException {
    try (Handle file = volume.open("a")) {
      for (int i = 0; i < 8; i++) {
        file.append(SampleBytes.of(i, 700 * i + 1));
        if (i % 2 == 0) {
          file.sync();
        } else {
          file.commit();
        }
      }
    }
    try (Handle file = volume.open("empty")) {
      file.append(SampleBytes.of(9, 4096));
      file.sync();
    }
  }

  private static void rekey(ModelledVolume volume) throws IOException {
    volume.sync();
    volume.rekey("a");
    try (Handle file = volume.open("a")) {
      file.write(100, SampleBytes.of(5, 300));
      file.sync();
    }
    volume.rekey("big");
    volume.rename("big", "bigger");
    volume.rekey("bigger");
    volume.sync();
  }

  private static void appendLarge(ModelledVolume volume) throws IOException {
    try (Handle file = volume.open("a")) {
      file.append(SampleBytes.of(1, 1_300_000));
      file.sync();
      file.append(SampleBytes.of(2, 1_100_001));
      file.commit();
      file.append(SampleBytes.of(3, 50_000));
      file.sync();
    }
    volume.put("new and large", SampleBytes.of(4, 1_200_000));
    volume.sync();
  }

  /** What lies in place only is replaced in place, by a checkpoint that a crash interrupts. */
  private static void overwriteAppended(ModelledVolume volume) throws IOException {
    try (Handle file = volume.open("a")) {
      file.append(SampleBytes.of(1, 1_150_000));
      file.commit();
      file.write(500_000, SampleBytes.of(2, 9000));
      file.commit();
      file.sync();
    }
    volume.close();
  }

  /** What the anchor of a checkpoint vouches for counts, whatever flags earlier records have. */
  private static void overwriteAppendedBehindDurable(ModelledVolume volume) throws IOException {
    try (Handle file = volume.open("b")) {
      file.write(0, SampleBytes.of(3, 100));
      file.sync();
    }
    overwriteAppended(volume);
  }

  private static void overwrite(ModelledVolume volume) throws IOException {
    try (Handle file = volume.open("a")) {
      for (int i = 0; i < 6; i++) {
        file.write(i * 1500, SampleBytes.of(i, 1000));
        file.sync();
      }
      file.write(0, SampleBytes.of(7, 10_000));
      file.commit();
      file.write(4096, SampleBytes.of(8, 4096));
      file.sync();
    }
  }

  private static void overwriteLarge(ModelledVolume volume) throws IOException {
    Random random = new Random(SEED);
    try (Handle file = volume.open("big")) {
      for (int i = 0; i < 6; i++) {
        for (int k = 0; k < 1 + i; k++) {
          file.write(random.nextInt(BIG), SampleBytes.of(10L * i + k, 1 + i * 900));
        }
        file.sync();
      }
    }
  }

  private static void truncate(ModelledVolume volume) throws IOException {
    try (Handle file = volume.open("a")) {
      file.truncate(5000);
      file.sync();
      file.truncate(20_000);
      file.sync();
      file.write(18_000, SampleBytes.of(1, 100));
      file.commit();
      file.truncate(0);
      file.sync();
      file.append(SampleBytes.of(2, 6000));
      file.truncate(4096);
      file.sync();
    }
  }

  private static void truncateLarge(ModelledVolume volume) throws IOException {
    try (Handle file = volume.open("big")) {
      file.truncate(640_000);
      file.sync();
      file.append(SampleBytes.of(1, 5000));
      file.sync();
      file.truncate(20_000);
      file.commit();
      file.truncate(800_000);
      file.write(650_000, SampleBytes.of(2, 5000));
      file.sync();
      file.truncate(1);
      file.sync();
    }
  }

  private static void rename(ModelledVolume volume) throws IOException {
    volume.rename("a", "c");
    volume.sync();
    volume.rename("c", "b");
    volume.rename("b", "d/b");
    volume.sync();
    try (Handle file = volume.open("d/b")) {
      file.append(SampleBytes.of(1, 100));
      file.sync();
      volume.rename("d/b", "d/x");
      file.append(SampleBytes.of(2, 100));
      file.sync();
    }
    volume.rename("d", "e");
    volume.sync();
    volume.rename("e/x", "a");
  }

  private static void delete(ModelledVolume volume) throws IOException {
    volume.delete("b");
    volume.sync();
    try (Handle file = volume.open("a")) {
      file.append(SampleBytes.of(1, 100));
      volume.delete("a");
      file.append(SampleBytes.of(2, 100));
      volume.sync();
    }
    volume.delete("d/x");
    volume.delete("d");
    volume.put("a", SampleBytes.of(3, 3000));
    volume.sync();
    volume.delete("big");
    volume.delete("a");
  }

  private static void directories(ModelledVolume volume) throws IOException {
    volume.createDirectory("n");
    volume.createDirectory("n/m");
    volume.put("n/m/f", SampleBytes.of(1, 200));
    volume.sync();
    volume.rename("n/m", "m");
    volume.createDirectory("n/m");
    volume.put("m/g", SampleBytes.of(2, 300));
    volume.sync();
    volume.delete("n/m");
    volume.delete("m/f");
    for (int i = 0; i < 20; i++) {
      volume.createDirectory("n/" + i);
    }
    volume.sync();
  }

  private static void twoFiles(ModelledVolume volume) throws IOException {
    try (Handle a = volume.open("a");
        Handle b = volume.open("b");
        Handle big = volume.open("big")) {
      for (int i = 0; i < 5; i++) {
        a.write(i * 100, SampleBytes.of(10 + i, 3000));
        b.truncate(4096 + i);
        b.write(i, SampleBytes.of(20 + i, 50));
        if (i % 2 == 1) {
          big.write(200_000 * i % 690_000, SampleBytes.of(30 + i, 9000));
        }
        volume.sync();
      }
    }
  }

  private static void transactions(ModelledVolume volume) throws IOException {
    try (Handle a =
            volume.open(
                "a",
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                SecureOpenOption.TRANSACTION);
        Handle b = volume.open("b")) {
      for (int i = 0; i < 4; i++) {
        a.write(i * 2000, SampleBytes.of(10 + i, 2500));
        b.write(i * 10, SampleBytes.of(20 + i, 10));
        volume.sync();
        a.append(SampleBytes.of(30 + i, 30));
        if (i % 2 == 1) {
          a.commit();
          a.sync();
        }
      }
      a.truncate(0);
      b.sync();
    }
    volume.sync();
  }

  private static void closesAndTimer(ModelledVolume volume) throws IOException {
    for (int i = 0; i < 6; i++) {
      volume.put(i % 3 == 0 ? "a" : "t" + i, SampleBytes.of(i, 3000 * i + 5));
      if (i % 2 == 1) {
        volume.tick();
      }
    }
    try (Handle file = volume.open("b")) {
      file.append(SampleBytes.of(7, 5000));
      volume.tick();
      file.append(SampleBytes.of(8, 5000));
    }
  }

  private static void wrapAround(ModelledVolume volume) throws IOException {
    try (Handle a = volume.open("a");
        Handle big = volume.open("big")) {
      for (int i = 0; i < 45; i++) {
        a.write(i * 531 % 9000, SampleBytes.of(i, 1000));
        if (i % 9 == 4) {
          big.write(i * 14_000, SampleBytes.of(100 + i, 60_000));
          volume.sync();
        } else if (i % 3 == 0) {
          a.sync();
        } else {
          a.commit();
        }
      }
    }
  }

  private static void orderlyClose(ModelledVolume volume) throws IOException {
    volume.put("a", SampleBytes.of(1, 7000));
    volume.put("new", SampleBytes.of(2, 200_000));
    volume.rename("b", "d/b");
    volume.delete("d/x");
    volume.close();
  }

  private static void random(ModelledVolume volume, long seed, int steps) throws IOException {
    Random random = new Random(seed);
    for (int i = 0; i < steps; i++) {
      List<String> files = volume.paths(false);
      List<String> directories = volume.paths(true);
      String some = files.isEmpty() ? "" : files.get(random.nextInt(files.size()));
      String place = directories.get(random.nextInt(directories.size()));
      String fresh = (place.isEmpty() ? "" : place + "/") + "abcpqrxy".charAt(random.nextInt(8));
      boolean free = !directories.contains(fresh);
      switch (random.nextInt(16)) {
        case 0, 1 -> {
          if (!files.isEmpty()) {
            volume.delete(some);
          }
        }
        case 2, 3 -> {
          if (!files.isEmpty() && free && !some.equals(fresh)) {
            volume.rename(some, fresh);
          }
        }
        case 4 -> volume.sync();
        case 5 -> volume.tick();
        case 6 -> {
          if (free) {
            volume.put(fresh, SampleBytes.of(seed + i, random.nextInt(20_000)));
          }
        }
        case 7 -> {
          if (free && !volume.exists(fresh)) {
            volume.createDirectory(fresh);
          }
        }
        case 8 -> {
          if (!place.isEmpty()
              && files.stream().noneMatch(path -> path.startsWith(place))
              && directories.stream().noneMatch(path -> path.startsWith(place + "/"))) {
            volume.delete(place);
          }
        }
        case 9 -> {
          String target = "abcdefgh".charAt(random.nextInt(8)) + "";
          if (!place.isEmpty() && !volume.exists(target)) {
            volume.rename(place, target);
          }
        }
        default -> {
          boolean transaction = random.nextInt(5) == 0;
          if (!files.isEmpty()) {
            change(volume, some, transaction, random, seed * 1000 + i * 10L);
          }
        }
      }
    }
  }

  private static void change(
      ModelledVolume volume, String path, boolean transaction, Random random, long seed)
      throws IOException {
    try (Handle file =
        transaction
            ? volume.open(
                path,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                SecureOpenOption.TRANSACTION)
            : volume.open(path)) {
      for (int k = random.nextInt(3); k >= 0; k--) {
        if (random.nextInt(4) == 0) {
          file.truncate(random.nextInt(file.size() * 2 + 10_000) % 800_000);
        } else {
          int position = random.nextInt(Math.max(1, file.size() + 5000));
          int length = 1 + random.nextInt(random.nextInt(8) == 0 ? 150_000 : 9000);
          file.write(position, SampleBytes.of(seed + k, length));
        }
        switch (random.nextInt(4)) {
          case 0 -> file.sync();
          case 1 -> file.commit();
          case 2 -> volume.sync();
          default -> {}
        }
      }
    }
  }

  // ---- special crashes

  @Test
  void aCrashWhileTheVolumeIsMadeLeavesNoneOrAWholeOne() throws IOException {
    RecordingStore disk = RecordingStore.over(new MemoryStore());
    VolumeHistory history = new VolumeHistory();
    ModelledVolume volume = ModelledVolume.create(session, disk, history, disk::mark);
    volume.put("a", SampleBytes.of(1, 3000));
    volume.sync();
    RecordedVolume recorded = new RecordedVolume(session, disk, history);
    STATES.addAndGet(
        CrashStates.of(disk.log(), MODEL, SEED)
            .forEach(
                image -> {
                  if (image.marks().isEmpty()) {
                    try {
                      SecureFileSystem.open(session, image.store(), ModelledVolume.SMALL).close();
                    } catch (VolumeNotFoundException e) {
                      assertThat(e.volume()).isNotEmpty();
                    }
                  } else {
                    recorded.check(image, image.marks());
                  }
                }));
  }

  @Test
  void aCrashDuringRecoveryIsRecoveredFromAgain() throws IOException {
    List<Workload> workloads =
        List.of(
            VolumeCrashTest::rename,
            VolumeCrashTest::appendLarge,
            VolumeCrashTest::truncateLarge,
            VolumeCrashTest::wrapAround,
            volume -> random(volume, SEED + 100, 40));
    AtomicLong count = new AtomicLong();
    for (Workload workload : workloads) {
      RecordedVolume recorded = prepare().run(session, workload);
      CrashStates.of(recorded.disk().log(), MODEL, SEED)
          .oneOf(60)
          .forEach(
              image -> {
                RecordingStore again = RecordingStore.over(image.store());
                SecureFileSystem volume =
                    SecureFileSystem.open(session, again, ModelledVolume.SMALL);
                try (SecureFile file =
                    volume.openFile("after", StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
                  file.write(new byte[] {1});
                }
                long states =
                    CrashStates.of(again.log(), MODEL.withSamples(4).withTorn(4), image.number())
                        .oneOf(6)
                        .forEach(second -> recorded.check(second, image.marks()));
                count.addAndGet(states);
                volume.close();
              });
    }
    System.out.println("VolumeCrashTest: crashes during recovery: " + count + " states");
    STATES.addAndGet(count.get());
  }

  /**
   * A recovery that the medium stops, at any of its operations, is done again when it is back, also
   * if the power fails in between.
   */
  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"NO_SPACE", "IO_ERROR", "SYNC_ERROR", "SYNC_LOSES"})
  void aFaultDuringRecoveryIsRecoveredFromAgain(Fault fault) throws IOException {
    failRecoveries(fault, 1500);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"NO_SPACE", "IO_ERROR", "SYNC_ERROR", "SYNC_LOSES"})
  @Tag("crash")
  void aFaultDuringManyRecoveriesIsRecoveredFromAgain(Fault fault) throws IOException {
    failRecoveries(fault, 100);
  }

  private static void failRecoveries(Fault fault, int oneOf) throws IOException {
    List<Workload> workloads =
        List.of(
            VolumeCrashTest::rename,
            VolumeCrashTest::appendLarge,
            VolumeCrashTest::truncateLarge,
            VolumeCrashTest::overwriteAppended,
            VolumeCrashTest::rekey,
            volume -> random(volume, SEED + 100, 40));
    AtomicLong faults = new AtomicLong();
    for (Workload workload : workloads) {
      RecordedVolume recorded = prepare().run(session, workload);
      CrashStates.of(recorded.disk().log(), MODEL, SEED)
          .oneOf(oneOf)
          .forEach(
              image -> {
                faults.addAndGet(failInTurn(image, recorded.history(), FaultPlan.of(fault)));
                if (fault == Fault.NO_SPACE) {
                  FaultPlan lasting = FaultPlan.of(fault).lasting();
                  faults.addAndGet(failInTurn(image, recorded.history(), lasting));
                }
              });
    }
    System.out.println("VolumeCrashTest: " + fault + " during recovery: " + faults + " faults");
    assertThat(faults.get()).isGreaterThan(10);
  }

  private static int failInTurn(CrashImage image, VolumeHistory history, FaultPlan plan)
      throws IOException {
    MemoryStore crashed = image.store();
    int n = 0;
    for (boolean struck = true; struck; ) {
      n++;
      MemoryStore store = crashed.copy();
      RecordingStore disk = RecordingStore.over(store);
      FaultyStore faulty = new FaultyStore(disk);
      faulty.arm(plan.at(n));
      String what = "operation " + n + " of the recovery of state " + image.number();
      try {
        SecureFileSystem volume = null;
        try {
          volume = SecureFileSystem.open(session, faulty, ModelledVolume.SMALL);
        } catch (IOException e) {
          assertThat(faulty.struck()).as(what).isPositive();
        }
        struck = faulty.struck() > 0;
        MemoryStore left = store.copy();
        faulty.disarm();
        if (volume != null) {
          history.check(image.marks(), ModelledVolume.read(volume));
          volume.close();
        }
        store.assertAllClosed();
        if (n % 4 == 1) {
          CrashStates.of(disk.log(), MODEL.withExhaustive(3), n)
              .oneOf(30)
              .forEach(
                  second ->
                      new RecordedVolume(session, disk, history).check(second, image.marks()));
        }
        for (MemoryStore each : List.of(left, store)) {
          try (SecureFileSystem again =
              SecureFileSystem.open(session, each, ModelledVolume.SMALL)) {
            history.check(image.marks(), ModelledVolume.read(again));
          }
        }
      } catch (IOException | RuntimeException | AssertionError e) {
        throw new AssertionError(what + ": " + e, e);
      }
    }
    return n - 1;
  }

  /** A kind of sync that a broken engine could leave out, and a program that counts on it. */
  private enum LeftOut {
    JOURNAL(StoreOperation.SYNC, "the journal") {
      @Override
      boolean covers(String name) {
        return name.equals(JOURNAL_FILE);
      }

      @Override
      void run(ModelledVolume volume) throws IOException {
        try (Handle file = volume.open("a")) {
          file.write(0, SampleBytes.of(2, 1000));
          file.sync();
        }
      }
    },
    FILE_AT_A_CHECKPOINT(StoreOperation.SYNC, "a file at a checkpoint") {
      @Override
      boolean covers(String name) {
        return !name.equals(JOURNAL_FILE) && !name.equals(VOLUME_FILE);
      }

      @Override
      void run(ModelledVolume volume) throws IOException {
        try (Handle file = volume.open("a")) {
          file.write(0, SampleBytes.of(2, 1000));
          file.sync();
        }
        volume.close();
      }
    },
    FOLDER_AFTER_A_CREATION(StoreOperation.SYNC_DIRECTORY, "a folder after a creation") {
      @Override
      boolean covers(String name) {
        return true;
      }

      @Override
      void run(ModelledVolume volume) throws IOException {
        volume.put("new", SampleBytes.of(2, 1000));
        volume.sync();
        volume.close();
      }
    },
    FOLDER_AFTER_A_MOVE(StoreOperation.SYNC_DIRECTORY, "a folder after a move") {
      @Override
      boolean covers(String name) {
        return true;
      }

      @Override
      void run(ModelledVolume volume) throws IOException {
        volume.rename("a", "d/moved");
        volume.sync();
        volume.close();
      }
    },
    LARGE_APPEND(StoreOperation.SYNC, "the data of a large append") {
      @Override
      boolean covers(String name) {
        return !name.equals(JOURNAL_FILE) && !name.equals(VOLUME_FILE);
      }

      @Override
      void run(ModelledVolume volume) throws IOException {
        try (Handle file = volume.open("a")) {
          file.append(SampleBytes.of(2, 1_300_000));
          file.sync();
        }
      }
    };

    private final StoreOperation operation;
    private final String what;

    LeftOut(StoreOperation operation, String what) {
      this.operation = operation;
      this.what = what;
    }

    abstract boolean covers(String name);

    abstract void run(ModelledVolume volume) throws IOException;

    @Override
    public String toString() {
      return what;
    }
  }

  @ParameterizedTest(name = "of {0}")
  @EnumSource(LeftOut.class)
  void theOracleComplainsWhenTheSyncIsSkipped(LeftOut leftOut) throws IOException {
    assertThat(violation(leftOut, false)).as("with all syncs").isNull();
    AssertionError violation = violation(leftOut, true);
    assertThat(violation).as("without the sync of %s", leftOut).isNotNull();
    assertThat(violation.toString())
        .containsAnyOf("illegal state", "IntegrityException", "CorruptJournalException");
  }

  /** What the oracle says to a program whose disk does, or skips, one kind of sync. */
  private static @Nullable AssertionError violation(LeftOut leftOut, boolean skips)
      throws IOException {
    Prepared prepared = prepare();
    RecordingStore disk = RecordingStore.over(prepared.store());
    FaultyStore lying = new FaultyStore(disk);
    ModelledVolume volume = prepared.volume().reopen(session, lying, disk::mark);
    if (skips) {
      lying.arm(
          FaultPlan.of(Fault.SYNC_SKIPPED).on(leftOut.operation).where(leftOut::covers).lasting());
    }
    leftOut.run(volume);
    if (skips) {
      assertThat(lying.struck()).as("skipped syncs of %s", leftOut).isPositive();
    }
    try {
      new RecordedVolume(session, disk, volume.history()).crash(MODEL, SEED);
      return null;
    } catch (AssertionError e) {
      return e;
    }
  }

  @Test
  void theOracleComplainsWhenTwoFilesAreNotCommittedTogether() throws IOException {
    Prepared prepared = prepare();
    RecordingStore disk = RecordingStore.over(prepared.store());
    ModelledVolume volume = prepared.volume().reopen(session, disk, disk::mark);
    SecureFileSystem behind = SecureFileSystem.open(session, disk.disk(), ModelledVolume.SMALL);
    VolumeHistory.Found found = ModelledVolume.read(behind);
    behind.close();
    List<Object> marks = new ArrayList<>();
    VolumeHistory history = volume.history();
    marks.add(history.promise());
    marks.add(
        history.publish(java.util.Map.of(0, SampleBytes.of(90, 10), 1, SampleBytes.of(91, 10))));
    history.check(marks, found);
    found.files.put("a", SampleBytes.of(90, 10));
    assertThatThrownBy(() -> history.check(marks, found)).hasMessageContaining("together");
    found.files.put("b", SampleBytes.of(91, 10));
    history.check(marks, found);
  }

  // ---- the oracle

  private static Prepared prepare() throws IOException {
    MemoryStore store = new MemoryStore();
    ModelledVolume volume = ModelledVolume.create(session, store, new VolumeHistory(), mark -> {});
    volume.put("a", SampleBytes.of(1, 10_000));
    volume.put("b", SampleBytes.of(2, 4096));
    volume.put("empty", new byte[0]);
    volume.put("big", SampleBytes.of(3, BIG));
    volume.createDirectory("d");
    volume.put("d/x", SampleBytes.of(4, 100));
    volume.close();
    store.assertAllClosed();
    return new Prepared(store, volume);
  }
}
