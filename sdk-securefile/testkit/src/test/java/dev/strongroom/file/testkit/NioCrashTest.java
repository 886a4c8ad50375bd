// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.testkit.FaultPlan.Fault;
import java.io.IOException;
import java.nio.file.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Crashes at every point of programs on {@code java.nio.file}: the volume is as one of their steps
 * left it, with all that was forced.
 */
class NioCrashTest {

  private static final long SEED = Long.getLong("crash.seed", 20260301);
  private static final CrashModel MODEL =
      CrashModel.strict().withExhaustive(5).withSamples(6).withTorn(6).withGarbage(3);
  private static final CrashModel THOROUGH =
      CrashModel.strict().withExhaustive(8).withSamples(64).withTorn(64).withGarbage(32);

  private static TestElement element;
  private static ElementSession session;
  private static MemoryStore prepared;

  @BeforeAll
  static void prepare() throws IOException {
    element = TestElement.create();
    session = element.login();
    prepared = new MemoryStore();
    try (FileSystem files =
        Mounted.of(SecureFileSystem.create(session, prepared, ModelledVolume.SMALL))) {
      NioProgram.prepare(files);
    }
  }

  @AfterAll
  static void logout() {
    session.close();
    element.close();
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(NioProgram.class)
  void everyStateIsWholeAndHasWhatWasForced(NioProgram program) throws IOException {
    assertThat(states(program, MODEL, false)).isGreaterThan(40);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(NioProgram.class)
  @Tag("crash")
  void everyStateIsWholeAndHasWhatWasForcedThoroughly(NioProgram program) throws IOException {
    assertThat(states(program, THOROUGH, false)).isGreaterThan(150);
  }

  @Test
  void theOracleComplainsWhenTheJournalIsNotSynced() {
    assertThatThrownBy(() -> states(NioProgram.RENAMES, MODEL, true))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("no legal state");
  }

  private static long states(NioProgram program, CrashModel model, boolean lying)
      throws IOException {
    RecordingStore disk = RecordingStore.over(prepared.copy());
    FaultyStore store = new FaultyStore(disk);
    if (lying) {
      store.arm(
          FaultPlan.of(Fault.SYNC_SKIPPED)
              .on(StoreOperation.SYNC)
              .where("strongroom.journal"::equals)
              .lasting());
    }
    VolumeStates states = new VolumeStates();
    SecureFileSystem volume =
        SecureFileSystem.open(session, store, ModelledVolume.options(new ManualExecutor()));
    states.learn(program, Mounted.of(volume), disk::mark);
    long count =
        CrashStates.of(disk.log(), model, SEED)
            .forEach(
                image -> {
                  MemoryStore crashed = image.store();
                  try (FileSystem files =
                      Mounted.of(SecureFileSystem.open(session, crashed, ModelledVolume.SMALL))) {
                    states.check(image.marks(), files);
                  }
                  crashed.assertAllClosed();
                });
    System.out.println(
        "NioCrashTest: " + program + ": " + states.size() + " steps, " + count + " states");
    return count;
  }
}
