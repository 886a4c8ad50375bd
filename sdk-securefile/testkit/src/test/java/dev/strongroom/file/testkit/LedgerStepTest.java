// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.device.ElementHold;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.Freshness;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.simulator.FaultPlan;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The element's step while another session holds the element, and at the end of a volume. */
@Tag("jdk25")
class LedgerStepTest {

  private static final long SECONDS = 30;

  private final ManualExecutor executor = new ManualExecutor();
  private final MemoryStore store = new MemoryStore();
  private TestElement element;
  private ElementSession session;

  @BeforeEach
  void login() throws IOException {
    element = TestElement.create();
    session = element.login();
  }

  @AfterEach
  void logout() {
    session.close();
    element.close();
  }

  private VolumeOptions options(Duration lag) {
    return VolumeOptions.builder()
        .journalBytes(256 << 10)
        .freshness(Freshness.STRICT)
        .freshnessLag(lag)
        .executor(executor)
        .clock(executor)
        .build();
  }

  private static SecureFile write(SecureFileSystem volume, String path, int value)
      throws IOException {
    SecureFile file = volume.openFile(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    file.write(new byte[] {(byte) value});
    return file;
  }

  private void assertContent(int value) throws IOException {
    try (SecureFileSystem again = SecureFileSystem.open(session, store, options(Duration.ZERO))) {
      assertThat(ModelledVolume.content(again, "f")).containsExactly(value);
      assertThat(again.info().fresh()).isTrue();
    }
  }

  private static <R> Running<R> start(Callable<R> work) {
    FutureTask<R> task = new FutureTask<>(work);
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
    return new Running<>(task, thread);
  }

  private record Running<R>(FutureTask<R> task, Thread thread) {
    R get() throws Exception {
      return task.get(SECONDS, TimeUnit.SECONDS);
    }

    /** Until it waits for something without a limit, as for the element. */
    void awaitBlocked() throws InterruptedException {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
      while (thread.getState() != Thread.State.WAITING && System.nanoTime() < end) {
        Thread.sleep(5);
      }
      assertThat(thread.getState()).isEqualTo(Thread.State.WAITING);
    }
  }

  /** Work of a thread that keeps the element to itself, once another thread waits for it. */
  private <R> void besides(Callable<R> waiting, Callable<?> holding) throws Exception {
    try (ElementSession other = element.login()) {
      Running<?> both =
          start(
              () -> {
                Running<R> blocked;
                try (ElementHold hold = other.exclusive()) {
                  assertThat(hold.session()).isSameAs(other);
                  blocked = start(waiting);
                  blocked.awaitBlocked();
                  holding.call();
                }
                return blocked.get();
              });
      both.get();
    }
  }

  private static Callable<Boolean> closing(SecureFileSystem volume) {
    return () -> {
      volume.close();
      return true;
    };
  }

  @Test
  void aCloseThatWaitsForTheElementRefusesOthersInsteadOfBlockingThem() throws Exception {
    SecureFileSystem volume = SecureFileSystem.create(session, store, options(Duration.ofHours(1)));
    write(volume, "f", 7).close();
    besides(
        closing(volume),
        () -> {
          assertThatThrownBy(() -> volume.exists("f")).isInstanceOf(ClosedChannelException.class);
          assertThatThrownBy(volume::sync).isInstanceOf(ClosedChannelException.class);
          return true;
        });
    assertContent(7);
  }

  @Test
  void twoThreadsThatCloseShareTheStep() throws Exception {
    SecureFileSystem volume = SecureFileSystem.create(session, store, options(Duration.ofHours(1)));
    write(volume, "f", 8).close();
    besides(closing(volume), closing(volume));
    assertContent(8);
  }

  @Test
  void aSyncDoesNotWaitForAThreadThatIsKeptFromTheElement() throws Exception {
    SecureFileSystem volume = SecureFileSystem.create(session, store, options(Duration.ZERO));
    SecureFile first = write(volume, "f", 1);
    volume.sync();
    SecureFile second = write(volume, "g", 1);
    volume.sync();
    first.pwrite(0, new byte[] {9}, 0, 1);
    second.pwrite(0, new byte[] {9}, 0, 1);
    besides(
        () -> {
          first.sync();
          return true;
        },
        () -> {
          second.sync();
          return true;
        });
    long counter = session.readVersion(volume.info().id()).orElseThrow().counter();
    first.pwrite(0, new byte[] {10}, 0, 1);
    first.sync();
    assertThat(session.readVersion(volume.info().id()).orElseThrow().counter())
        .isEqualTo(counter + 1);
    volume.close();
    assertContent(10);
  }

  @Test
  void ofTwoFreezesAtOnceNeitherTakesAVersionBack() throws Exception {
    VolumeOptions options =
        VolumeOptions.builder().journalBytes(256 << 10).executor(executor).clock(executor).build();
    try (SecureFileSystem volume = SecureFileSystem.create(session, store, options)) {
      write(volume, "f", 1).close();
      write(volume, "g", 1).close();
      volume.freeze(List.of("g"));
    }
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, options)) {
      volume.exists("f"); // so that the directory is known
      long[] between = new long[1];
      besides(
          () -> {
            volume.freeze(List.of("f"));
            return true;
          },
          () -> {
            volume.freeze(List.of("g"));
            between[0] = volume.version("/");
            return true;
          });
      assertThat(between[0]).isEqualTo(volume.version("g"));
      assertThat(volume.version("/")).isGreaterThanOrEqualTo(between[0]);
      assertThat(volume.version("f")).isBetween(2L, between[0] - 1);
    }
  }

  @Test
  void aStepThatFailsAtTheCloseIsToldAndMadeByTheNextOpening() throws IOException {
    SecureFileSystem volume = SecureFileSystem.create(session, store, options(Duration.ofHours(1)));
    write(volume, "f", 11).close();
    element.simulated.inject(FaultPlan.builder().answer(1, new StatusWord(0x6F00)).build());
    assertThatThrownBy(volume::close).isInstanceOf(IOException.class);
    element.simulated.inject(FaultPlan.none());
    volume.close();
    assertContent(11);
  }
}
