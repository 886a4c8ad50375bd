// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.NoSpaceException;
import dev.strongroom.file.VolumeFailedException;
import dev.strongroom.file.testkit.FaultPlan.Fault;
import dev.strongroom.file.testkit.NioProgram.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The medium fails at every operation in turn under programs on {@code java.nio.file}: the caller
 * gets an {@link IOException} that says so, and nothing that was forced is lost.
 */
class NioFaultTest {

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
  @EnumSource(
      value = Fault.class,
      names = {"NO_SPACE", "IO_ERROR", "SYNC_ERROR", "SYNC_LOSES"})
  void operationsOfEveryProgramFail(Fault fault) throws IOException {
    failInTurn(fault, fault == Fault.IO_ERROR ? 4 : 1);
  }

  @Test
  @Tag("crash")
  void everyOperationOfEveryProgramFailsInTurn() throws IOException {
    failInTurn(Fault.IO_ERROR, 1);
  }

  @Test
  void aCopyThatCannotOpenItsSourceLeavesTheTargetThatAnotherMade() throws IOException {
    FaultyStore faulty = new FaultyStore(prepared.copy());
    try (FileSystem from = Place.open(session, faulty).files();
        FileSystem to = Place.open(session, prepared.copy()).files()) {
      Path target = to.getPath("/target");
      Path source = from.getPath("/b");
      FaultPlan reading = FaultPlan.of(Fault.IO_ERROR).on(StoreOperation.READ);
      assertThat(Files.exists(source)).isTrue();
      faulty.arm(reading.at(Long.MAX_VALUE));
      assertThat(Files.exists(source)).isTrue();
      long looking = faulty.covered(); // what comes next is the opening
      AtomicLong reads = new AtomicLong();
      faulty.arm(
          reading
              .where(name -> reads.incrementAndGet() <= looking || makeMeanwhile(target))
              .at(looking + 1));
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> Files.copy(source, target))
          .withMessageStartingWith("injected error");
      assertThat(Files.readString(target)).isEqualTo("of another");
    }
  }

  private static boolean makeMeanwhile(Path file) {
    try {
      Files.writeString(file, "of another");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return true;
  }

  private static void failInTurn(Fault fault, int stride) throws IOException {
    int runs = 0;
    int errors = 0;
    for (NioProgram program : NioProgram.values()) {
      VolumeStates states = new VolumeStates();
      states.learn(program, Place.open(session, prepared.copy()), mark -> {});
      boolean struck = true;
      for (int n = 1; struck; n += stride) {
        FaultyStore faulty = new FaultyStore(prepared.copy());
        // Not the opening: FaultTest has that.
        Place place = Place.open(session, faulty);
        faulty.arm(FaultPlan.of(fault).at(n));
        List<Object> marks = new ArrayList<>();
        try {
          try {
            states.repeat(program, place, marks::add);
          } catch (IOException e) {
            errors++;
            requireRightKind(fault, e);
          }
          struck = faulty.struck() > 0;
          close(place.files(), fault);
          faulty.disarm();
          try (FileSystem after = Place.open(session, faulty).files()) {
            states.check(marks, after);
          }
        } catch (IOException | RuntimeException | AssertionError e) {
          throw new AssertionError(fault + " at operation " + n + " of " + program + ": " + e, e);
        }
        runs++;
      }
    }
    System.out.println("NioFaultTest: " + fault + " in " + runs + " runs, " + errors + " errors");
    assertThat(runs).isGreaterThan(30);
    assertThat(errors).isPositive();
  }

  /** The rest of what waited is written, or an error says that it was not. */
  private static void close(FileSystem files, Fault fault) {
    try {
      files.close();
    } catch (IOException e) {
      requireRightKind(fault, e);
    }
  }

  /** It is, or comes from, the error of the medium. */
  private static void requireRightKind(Fault fault, IOException error) {
    boolean right = false;
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      right |=
          fault == Fault.NO_SPACE
              ? cause instanceof NoSpaceException
              : String.valueOf(cause.getMessage()).startsWith("injected error");
    }
    assertThat(right).as("%s comes from the medium", error).isTrue();
    if (fault != Fault.NO_SPACE && error instanceof VolumeFailedException failed) {
      assertThat(failed).hasCauseInstanceOf(IOException.class);
    }
  }
}
