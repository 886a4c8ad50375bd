// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.file.KeyScope;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.testkit.ModelledVolume.Handle;
import dev.strongroom.file.testkit.RecordedVolume.Prepared;
import dev.strongroom.file.testkit.RecordedVolume.Workload;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Crashes of volumes whose keys come from wrapped file keys, which only the headers have. */
class ManagedKeyCrashTest {

  private static final long SEED = Long.getLong("crash.seed", 20260102);
  private static final CrashModel MODEL =
      CrashModel.strict().withExhaustive(4).withSamples(3).withTorn(6).withGarbage(3);

  private static TestElement element;
  private static SecureElement open;
  private static ElementSession session;

  @BeforeAll
  static void login() throws IOException {
    element = TestElement.create();
    open = SecureElement.open(new KeyStoreElement(element.simulated));
    session = TestElement.login(open);
  }

  @AfterAll
  static void logout() {
    session.close();
    open.close();
    element.close();
  }

  @TestFactory
  Stream<DynamicTest> everyStateIsOneWholeCommit() {
    return Stream.of(KeyScope.values())
        .map(
            scope ->
                DynamicTest.dynamicTest(
                    scope.name(), () -> crash(scope, ManagedKeyCrashTest::work)));
  }

  private static void work(ModelledVolume volume) throws IOException {
    volume.put("new", SampleBytes.of(1, 20_000));
    volume.rekey("a");
    try (Handle file = volume.open("a")) {
      file.write(100, SampleBytes.of(2, 9000));
      file.sync();
    }
    volume.sync();
  }

  private static void crash(KeyScope scope, Workload workload) throws IOException {
    MemoryStore prepared = new MemoryStore();
    ManualExecutor executor = new ManualExecutor();
    VolumeOptions options =
        VolumeOptions.builder()
            .managedKey(KeyStoreElement.KEY_ID)
            .keyScope(scope)
            .journalBytes(VolumeOptions.MINIMUM_JOURNAL_BYTES)
            .executor(executor)
            .clock(executor)
            .build();
    ModelledVolume first =
        ModelledVolume.create(
            session, prepared, new VolumeHistory(), mark -> {}, executor, options);
    first.put("a", SampleBytes.of(10, 50_000));
    first.close();
    long states = new Prepared(prepared, first).run(session, workload).crash(MODEL, SEED);
    System.out.println("ManagedKeyCrashTest: " + states + " states");
    assertThat(states).isPositive();
  }
}
