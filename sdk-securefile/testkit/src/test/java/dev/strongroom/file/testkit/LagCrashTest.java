// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.Freshness;
import dev.strongroom.file.LedgerException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.check.CheckListener;
import dev.strongroom.file.check.Severity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Crashes of the disk and the element together in a strict volume whose element lags behind: what
 * was synced is there, and what the element has vouched for is not turned back.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LagCrashTest {

  private static final long SEED = Long.getLong("crash.seed", 20261101);
  private static final CrashModel MODEL =
      CrashModel.strict().withExhaustive(4).withSamples(4).withTorn(3).withGarbage(2);
  private static final CrashModel THOROUGH =
      CrashModel.strict().withExhaustive(8).withSamples(64).withTorn(64).withGarbage(16);
  private static final Duration LAG = Duration.ofSeconds(10);

  /** A number is to be written, was synced, or was vouched for. */
  private record Mark(int number, Stage stage) {}

  private enum Stage {
    BEGUN,
    SYNCED,
    VOUCHED
  }

  private final ManualExecutor executor = new ManualExecutor();
  private final RecordedElementStore elementStore = new RecordedElementStore();
  private TestElement element;
  private ElementSession session;

  @BeforeEach
  void login() throws IOException {
    element = TestElement.create(elementStore);
    session = element.login();
  }

  @AfterEach
  void logout() {
    session.close();
    element.close();
  }

  private static VolumeOptions options(ManualExecutor executor) {
    return VolumeOptions.builder()
        .journalBytes(VolumeOptions.MINIMUM_JOURNAL_BYTES)
        .cacheBytes(4 << 20)
        .freshness(Freshness.STRICT)
        .freshnessLag(LAG)
        .executor(executor)
        .clock(executor)
        .build();
  }

  private static byte[] content(int number) {
    byte[] bytes = SampleBytes.of(number, 3000);
    ByteBuffer.wrap(bytes).putInt(0, number);
    return bytes;
  }

  private static int read(SecureFileSystem volume, String name) throws IOException {
    byte[] found = ModelledVolume.content(volume, name);
    int number = ByteBuffer.wrap(found).getInt(0);
    assertThat(found).isEqualTo(content(number));
    return number;
  }

  private static void write(SecureFileSystem volume, String name, int number) throws IOException {
    try (SecureFile file =
        volume.openFile(name, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(content(number));
    }
  }

  @Test
  void syncsAndStepsThatComeLater() throws Exception {
    crash(MODEL, 60);
  }

  @Test
  @Tag("crash")
  void syncsAndStepsThatComeLaterThoroughly() throws Exception {
    crash(THOROUGH, 400);
  }

  private void crash(CrashModel model, int fewest) throws Exception {
    MemoryStore medium = new MemoryStore();
    try (SecureFileSystem made =
        SecureFileSystem.create(session, medium, options(new ManualExecutor()))) {
      write(made, "f", 0);
    }
    List<MemoryStore> vouched = new ArrayList<>();
    RecordingStore disk = RecordingStore.over(medium);
    vouched.add(medium.copy());
    elementStore.markIn(disk);
    SecureFileSystem volume = SecureFileSystem.open(session, disk, options(executor));
    for (int number = 1; number <= 9; number++) {
      disk.mark(new Mark(number, Stage.BEGUN));
      write(volume, "f", number);
      write(volume, "other", number);
      volume.sync();
      disk.mark(new Mark(number, Stage.SYNCED));
      if (number % 3 == 0) {
        if (number == 6) {
          volume.freeze(List.of("f"));
        } else {
          executor.advance(LAG);
        }
        disk.mark(new Mark(number, Stage.VOUCHED));
        vouched.add(disk.disk().copy());
      }
    }
    volume.close();
    disk.mark(new Mark(10, Stage.VOUCHED));
    long states = CrashStates.of(disk.log(), model, SEED).forEach(image -> check(image, vouched));
    System.out.println("LagCrashTest: " + states + " states");
    assertThat(states).isGreaterThan(fewest);
  }

  private static int last(List<Object> marks, Stage stage) {
    return marks.stream()
        .mapToInt(each -> each instanceof Mark mark && mark.stage() == stage ? mark.number() : 0)
        .max()
        .orElse(0);
  }

  private static void check(CrashImage image, List<MemoryStore> vouched) throws IOException {
    MemoryStore crashed = image.store();
    int synced = last(image.marks(), Stage.SYNCED);
    int begun = last(image.marks(), Stage.BEGUN);
    try (TestElement after = TestElement.on(RecordedElementStore.at(image.marks()));
        ElementSession login = after.login()) {
      VolumeOptions readOnly = VolumeOptions.builder().readOnly().build();
      try (SecureFileSystem volume = SecureFileSystem.open(login, crashed, readOnly)) {
        assertThat(read(volume, "f")).isBetween(synced, begun);
      }
      // What is vouched for now was not when these were the volume's state.
      int steps = Math.min(9, last(image.marks(), Stage.VOUCHED)) / 3;
      for (MemoryStore old : vouched.subList(0, steps)) {
        assertThat(catchThrowable(() -> SecureFileSystem.open(login, old.copy(), readOnly)))
            .isInstanceOf(LedgerException.class);
      }
      int found;
      try (SecureFileSystem volume =
          SecureFileSystem.open(login, crashed, options(new ManualExecutor()))) {
        found = read(volume, "f");
        assertThat(found).isBetween(synced, begun);
        assertThat(volume.check(CheckListener.SILENT).findings())
            .allMatch(each -> each.severity() == Severity.REPAIRED);
        assertThat(volume.info().fresh()).isTrue();
        write(volume, "f", 100);
        volume.sync();
      }
      try (SecureFileSystem volume =
          SecureFileSystem.open(login, crashed, options(new ManualExecutor()))) {
        assertThat(read(volume, "f")).isEqualTo(100);
      }
    }
    crashed.assertAllClosed();
  }
}
