// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static dev.strongroom.file.SecureOpenOption.TRANSACTION;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.NoSpaceException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.SecureOpenOption;
import dev.strongroom.file.VolumeFailedException;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.check.CheckListener;
import dev.strongroom.file.check.Severity;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.testkit.FaultPlan.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Transactions of which more must be known than the smallest cache has room for: what waits, and
 * pages of the tree, lie in the scratch file for a while.
 *
 * <p>A file is modelled by the numbers in its sectors, most of which are holes.
 */
class LargeTransactionTest {

  private static final long SEED = Long.getLong("crash.seed", 20260101);
  private static final CrashModel MODEL =
      CrashModel.strict().withExhaustive(2).withSamples(2).withTorn(2).withGarbage(1);
  private static final CrashModel THOROUGH =
      CrashModel.strict().withExhaustive(6).withSamples(12).withTorn(12).withGarbage(6);

  private static final String SCRATCH = "strongroom.scratch";
  private static final int SECTOR = 4096;

  /** Sectors of a transaction, each with a tag page of its own; half are more than fit. */
  private static final int MANY = 700;

  /** So far from one to the next. */
  private static final int APART = 122;

  private static TestElement element;
  private static ElementSession session;

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
    ManualExecutor executor = new ManualExecutor();
    return VolumeOptions.builder()
        .cacheBytes(VolumeOptions.MINIMUM_CACHE_BYTES)
        .journalBytes(512 << 10)
        .executor(executor)
        .clock(executor)
        .build();
  }

  private static SecureFile transaction(SecureFileSystem volume) throws IOException {
    return volume.openFile("file", CREATE, READ, WRITE, TRANSACTION);
  }

  private static void put(SecureFile file, long sector, int number) throws IOException {
    file.pwrite(sector * SECTOR, sector(number), 0, SECTOR);
  }

  private static byte[] sector(int number) {
    byte[] bytes = new byte[SECTOR];
    java.util.Arrays.fill(bytes, (byte) (number * 31 + 1));
    java.nio.ByteBuffer.wrap(bytes).putInt(number);
    return bytes;
  }

  private static void require(SecureFile file, SortedMap<Long, Integer> model) throws IOException {
    byte[] found = new byte[SECTOR];
    for (var next : model.entrySet()) {
      assertThat(file.pread(next.getKey() * SECTOR, found, 0, SECTOR)).isEqualTo(SECTOR);
      if (!java.util.Arrays.equals(found, sector(next.getValue()))) {
        assertThat(java.nio.ByteBuffer.wrap(found).getInt())
            .as("sector " + next.getKey())
            .isEqualTo(next.getValue());
        assertThat(found).as("sector " + next.getKey()).isEqualTo(sector(next.getValue()));
      }
    }
  }

  private static int scratchBytes(MemoryStore disk) throws IOException {
    return disk.files().contains(SCRATCH) ? disk.content(SCRATCH).length : 0;
  }

  private static SortedMap<Long, Integer> many(int number) {
    SortedMap<Long, Integer> model = new TreeMap<>();
    for (int i = 0; i < MANY; i++) {
      model.put((long) i * APART, number + i);
    }
    return model;
  }

  private static void putAll(SecureFile file, SortedMap<Long, Integer> model) throws IOException {
    for (var next : model.entrySet()) {
      put(file, next.getKey(), next.getValue());
    }
  }

  private static MemoryStore prepared(SortedMap<Long, Integer> model) throws IOException {
    MemoryStore disk = new MemoryStore();
    try (SecureFileSystem volume = SecureFileSystem.create(session, disk, options());
        SecureFile file = transaction(volume)) {
      putAll(file, model);
      file.commit();
    }
    return disk;
  }

  private static void requireSound(Store disk, SortedMap<Long, Integer> model) throws IOException {
    try (SecureFileSystem volume = SecureFileSystem.open(session, disk, options())) {
      try (SecureFile file = volume.openFile("file", READ)) {
        require(file, model);
      }
      assertThat(volume.check(CheckListener.SILENT).count(Severity.DAMAGE)).isZero();
    }
  }

  // ---- what it does

  @Test
  void randomTransactionsAgreeWithTheModel() throws IOException {
    System.out.println("LargeTransactionTest: seed " + SEED);
    Random random = new Random(SEED);
    SortedMap<Long, Integer> committed = many(0);
    MemoryStore disk = prepared(committed);
    int number = MANY;
    boolean spilled = false;
    for (int life = 0; life < 3; life++) {
      try (SecureFileSystem volume = SecureFileSystem.open(session, disk, options());
          SecureFile file = transaction(volume);
          SecureFile other = volume.openFile("other", CREATE, READ, WRITE)) {
        for (int i = 0; i < 5; i++) {
          SortedMap<Long, Integer> model = new TreeMap<>(committed);
          int changes = 300 + random.nextInt(500);
          for (int change = 0; change < changes; change++) {
            long sector = random.nextInt(2 * MANY) * (long) APART / 2 + random.nextInt(3);
            put(file, sector, ++number);
            model.put(sector, number);
            if (change % 97 == 0) { // others commit, and what they have is put in place
              other.pwrite(random.nextInt(600) * 1000L, sector(number), 0, SECTOR);
              volume.sync();
            }
          }
          if (random.nextInt(3) == 0) {
            long keep = random.nextInt(2 * MANY) * (long) APART / 2;
            file.truncate(keep * SECTOR);
            model.tailMap(keep).clear();
          }
          require(file, model);
          spilled |= scratchBytes(disk) > 0;
          if (random.nextInt(3) == 0) {
            file.discard();
          } else {
            file.commit();
            committed = model;
          }
          require(file, committed);
          assertThat(volume.check(CheckListener.SILENT).count(Severity.DAMAGE)).isZero();
        }
      }
      assertThat(scratchBytes(disk)).as("nothing is left").isZero();
      requireSound(disk, committed);
    }
    assertThat(spilled).isTrue();
  }

  @Test
  void whatIsDiscardedGivesItsSlotsBack() throws IOException {
    MemoryStore disk = prepared(many(0));
    try (SecureFileSystem volume = SecureFileSystem.open(session, disk, options());
        SecureFile file = transaction(volume)) {
      putAll(file, many(1000));
      file.discard();
      int once = scratchBytes(disk);
      assertThat(once).isPositive();
      for (int i = 2; i < 5; i++) {
        putAll(file, many(1000 * i));
        file.discard();
      }
      assertThat(scratchBytes(disk)).isLessThan(once + once / 4);
      require(file, many(0));
    }
  }

  @Test
  void appendedSectorsGoInPlaceAndWhatIsKnownOfThemToTheScratchFile() throws IOException {
    MemoryStore disk = new MemoryStore();
    byte[] piece = new byte[50 * SECTOR];
    try (SecureFileSystem volume = SecureFileSystem.create(session, disk, options());
        SecureFile file = transaction(volume)) {
      for (int i = 0; i < 120; i++) {
        java.util.Arrays.fill(piece, (byte) i);
        file.pwrite((long) i * piece.length, piece, 0, piece.length);
      }
      assertThat(scratchBytes(disk)).isBetween(20 * 2 * SECTOR, 60 * 2 * SECTOR);
      file.commit();
    }
    try (SecureFileSystem volume = SecureFileSystem.open(session, disk, options());
        SecureFile file = volume.openFile("file", READ)) {
      byte[] found = new byte[piece.length];
      for (int i = 0; i < 120; i++) {
        java.util.Arrays.fill(piece, (byte) i);
        file.pread((long) i * piece.length, found, 0, found.length);
        assertThat(java.util.Arrays.equals(found, piece)).isTrue();
      }
      assertThat(volume.check(CheckListener.SILENT).count(Severity.DAMAGE)).isZero();
    }
  }

  // ---- what goes wrong

  @Test
  void everyStateIsOneWholeCommit() throws IOException {
    assertThat(crash(MODEL, SEED, 12)).isGreaterThan(50);
  }

  @Test
  @Tag("crash")
  void everyStateOfAllIsOneWholeCommit() throws IOException {
    for (int i = 0; i < 4; i++) {
      assertThat(crash(THOROUGH, SEED + i, 1)).isGreaterThan(800);
    }
  }

  private static long crash(CrashModel model, long seed, int oneOf) throws IOException {
    SortedMap<Long, Integer> before = many(0);
    SortedMap<Long, Integer> after = many(1000);
    MemoryStore disk = prepared(before);
    RecordingStore recording = RecordingStore.over(disk);
    try (SecureFileSystem volume = SecureFileSystem.open(session, recording, options());
        SecureFile file = transaction(volume)) {
      putAll(file, many(3000));
      file.discard();
      putAll(file, after);
      file.commit();
      volume.sync();
      recording.mark("committed");
      for (int i = 0; i < MANY; i += 9) { // in pages that are in the scratch file, or not any more
        put(file, (long) i * APART, 2000 + i);
      }
      file.commit();
    }
    SortedMap<Long, Integer> last = new TreeMap<>(after);
    for (int i = 0; i < MANY; i += 9) {
      last.put((long) i * APART, 2000 + i);
    }
    List<SortedMap<Long, Integer>> states = List.of(before, after, last);
    long visited =
        CrashStates.of(recording.log(), model, seed)
            .oneOf(oneOf)
            .forEach(
                image -> {
                  try (SecureFileSystem volume =
                          SecureFileSystem.open(session, image.store(), options());
                      SecureFile file = volume.openFile("file", READ)) {
                    byte[] first = new byte[SECTOR];
                    file.pread(0, first, 0, SECTOR);
                    int state = java.nio.ByteBuffer.wrap(first).getInt() / 1000;
                    assertThat(state).isGreaterThanOrEqualTo(image.marks().isEmpty() ? 0 : 1);
                    require(file, states.get(state));
                  }
                });
    System.out.println("LargeTransactionTest: seed " + seed + ", " + visited + " crash states");
    return visited;
  }

  @Test
  void aMediumThatIsFullOnTheWayLosesNothing() throws IOException {
    SortedMap<Long, Integer> before = many(0);
    MemoryStore disk = prepared(before);
    FaultPlan full = FaultPlan.of(Fault.NO_SPACE);
    long places = full(disk.copy(), before, full.at(Long.MAX_VALUE));
    assertThat(places).isGreaterThan(MANY);
    int usable = 0;
    for (int i = 0; i < 16; i++) {
      FaultPlan once = full.at(1 + places * i / 16);
      FaultPlan plan = i % 3 == 0 ? once.lasting() : once;
      usable += full(disk.copy(), before, plan) > 0 ? 1 : 0;
    }
    System.out.println("LargeTransactionTest: " + usable + " full media, and the volume goes on");
    assertThat(usable).isGreaterThan(8);
  }

  /** Answers how many places there were; -1 if the volume had to be opened again. */
  private static long full(MemoryStore disk, SortedMap<Long, Integer> before, FaultPlan plan)
      throws IOException {
    SortedMap<Long, Integer> after = many(1000);
    FaultyStore store = new FaultyStore(disk);
    boolean failed = false;
    long covered = 0;
    SortedMap<Long, Integer> expected = before;
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, options());
        SecureFile file = transaction(volume)) {
      store.arm(plan);
      try {
        putAll(file, after);
        file.commit();
        expected = after;
      } catch (NoSpaceException e) {
        assertThat(store.struck()).isPositive();
      } catch (VolumeFailedException e) {
        failed = true;
      }
      covered = store.covered();
      store.disarm();
      if (!failed) {
        file.discard();
        require(file, expected);
        putAll(file, after);
        file.commit();
        expected = after;
        require(file, after);
      }
    } catch (VolumeFailedException e) {
      assertThat(failed).isTrue();
    }
    requireSound(disk, expected);
    return failed ? -1 : covered;
  }

  @Test
  void whatIsChangedInTheScratchFileIsNoticedAndCanBeDiscarded() throws IOException {
    SortedMap<Long, Integer> before = many(0);
    MemoryStore disk = prepared(before);
    Random random = new Random(SEED);
    try (SecureFileSystem volume = SecureFileSystem.open(session, disk, options());
        SecureFile file = transaction(volume)) {
      putAll(file, many(1000));
      byte[] older = disk.content(SCRATCH);
      putAll(file, many(2000));
      byte[] newer = disk.content(SCRATCH);
      byte[] mixed = newer.clone();
      for (int at = 0; at < older.length; at += SECTOR) {
        if (random.nextInt(2) == 0) { // authentic, but not the newest
          System.arraycopy(older, at, mixed, at, Math.min(SECTOR, older.length - at));
        }
      }
      disk.replaceContent(SCRATCH, mixed);
      assertThatThrownBy(() -> require(file, many(2000))).isInstanceOf(IntegrityException.class);
      assertThatThrownBy(file::commit).isInstanceOf(IntegrityException.class);
      file.discard();
      require(file, before);
      putAll(file, many(3000));
      file.commit();
      require(file, many(3000));
    }
    assertThat(scratchBytes(disk)).isZero();
    requireSound(disk, many(3000));
  }

  @Test
  void whatRanOutOfMemoryInTheMiddleOfACommitIsNotCommittedLater() throws IOException {
    SortedMap<Long, Integer> before = many(0);
    for (String name : List.of(SCRATCH, "strongroom.journal")) {
      MemoryStore disk = prepared(before);
      FaultyStore store = new FaultyStore(disk);
      try (SecureFileSystem volume = SecureFileSystem.open(session, store, options());
          SecureFile file = transaction(volume)) {
        putAll(file, many(1000));
        long[] writes = {name.equals(SCRATCH) ? 300 : 3};
        store.arm(
            FaultPlan.of(Fault.IO_ERROR)
                .on(StoreOperation.WRITE)
                .where(
                    each -> {
                      if (each.equals(name) && --writes[0] == 0) {
                        throw new OutOfMemoryError("for the test");
                      }
                      return false;
                    }));
        assertThatThrownBy(file::commit)
            .isInstanceOf(VolumeFailedException.class)
            .hasRootCauseInstanceOf(OutOfMemoryError.class);
        store.disarm();
        assertThatThrownBy(
                () -> {
                  file.discard();
                  put(file, 0, 5000);
                  file.commit();
                })
            .isInstanceOf(VolumeFailedException.class);
      } catch (VolumeFailedException e) {
        // its close says so, too
      }
      requireSound(disk, before);
    }
  }

  @Test
  void aPageThatWasChangedInTheScratchFileAndReplacedByForceIsInTheJournal() throws IOException {
    SortedMap<Long, Integer> before = many(0);
    MemoryStore disk = prepared(before);
    MemoryStore crashed;
    try (SecureFileSystem volume = SecureFileSystem.open(session, disk, options());
        SecureFile file =
            volume.openFile("file", READ, WRITE, TRANSACTION, SecureOpenOption.FORCE_WRITE)) {
      putAll(file, many(1000));
      file.commit();
      byte[] changed = disk.content(SCRATCH);
      int pages = 0;
      for (int at = 0; at < changed.length; at += SECTOR) {
        if (new String(changed, at, 9, StandardCharsets.ISO_8859_1).equals("SRTAGPG1\0")) {
          changed[at + SECTOR / 2] ^= 1;
          pages++;
        }
      }
      assertThat(pages).isGreaterThan(MANY / 2);
      disk.replaceContent(SCRATCH, changed);
      put(file, 3 * APART, 9000);
      file.commit();
      volume.sync();
      crashed = disk.copy();
    } catch (VolumeFailedException e) {
      crashed = disk;
    }
    try (SecureFileSystem volume = SecureFileSystem.open(session, crashed, options());
        SecureFile file = volume.openFile("file", READ)) {
      SortedMap<Long, Integer> expected = many(1000);
      expected.put(3L * APART, 9000);
      require(file, expected);
    }
  }
}
