// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.KeyScope;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.testkit.ModelledVolume.Handle;
import dev.strongroom.file.testkit.RecordedVolume.Prepared;
import dev.strongroom.file.testkit.RecordedVolume.Workload;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Crashes of volumes whose files have keys for their pages: recovery asks for what it tries. */
class PageScopeCrashTest {

  private static final long SEED = Long.getLong("crash.seed", 20260101);
  private static final CrashModel MODEL =
      CrashModel.strict().withExhaustive(5).withSamples(4).withTorn(10).withGarbage(4);

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

  @TestFactory
  Stream<DynamicTest> everyStateIsOneWholeCommit() {
    Map<String, Workload> workloads = new TreeMap<>();
    workloads.put("append", PageScopeCrashTest::append);
    workloads.put("overwrite", PageScopeCrashTest::overwrite);
    workloads.put("cut", PageScopeCrashTest::cut);
    workloads.put("re-key", PageScopeCrashTest::rekey);
    return workloads.entrySet().stream()
        .map(next -> DynamicTest.dynamicTest(next.getKey(), () -> crash(next.getValue())));
  }

  /** More than goes into a record: in place, its commit flagged as unsynced. */
  private static void append(ModelledVolume volume) throws IOException {
    try (Handle file = volume.open("a")) {
      file.append(SampleBytes.of(1, 1_300_000));
      file.commit();
      file.write(500_000, SampleBytes.of(2, 9000));
      file.commit();
      file.sync();
    }
    volume.close();
  }

  /** More than goes into a record: through the scratch file. */
  private static void overwrite(ModelledVolume volume) throws IOException {
    try (Handle file = volume.open("big")) {
      file.write(100_000, SampleBytes.of(3, 150_000));
      file.sync();
      file.write(33_000, SampleBytes.of(4, 40_000));
      file.write(600_000, SampleBytes.of(5, 4000));
      file.commit();
    }
    volume.sync();
  }

  private static void cut(ModelledVolume volume) throws IOException {
    try (Handle file = volume.open("big")) {
      file.truncate(300_001);
      file.sync();
      file.truncate(400_000);
      file.append(SampleBytes.of(6, 5000));
      file.sync();
    }
  }

  private static void rekey(ModelledVolume volume) throws IOException {
    volume.rekey("big");
    try (Handle file = volume.open("big")) {
      file.write(100, SampleBytes.of(7, 300));
      file.sync();
    }
  }

  private static void crash(Workload workload) throws IOException {
    MemoryStore prepared = new MemoryStore();
    ManualExecutor executor = new ManualExecutor();
    VolumeOptions options =
        VolumeOptions.builder()
            .keyScope(KeyScope.PAGE)
            .journalBytes(VolumeOptions.MINIMUM_JOURNAL_BYTES)
            .executor(executor)
            .clock(executor)
            .build();
    ModelledVolume first =
        ModelledVolume.create(
            session, prepared, new VolumeHistory(), mark -> {}, executor, options);
    first.put("a", SampleBytes.of(10, 10_000));
    first.put("big", SampleBytes.of(11, 700_000));
    first.close();
    long states = new Prepared(prepared, first).run(session, workload).crash(MODEL, SEED);
    System.out.println("PageScopeCrashTest: " + states + " states");
    assertThat(states).isPositive();
  }
}
