// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.AlreadyReceivedException;
import dev.strongroom.file.NoSpaceException;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeFailedException;
import dev.strongroom.file.check.CheckListener;
import dev.strongroom.file.share.ReceiveOptions;
import dev.strongroom.file.share.SendOptions;
import dev.strongroom.file.testkit.FaultPlan.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Receiving is cut off at any operation of the store, by a full medium, or at any command of the
 * element: the file is there as a whole or not at all, it is never lost (refused as received before
 * though it is not there), and it can be received again until it is there.
 */
class ReceiveFaultTest {

  private static final byte[] CONTENT = SampleBytes.of(1, 150_000);
  private static final ReceiveOptions PLAIN = ReceiveOptions.defaults();

  @TempDir static Path folder;

  private static Correspondent alice;
  private static Correspondent bob;
  private static final AtomicInteger NUMBER = new AtomicInteger();

  @BeforeAll
  static void meet() throws IOException {
    alice = Correspondent.create();
    bob = Correspondent.create();
    alice.meets(bob, "bob", "alice");
    alice.put("f", CONTENT);
    alice.volume.setUserAttribute("f", "large", SampleBytes.of(2, 20_000));
    bob.volume.close();
  }

  @AfterAll
  static void part() throws IOException {
    alice.close();
    bob.close();
  }

  private static Path send() throws IOException {
    Path target = folder.resolve("sent " + NUMBER.incrementAndGet());
    alice.volume.send("f", target, SendOptions.to("bob"));
    return target;
  }

  /** Opens the volume as it is, and finds the file whole, or receives it. */
  private static void assertNotLost(MemoryStore store, Path sent, String what) throws IOException {
    try (SecureFileSystem volume = SecureFileSystem.open(bob.session, store, Correspondent.SMALL)) {
      boolean there = volume.exists("got");
      try {
        volume.receive(sent, there ? "twice" : "got", PLAIN);
        assertThat(there).as("received twice, %s", what).isFalse();
      } catch (AlreadyReceivedException e) {
        assertThat(there).as("lost, %s", what).isTrue();
      }
      assertThat(Correspondent.get(volume, "got")).as(what).isEqualTo(CONTENT);
      assertThat(volume.userAttribute("got", "large")).hasSize(20_000);
      assertThat(volume.list("")).as(what).hasSize(1);
    }
    try (SecureFileSystem volume = SecureFileSystem.open(bob.session, store, Correspondent.SMALL)) {
      assertThat(volume.check(CheckListener.SILENT).findings()).as(what).isEmpty();
      assertThat(store.files()).noneMatch(name -> name.contains("transit/"));
    }
  }

  @Test
  void atAnyOperationOfTheStore() throws IOException {
    for (int nth = 1; ; nth++) {
      MemoryStore store = bob.store.copy();
      FaultyStore faulty = new FaultyStore(store);
      Path sent = send();
      SecureFileSystem volume = SecureFileSystem.open(bob.session, faulty, Correspondent.SMALL);
      faulty.arm(FaultPlan.of(Fault.IO_ERROR).at(nth).lasting());
      boolean failed = false;
      try {
        volume.receive(sent, "got", PLAIN);
      } catch (IOException e) {
        failed = true;
      }
      boolean struck = faulty.struck() > 0;
      try {
        volume.close();
      } catch (IOException e) {
        failed = true;
      }
      faulty.disarm();
      assertNotLost(store, sent, "operation " + nth);
      if (!struck && !failed) {
        assertThat(nth).isGreaterThan(20);
        return;
      }
    }
  }

  @Test
  void onAMediumThatIsFullFromAnyWriteOn() throws IOException {
    boolean struck = true;
    int wentOn = 0;
    for (int nth = 1; struck; nth++) {
      Path sent = send();
      MemoryStore store = bob.store.copy();
      FaultyStore medium = new FaultyStore(store);
      SecureFileSystem volume = SecureFileSystem.open(bob.session, medium, Correspondent.SMALL);
      medium.arm(FaultPlan.of(Fault.NO_SPACE).at(nth).lasting());
      Throwable full = catchThrowable(() -> volume.receive(sent, "got", PLAIN));
      struck = medium.struck() > 0;
      medium.disarm(); // room was made
      if (full != null) {
        assertThat(full).as("write %s", nth).isInstanceOf(NoSpaceException.class);
        Throwable then = catchThrowable(() -> volume.receive(sent, "got", PLAIN));
        if (then == null) {
          wentOn++;
        } else {
          assertThat(then).as("after write %s", nth).isInstanceOf(VolumeFailedException.class);
        }
      }
      Throwable closing = catchThrowable(volume::close);
      if (closing != null) {
        assertThat(closing).as("after write %s", nth).isInstanceOf(VolumeFailedException.class);
      }
      assertNotLost(store, sent, "write " + nth);
    }
    assertThat(wentOn).isPositive();
  }

  @Test
  void atAnyCommandOfTheElement() throws IOException {
    for (int nth = 1; ; nth++) {
      for (boolean executed : new boolean[] {true, false}) {
        MemoryStore store = bob.store.copy();
        Path sent = send();
        boolean failed = false;
        try (SecureFileSystem volume =
            SecureFileSystem.open(bob.session, store, Correspondent.SMALL)) {
          bob.element.simulated.inject(plan(nth, executed));
          try {
            volume.receive(sent, "got", PLAIN);
          } catch (StrongroomException e) {
            failed = true;
          } finally {
            bob.element.simulated.inject(dev.strongroom.simulator.FaultPlan.none());
          }
        } catch (IOException e) {
          failed = true;
        }
        assertNotLost(store, sent, "command " + nth + ", executed: " + executed);
        if (!failed && nth > 12) {
          return;
        }
      }
    }
  }

  private static dev.strongroom.simulator.FaultPlan plan(int nth, boolean executed) {
    var plan = dev.strongroom.simulator.FaultPlan.builder();
    return executed
        ? plan.loseResponse(nth).build()
        : plan.answer(nth, new dev.strongroom.core.apdu.StatusWord(0x6581)).build();
  }
}
