// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.NoSpaceException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeFailedException;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.testkit.FaultPlan.Fault;
import dev.strongroom.file.testkit.ModelledVolume.Handle;
import java.io.IOException;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The medium fails at every operation in turn: the error reaches the caller, and what the volume
 * holds afterwards is legal.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FaultTest {

  private static TestElement element;
  private static ElementSession session;
  private static MemoryStore prepared;
  private static ModelledVolume closed;

  @BeforeAll
  static void makeVolume() throws IOException {
    element = TestElement.create();
    session = element.login();
    prepared = new MemoryStore();
    closed = fill(prepared, new VolumeHistory());
  }

  private static ModelledVolume fill(MemoryStore store, VolumeHistory history) throws IOException {
    ModelledVolume volume = ModelledVolume.create(session, store, history, mark -> {});
    volume.put("a", SampleBytes.of(1, 10_000));
    volume.put("b", SampleBytes.of(2, 4096));
    volume.put("big", SampleBytes.of(3, 300_000));
    volume.createDirectory("d");
    volume.put("d/x", SampleBytes.of(4, 100));
    volume.close();
    return volume;
  }

  @AfterAll
  static void logout() {
    session.close();
    element.close();
  }

  @ParameterizedTest(name = "{0}, lasting: {1}")
  @CsvSource({
    "NO_SPACE, false",
    "NO_SPACE, true",
    "IO_ERROR, false",
    "IO_ERROR, true",
    "SYNC_ERROR, false",
    "SYNC_LOSES, false"
  })
  void everyOperationFailsInTurn(Fault fault, boolean lasting) throws IOException {
    int thrown = 0;
    int n = 1;
    for (boolean struck = true; struck; n++) {
      FaultPlan plan = FaultPlan.of(fault).at(n);
      struck = false;
      VolumeHistory[] history = {closed.history()};
      MemoryStore store = prepared.copy();
      FaultyStore faulty = new FaultyStore(store);
      List<Object> marks = new ArrayList<>();
      faulty.arm(lasting ? plan.lasting() : plan);
      try {
        try {
          ModelledVolume volume = closed.branch(session, faulty, marks::add);
          history[0] = volume.history();
          work(volume);
        } catch (IOException e) {
          thrown++;
        }
        struck = faulty.struck() > 0;
        faulty.disarm();
        MemoryStore left = store.copy();
        try (SecureFileSystem after = SecureFileSystem.open(session, left, ModelledVolume.SMALL)) {
          history[0].check(marks, ModelledVolume.read(after));
          try (SecureFile file =
              after.openFile("more", StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            file.write(SampleBytes.of(9, 10_000));
            file.sync();
          }
        }
        left.assertAllClosed();
      } catch (IOException | RuntimeException | AssertionError e) {
        throw new AssertionError(fault + " at operation " + n + ": " + e, e);
      }
    }
    System.out.println(
        "FaultTest: " + fault + " at " + n + " operations in turn, " + thrown + " errors");
    assertThat(n).isGreaterThan(10);
    assertThat(thrown).isPositive();
  }

  private static void work(ModelledVolume volume) throws IOException {
    try (Handle a = volume.open("a")) {
      a.write(3000, SampleBytes.of(10, 5000));
      a.sync();
      a.append(SampleBytes.of(11, 70_000));
      a.commit();
      a.truncate(1000);
      a.sync();
    }
    volume.put("new", SampleBytes.of(12, 20_000));
    volume.rename("b", "d/b");
    try (Handle big = volume.open("big")) {
      for (int i = 0; i < 8; i++) {
        big.write(i * 35_000, SampleBytes.of(20 + i, 20_000));
        big.sync();
      }
    }
    volume.delete("d/x");
    volume.sync();
    volume.close();
  }

  @Test
  void aWriteThatWillNotFitSaysHowMuchItNeedsAndHowMuchThereIs() throws IOException {
    MemoryStore store = prepared.copy();
    AtomicLong usable = new AtomicLong(1000);
    Store small = LimitedSpace.of(store, usable::get);
    byte[] fresh = SampleBytes.of(1, 2_000_000);
    try (SecureFileSystem volume = SecureFileSystem.open(session, small, ModelledVolume.SMALL);
        SecureFile file =
            volume.openFile("big", StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      NoSpaceException full =
          catchThrowableOfType(
              NoSpaceException.class, () -> file.pwrite(0, fresh, 0, fresh.length));
      assertThat(full).isNotNull();
      assertThat(full.place()).isEqualTo(store.toString());
      assertThat(full.needed()).isGreaterThan(full.usable());
      assertThat(full.usable()).isEqualTo(1000);
      assertThat(ModelledVolume.content(volume, "big")).isEqualTo(SampleBytes.of(3, 300_000));
      usable.set(Long.MAX_VALUE);
      file.pwrite(0, fresh, 0, fresh.length);
      file.sync();
      assertThat(ModelledVolume.content(volume, "big")).isEqualTo(fresh);
    }
    store.assertAllClosed();
  }

  @Test
  void afterAFullMediumTheVolumeGoesOn() throws IOException {
    MemoryStore store = prepared.copy();
    FaultyStore faulty = new FaultyStore(store);
    SecureFileSystem volume = SecureFileSystem.open(session, faulty, ModelledVolume.SMALL);
    byte[] fresh = SampleBytes.of(1, 2_000_000);
    faulty.arm(FaultPlan.of(Fault.NO_SPACE).lasting());
    try (SecureFile file =
        volume.openFile("big", StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      NoSpaceException full =
          catchThrowableOfType(
              NoSpaceException.class,
              () -> {
                file.pwrite(0, fresh, 0, fresh.length);
                file.sync();
              });
      assertThat(full.place()).isEqualTo("memory");
      assertThat(full.usable()).isZero();
      byte[] other = new byte[4096];
      assertThat(file.pread(299_000, other, 0, 100)).isEqualTo(100);
      assertThat(ModelledVolume.content(volume, "a")).isEqualTo(SampleBytes.of(1, 10_000));
      faulty.disarm();
      file.pwrite(0, fresh, 0, fresh.length);
      file.sync();
    }
    volume.close();
    try (SecureFileSystem again = SecureFileSystem.open(session, store, ModelledVolume.SMALL)) {
      assertThat(ModelledVolume.content(again, "big")).isEqualTo(fresh);
      assertThat(ModelledVolume.content(again, "a")).isEqualTo(SampleBytes.of(1, 10_000));
    }
  }

  @Test
  void theTimerTriesAgainWhatAFullMediumKeptFromBeingPublished() throws IOException {
    MemoryStore store = prepared.copy();
    FaultyStore faulty = new FaultyStore(store);
    ManualExecutor executor = new ManualExecutor();
    Duration second = Duration.ofSeconds(1);
    SecureFileSystem volume =
        SecureFileSystem.open(session, faulty, ModelledVolume.options(executor));
    faulty.arm(
        FaultPlan.of(Fault.NO_SPACE)
            .on(StoreOperation.WRITE)
            .where(host -> host.startsWith("strongroom.files/"))
            .lasting());
    AtomicInteger mode = new AtomicInteger();
    assertThatThrownBy(
            () -> {
              while (mode.get() < 0777) {
                volume.setMode("a", mode.incrementAndGet());
                volume.syncNames();
              }
            })
        .isInstanceOf(NoSpaceException.class);
    long struck = faulty.struck();
    executor.advance(second);
    assertThat(faulty.struck()).isGreaterThan(struck);
    faulty.disarm();
    executor.advance(second);
    try (SecureFileSystem after =
        SecureFileSystem.open(session, store.copy(), ModelledVolume.SMALL)) {
      assertThat(after.stat("a").mode()).isEqualTo(mode.get());
    }
    volume.close();
    store.assertAllClosed();
  }

  @Test
  void aHostFileThatCannotBeDeletedTakesNoAttributesAlong() throws IOException {
    MemoryStore store = prepared.copy();
    FaultyStore faulty = new FaultyStore(store);
    byte[] small = SampleBytes.of(1, 10);
    byte[] large = SampleBytes.of(2, 60_000);
    try (SecureFileSystem volume = SecureFileSystem.open(session, faulty, ModelledVolume.SMALL)) {
      volume.setUserAttribute("a", "small", small);
      volume.sync();
      faulty.arm(
          FaultPlan.of(Fault.NO_SPACE)
              .on(StoreOperation.WRITE)
              .where(host -> host.contains("transit"))
              .lasting());
      assertThatThrownBy(() -> volume.setUserAttribute("a", "large", new byte[60_000]))
          .isInstanceOf(NoSpaceException.class);
      faulty.arm(FaultPlan.of(Fault.IO_ERROR).on(StoreOperation.DELETE).lasting());
      volume.setUserAttribute("a", "large", large);
      assertThat(faulty.struck()).isPositive();
      faulty.disarm();
      volume.sync();
      assertThat(volume.userAttribute("a", "small")).isEqualTo(small);
    }
    try (SecureFileSystem again = SecureFileSystem.open(session, store, ModelledVolume.SMALL)) {
      assertThat(again.userAttributes("a")).containsExactlyInAnyOrder("small", "large");
      assertThat(again.userAttribute("a", "small")).isEqualTo(small);
      assertThat(again.userAttribute("a", "large")).isEqualTo(large);
    }
    assertThat(store.files()).noneMatch(host -> host.contains("transit"));
  }

  @Test
  void aFailedSyncPoisonsTheVolumeAndLosesNothingSynced() throws IOException {
    VolumeHistory history = new VolumeHistory();
    MemoryStore store = new MemoryStore();
    ModelledVolume before = fill(store, history);
    RecordingStore disk = RecordingStore.over(store);
    FaultyStore faulty = new FaultyStore(disk);
    ModelledVolume volume = before.reopen(session, faulty, disk::mark);
    Handle file = volume.open("a");
    file.write(0, SampleBytes.of(5, 100));
    file.sync();
    file.write(50, SampleBytes.of(6, 5000));
    faulty.arm(
        FaultPlan.of(Fault.SYNC_ERROR).on(StoreOperation.SYNC).where("strongroom.journal"::equals));
    assertThatThrownBy(file::sync).isInstanceOf(IOException.class);
    assertThat(faulty.struck()).isEqualTo(1);
    assertThatThrownBy(
            () -> {
              file.write(0, new byte[10]);
              file.sync();
            })
        .isInstanceOf(VolumeFailedException.class);
    assertThatThrownBy(volume::sync).isInstanceOf(VolumeFailedException.class);
    CrashStates.of(disk.log(), CrashModel.strict(), 1)
        .forEach(
            image -> {
              try (SecureFileSystem again =
                  SecureFileSystem.open(session, image.store(), ModelledVolume.SMALL)) {
                history.check(image.marks(), ModelledVolume.read(again));
              }
            });
  }
}
