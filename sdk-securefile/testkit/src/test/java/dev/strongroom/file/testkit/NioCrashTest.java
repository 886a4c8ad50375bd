// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.CorruptJournalException;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.testkit.FaultPlan.Fault;
import dev.strongroom.file.testkit.NioProgram.Place;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
    prepared = NioProgram.prepared(session);
  }

  @AfterAll
  static void logout() {
    session.close();
    element.close();
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(NioProgram.class)
  void everyStateIsWholeAndHasWhatWasForced(NioProgram program) throws IOException {
    assertThat(everyStateIsLegal(program, MODEL)).isGreaterThan(40);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(NioProgram.class)
  @Tag("crash")
  void everyStateIsWholeAndHasWhatWasForcedThoroughly(NioProgram program) throws IOException {
    assertThat(everyStateIsLegal(program, THOROUGH)).isGreaterThan(150);
  }

  private static long everyStateIsLegal(NioProgram program, CrashModel model) throws IOException {
    return new Run(program, null).crash(model, NioCrashTest::checkAll);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(
      value = NioProgram.class,
      names = {"RENAMES", "REKEY", "TOGETHER"})
  void theOracleComplainsWhenTheJournalIsNotSynced(NioProgram program) throws IOException {
    FaultPlan lying =
        FaultPlan.of(Fault.SYNC_SKIPPED)
            .on(StoreOperation.SYNC)
            .where("strongroom.journal"::equals)
            .lasting();
    Run run = new Run(program, lying);
    assertThatThrownBy(() -> run.crash(MODEL, NioCrashTest::checkAll))
        .isInstanceOf(AssertionError.class)
        .satisfies(
            e ->
                assertThat(e.toString())
                    .containsAnyOf("no legal state", "CorruptJournalException"));
  }

  // ---- a medium whose folders cannot be synced, ADR 0034

  private static FaultPlan noFolders() {
    return FaultPlan.of(Fault.SYNC_SKIPPED).on(StoreOperation.SYNC_DIRECTORY).lasting();
  }

  @Test
  void contentThatWasForcedIsThereWhereFoldersCannotBeSynced() throws IOException {
    Run run = new Run(NioProgram.TOGETHER, noFolders());
    assertThat(run.crash(MODEL, NioCrashTest::checkAll)).isGreaterThan(40);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(NioProgram.class)
  void whatIsShownWasCommittedEvenWhereFoldersCannotBeSynced(NioProgram program)
      throws IOException {
    Run run = new Run(program, noFolders());
    Shown shown = new Shown();
    long crashes = run.crash(MODEL.withGarbage(0), shown::check);
    System.out.println(
        "NioCrashTest: " + program + ": opened " + shown.volumes + ", shown " + shown.paths);
    assertThat(crashes).isGreaterThan(40);
    assertThat(shown.volumes).isGreaterThan(crashes / 2);
    assertThat(shown.paths).isGreaterThan(2 * crashes);
  }

  @Test
  void theOracleComplainsWhenNamesAreLostWhereFoldersCannotBeSynced() throws IOException {
    Run run = new Run(NioProgram.CLOSE, noFolders());
    assertThatThrownBy(() -> run.crash(MODEL, NioCrashTest::checkAll))
        .isInstanceOf(AssertionError.class);
  }

  // ---- the run and what is left of it

  private static void checkAll(VolumeStates states, List<Object> marks, Store crashed)
      throws IOException {
    try (FileSystem files = Place.open(session, crashed).files()) {
      states.check(marks, files);
    }
  }

  /** Counts what opens and what is shown, where names may be lost. */
  private static final class Shown {
    private long volumes;
    private long paths;

    void check(VolumeStates states, List<Object> marks, Store crashed) throws IOException {
      try (FileSystem files = Place.open(session, crashed).files()) {
        volumes++;
        paths += states.checkShown(marks, files);
      } catch (CorruptJournalException e) {
        // The scratch file, made since the volume was opened, may have lost its name.
        assertThat(e).hasMessageContaining("strongroom.scratch, which is missing");
      }
    }
  }

  /** Looks at what a crash has left. */
  private interface Check {
    void of(VolumeStates states, List<Object> marks, Store crashed) throws IOException;
  }

  /** A program that has run on a recorded disk. */
  private static final class Run {
    private final NioProgram program;
    private final RecordingStore disk = RecordingStore.over(prepared.copy());
    private final VolumeStates states = new VolumeStates();

    Run(NioProgram program, @Nullable FaultPlan faults) throws IOException {
      this.program = program;
      FaultyStore store = new FaultyStore(disk);
      if (faults != null) {
        store.arm(faults);
      }
      states.learn(program, Place.open(session, store), disk::mark);
    }

    /** Checks all states after a crash; answers how many there are. */
    long crash(CrashModel model, Check check) throws IOException {
      long count =
          CrashStates.of(disk.log(), model, SEED)
              .forEach(
                  image -> {
                    MemoryStore crashed = image.store();
                    check.of(states, image.marks(), crashed);
                    crashed.assertAllClosed();
                  });
      System.out.println(
          "NioCrashTest: " + program + ": " + states.size() + " steps, " + count + " states");
      return count;
    }
  }
}
