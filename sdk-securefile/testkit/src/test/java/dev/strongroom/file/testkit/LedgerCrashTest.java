// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.file.FileInvalidatedException;
import dev.strongroom.file.Freshness;
import dev.strongroom.file.LedgerException;
import dev.strongroom.file.LedgerState;
import dev.strongroom.file.RollbackException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Crashes of the disk and the element together, at every operation of either: the volume opens
 * without an administrator, nothing that was frozen comes back, and what was synced is there.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LedgerCrashTest {

  private static final long SEED = Long.getLong("crash.seed", 20261101);
  private static final CrashModel MODEL =
      CrashModel.strict().withExhaustive(5).withSamples(6).withTorn(4).withGarbage(2);
  private static final CrashModel THOROUGH =
      CrashModel.strict().withExhaustive(8).withSamples(64).withTorn(64).withGarbage(16);
  private static final int THREADS = 2;
  private static final int ROUNDS = 5;

  /** In marks, the volume's elements instead of a file. */
  private static final String ELEMENTS = "elements";

  /** A step of a file begins or has ended: its content, its freeze, its end. */
  private record Mark(String file, Kind kind, int number, boolean done) {}

  private enum Kind {
    WRITE,
    FREEZE,
    INVALIDATE
  }

  private final RecordedElementStore elementStore = new RecordedElementStore();
  private final MemoryStore medium = new MemoryStore();
  private SecureElement element;
  private ElementSession session;
  private RecordingStore disk = RecordingStore.over(medium);

  /** Some disks of before, to be put back later. */
  private final Map<String, MemoryStore> copies = new HashMap<>();

  @BeforeEach
  void login() throws IOException {
    element =
        SecureElement.open(SimulatedElement.on(elementStore, SimulatedElementOptions.cheap()));
    TestElement.initialize(element);
    session = TestElement.login(element);
  }

  @AfterEach
  void logout() {
    session.close();
    element.close();
  }

  private static VolumeOptions options(Freshness freshness) {
    ManualExecutor executor = new ManualExecutor();
    return VolumeOptions.builder()
        .journalBytes(VolumeOptions.MINIMUM_JOURNAL_BYTES)
        .cacheBytes(4 << 20)
        .freshness(freshness)
        .executor(executor)
        .clock(executor)
        .build();
  }

  private static byte[] content(int number) {
    byte[] bytes = SampleBytes.of(number, 3000);
    ByteBuffer.wrap(bytes).putInt(0, number);
    return bytes;
  }

  private void write(SecureFileSystem volume, String name, int number, boolean synced)
      throws IOException {
    disk.mark(new Mark(name, Kind.WRITE, number, false));
    try (SecureFile file =
        volume.openFile(name, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(content(number));
      if (synced) {
        file.sync();
      }
    }
    if (synced) {
      disk.mark(new Mark(name, Kind.WRITE, number, true));
    }
  }

  private void freeze(SecureFileSystem volume, int number, String... names) throws IOException {
    for (String name : names) {
      disk.mark(new Mark(name, Kind.FREEZE, number, false));
    }
    volume.freeze(List.of(names));
    for (String name : names) {
      disk.mark(new Mark(name, Kind.FREEZE, number, true));
    }
  }

  private SecureFileSystem volume(Freshness freshness, String... names) throws IOException {
    SecureFileSystem made =
        SecureFileSystem.create(session, RecordingStore.over(medium), options(freshness));
    for (String name : names) {
      try (SecureFile file = made.openFile(name, CREATE)) {
        file.write(content(0));
      }
    }
    made.close();
    copies.put("before", medium.copy());
    disk = RecordingStore.over(medium);
    elementStore.markIn(disk);
    return SecureFileSystem.open(session, disk, options(freshness));
  }

  private static final StandardOpenOption[] CREATE = {
    StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE
  };

  @Test
  void freezesAndInvalidations() throws Exception {
    freezesAndInvalidations(MODEL, 60);
  }

  @Test
  @Tag("crash")
  void freezesAndInvalidationsThoroughly() throws Exception {
    freezesAndInvalidations(THOROUGH, 400);
  }

  private void freezesAndInvalidations(CrashModel model, int fewest) throws Exception {
    SecureFileSystem volume = volume(Freshness.NONE, "a", "b", "c");
    Map<String, String> hosts = hosts(volume, "a", "b", "c");
    write(volume, "a", 1, false);
    freeze(volume, 1, "a", "b");
    write(volume, "b", 1, true);
    write(volume, "a", 2, true);
    freeze(volume, 2, "a");
    disk.mark(new Mark("c", Kind.INVALIDATE, 1, false));
    volume.invalidate(List.of("c"));
    disk.mark(new Mark("c", Kind.INVALIDATE, 1, true));
    write(volume, "b", 2, false);
    freeze(volume, 3, "b", "a");
    volume.close();
    long states =
        CrashStates.of(disk.log(), model, SEED)
            .forEach(image -> check(image, Freshness.NONE, List.of("a", "b", "c"), hosts));
    System.out.println("LedgerCrashTest: " + states + " states of freezes");
    assertThat(states).isGreaterThan(fewest);
  }

  @Test
  void anElementIsAdded() throws Exception {
    anElementIsAdded(MODEL, 60);
  }

  @Test
  @Tag("crash")
  void anElementIsAddedThoroughly() throws Exception {
    anElementIsAdded(THOROUGH, 300);
  }

  /** The volume file changes with the ledger's step; before both, after both, or between. */
  private void anElementIsAdded(CrashModel model, int fewest) throws Exception {
    SecureFileSystem volume = volume(Freshness.NONE, "a", "b");
    Map<String, String> hosts = hosts(volume, "a", "b");
    freeze(volume, 1, "a");
    MemoryStore old = medium.copy();
    try (TestElement made = TestElement.twinOf(element);
        ElementSession twin = made.login()) {
      disk.mark(new Mark(ELEMENTS, Kind.WRITE, 1, false));
      volume.addElement(twin);
      disk.mark(new Mark(ELEMENTS, Kind.WRITE, 1, true));
    }
    write(volume, "a", 1, true);
    freeze(volume, 2, "b");
    volume.close();
    long states =
        CrashStates.of(disk.log(), model, SEED)
            .forEach(
                image -> {
                  check(image, Freshness.NONE, List.of("a", "b"), hosts);
                  requireElements(image, old);
                });
    System.out.println("LedgerCrashTest: " + states + " states of an element that is added");
    assertThat(states).isGreaterThan(fewest);
  }

  /** An element that was added stays; the volume file of before does not come back. */
  private void requireElements(CrashImage image, MemoryStore old) throws IOException {
    int begun = last(image.marks(), ELEMENTS, Kind.WRITE, false);
    int done = last(image.marks(), ELEMENTS, Kind.WRITE, true);
    try (SecureElement after =
            SecureElement.open(
                SimulatedElement.on(
                    RecordedElementStore.at(image.marks()), SimulatedElementOptions.cheap()));
        ElementSession login = TestElement.login(after)) {
      MemoryStore crashed = image.store();
      try (SecureFileSystem volume =
          SecureFileSystem.open(login, crashed, options(Freshness.NONE))) {
        assertThat(volume.info().elements()).hasSizeBetween(1 + done, 1 + begun);
        assertThat(volume.info().fresh()).isTrue();
      }
      if (done == 1) {
        replace(old, crashed, "strongroom.volume");
        assertThat(
                catchThrowable(
                    () -> SecureFileSystem.open(login, crashed, options(Freshness.NONE)).close()))
            .isInstanceOfSatisfying(
                LedgerException.class,
                e -> assertThat(e.state()).isEqualTo(LedgerState.VOLUME_FILE_OLDER));
      }
    }
  }

  @Test
  void aFreezeOfManyRecords() throws Exception {
    freezeOfManyRecords(MODEL, 60);
  }

  @Test
  @Tag("crash")
  void aFreezeOfManyRecordsThoroughly() throws Exception {
    freezeOfManyRecords(THOROUGH, 200);
  }

  /** Some of the files are frozen, each as a whole, and the journal is put in place meanwhile. */
  private void freezeOfManyRecords(CrashModel model, int fewest) throws Exception {
    String[] names = IntStream.range(0, 40).mapToObj(i -> "f" + i).toArray(String[]::new);
    List<String> looked = List.of("f0", "f7", "f20", "f39");
    SecureFileSystem volume = volume(Freshness.NONE, names);
    Map<String, String> hosts = hosts(volume, names);
    freeze(volume, 1, names);
    freeze(volume, 2, names);
    volume.close();
    long states =
        CrashStates.of(disk.log(), model, SEED)
            .forEach(image -> check(image, Freshness.NONE, looked, hosts));
    System.out.println("LedgerCrashTest: " + states + " states of a freeze of many records");
    assertThat(states).isGreaterThan(fewest);
  }

  @Test
  void syncsOfTwoThreadsInAStrictVolume() throws Exception {
    strict(MODEL, 60);
  }

  @Test
  @Tag("crash")
  void syncsOfTwoThreadsInAStrictVolumeThoroughly() throws Exception {
    strict(THOROUGH, 400);
  }

  private void strict(CrashModel model, int fewest) throws Exception {
    SecureFileSystem volume = volume(Freshness.STRICT, "t0", "t1");
    Map<String, String> hosts = hosts(volume, "t0", "t1");
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    List<Future<Void>> running = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      String name = "t" + thread;
      Callable<Void> work =
          () -> {
            for (int round = 1; round <= ROUNDS; round++) {
              write(volume, name, round, true);
            }
            return null;
          };
      running.add(pool.submit(work));
    }
    for (Future<Void> each : running) {
      each.get();
    }
    pool.shutdown();
    freeze(volume, 1, "t0");
    write(volume, "t1", ROUNDS + 1, false);
    volume.close();
    long states =
        CrashStates.of(disk.log(), model, SEED)
            .forEach(image -> check(image, Freshness.STRICT, List.of("t0", "t1"), hosts));
    System.out.println("LedgerCrashTest: " + states + " states of a strict volume");
    assertThat(states).isGreaterThan(fewest);
  }

  private static Map<String, String> hosts(SecureFileSystem volume, String... names)
      throws IOException {
    Map<String, String> hosts = new HashMap<>();
    for (String name : names) {
      hosts.put(name, volume.stat(name).hostName());
    }
    return hosts;
  }

  /** What is known of a file by the marks. */
  private static int last(List<Object> marks, String name, Kind kind, boolean done) {
    int number = 0;
    for (Object each : marks) {
      if (each instanceof Mark mark
          && mark.file().equals(name)
          && mark.kind() == kind
          && (mark.done() || !done)) {
        number = Math.max(number, mark.number());
      }
    }
    return number;
  }

  private void check(
      CrashImage image, Freshness freshness, List<String> names, Map<String, String> hosts)
      throws IOException {
    MemoryStore crashed = image.store();
    boolean synced =
        image.marks().stream()
            .anyMatch(each -> each instanceof Mark mark && mark.done() && ends(mark, freshness));
    try (SecureElement after =
            SecureElement.open(
                SimulatedElement.on(
                    RecordedElementStore.at(image.marks()), SimulatedElementOptions.cheap()));
        ElementSession login = TestElement.login(after)) {
      try (SecureFileSystem volume = SecureFileSystem.open(login, crashed, readOnly())) {
        for (String name : names) {
          requireState(volume, name, image.marks());
        }
      }
      try (SecureFileSystem volume = SecureFileSystem.open(login, crashed, options(freshness))) {
        for (String name : names) {
          requireState(volume, name, image.marks());
        }
      }
      for (String name : names) {
        boolean ended =
            freshness == Freshness.STRICT
                ? last(image.marks(), name, Kind.WRITE, true) > 0
                : last(image.marks(), name, Kind.FREEZE, true) > 0;
        if (ended) {
          MemoryStore mixed = crashed.copy();
          replace(before(), mixed, Objects.requireNonNull(hosts.get(name)));
          try (SecureFileSystem volume = SecureFileSystem.open(login, mixed, options(freshness))) {
            assertThat(catchThrowable(() -> volume.openFile(name)))
                .isInstanceOf(RollbackException.class);
          }
        }
      }
      if (synced) {
        assertThat(
                catchThrowable(
                    () -> SecureFileSystem.open(login, before().copy(), options(freshness))))
            .isInstanceOf(LedgerException.class);
      }
    }
  }

  private MemoryStore before() {
    return java.util.Objects.requireNonNull(copies.get("before"));
  }

  private static VolumeOptions readOnly() {
    return VolumeOptions.builder().readOnly().build();
  }

  /** Whether a step that is done ends the whole volume of before. */
  private static boolean ends(Mark mark, Freshness freshness) {
    return freshness == Freshness.STRICT || mark.kind() != Kind.WRITE;
  }

  private static void requireState(SecureFileSystem volume, String name, List<Object> marks)
      throws IOException {
    byte[] found;
    try {
      found = ModelledVolume.content(volume, name);
    } catch (FileInvalidatedException e) {
      assertThat(last(marks, name, Kind.INVALIDATE, false)).isPositive();
      return;
    }
    assertThat(last(marks, name, Kind.INVALIDATE, true)).as(name).isZero();
    int number = ByteBuffer.wrap(found).getInt(0);
    assertThat(number)
        .as(name)
        .isBetween(last(marks, name, Kind.WRITE, true), last(marks, name, Kind.WRITE, false));
    assertThat(found).isEqualTo(content(number));
    long version = volume.version(name);
    int frozen = last(marks, name, Kind.FREEZE, true);
    if (frozen == 0 && last(marks, name, Kind.FREEZE, false) == 0) {
      assertThat(version).isZero();
    } else if (frozen > 0) {
      assertThat(version).isPositive();
    }
  }

  private static void replace(Store from, Store to, String name) throws IOException {
    try (StoreFile source = from.open(name, Store.Access.READ);
        StoreFile target = to.open(name, Store.Access.CREATE)) {
      byte[] content = new byte[(int) source.size()];
      source.read(0, content, 0, content.length);
      target.truncate(0);
      target.write(0, content, 0, content.length);
      target.sync();
    }
  }
}
