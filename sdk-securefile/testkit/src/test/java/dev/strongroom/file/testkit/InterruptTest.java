// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Threads that are interrupted in the middle of reads, writes and syncs on a real directory damage
 * nothing: {@link SecureFile} goes on and keeps the interrupt, a channel of {@code java.nio} is
 * closed, and no other one with it.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InterruptTest {

  private static final int LENGTH = 300_000;
  private static final int ROUNDS = 40;
  private static final long SEED = Long.getLong("crash.seed", 20260304);

  private static TestElement element;
  private static ElementSession session;

  @TempDir Path temporary;

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

  @AfterEach
  void clear() {
    Thread.interrupted();
  }

  /** A small cache, so that reads and evictions reach the disk. */
  private SecureFileSystem create() throws IOException {
    return SecureFileSystem.create(
        session,
        temporary.resolve("volume"),
        VolumeOptions.builder()
            .journalBytes(VolumeOptions.MINIMUM_JOURNAL_BYTES)
            .cacheBytes(VolumeOptions.MINIMUM_CACHE_BYTES)
            .build());
  }

  @Test
  void aSecureFileGoesOnAndKeepsTheInterrupt() throws IOException {
    byte[] content = SampleBytes.of(1, LENGTH);
    try (SecureFileSystem volume = create();
        SecureFile file =
            volume.openFile(
                "f",
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
      Thread.currentThread().interrupt();
      file.write(content);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
      file.sync();
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
      volume.rename("f", "g");
      volume.sync();
      assertThat(ModelledVolume.content(volume, "g")).isEqualTo(content);
      assertThat(Thread.interrupted()).isTrue();
    }
    try (SecureFileSystem volume =
        SecureFileSystem.open(session, temporary.resolve("volume"), VolumeOptions.defaults())) {
      assertThat(ModelledVolume.content(volume, "g")).isEqualTo(content);
    }
  }

  @Test
  void aChannelIsClosedByAnInterruptAndNoOtherOne() throws IOException {
    try (FileSystem files = Mounted.of(create())) {
      Path path = files.getPath("/f");
      try (FileChannel struck =
              FileChannel.open(
                  path,
                  StandardOpenOption.CREATE,
                  StandardOpenOption.READ,
                  StandardOpenOption.WRITE);
          FileChannel other =
              FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        struck.write(ByteBuffer.wrap(SampleBytes.of(1, LENGTH)));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> struck.force(true)).isInstanceOf(ClosedByInterruptException.class);
        assertThat(struck.isOpen()).isFalse();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(other.isOpen()).isTrue();
        other.write(ByteBuffer.wrap(SampleBytes.of(2, 100)), 50);
        other.force(true);
        assertThat(other.size()).isEqualTo(LENGTH);
      }
      byte[] wanted = SampleBytes.of(1, LENGTH);
      System.arraycopy(SampleBytes.of(2, 100), 0, wanted, 50, 100);
      assertThat(Files.readAllBytes(path)).isEqualTo(wanted);
    }
  }

  @Test
  void interruptsAtAnyMomentDamageNothing() throws Exception {
    AtomicLong closed = new AtomicLong();
    AtomicLong kept = new AtomicLong();
    byte[] ofFile;
    byte[] ofChannel;
    try (SecureFileSystem volume = create()) {
      FileSystem files = Mounted.of(volume);
      AtomicBoolean done = new AtomicBoolean();
      AtomicReference<byte[]> first = new AtomicReference<>();
      AtomicReference<byte[]> second = new AtomicReference<>();
      List<Throwable> failures = new ArrayList<>();
      Thread onFile = start(failures, () -> first.set(changeFile(volume, kept)));
      Thread onChannel =
          start(failures, () -> second.set(changeChannel(files.getPath("/c"), closed)));
      Thread bystander =
          start(
              failures,
              () -> {
                while (!done.get()) {
                  Files.write(files.getPath("/bystander"), SampleBytes.of(5, 50_000));
                  assertThat(Files.readAllBytes(files.getPath("/bystander")))
                      .isEqualTo(SampleBytes.of(5, 50_000));
                  volume.sync();
                }
              });
      Random random = new Random(SEED);
      // Not for ever, since a channel that is always interrupted gets nowhere.
      for (int i = 0; i < 150 && (onFile.isAlive() || onChannel.isAlive()); i++) {
        onFile.interrupt();
        onChannel.interrupt();
        Thread.sleep(random.nextInt(20));
      }
      onFile.join();
      onChannel.join();
      done.set(true);
      bystander.join();
      assertThat(failures).isEmpty();
      ofFile = first.get();
      ofChannel = second.get();
      files.close();
    }
    System.out.println(
        "InterruptTest: "
            + closed
            + " channels closed, "
            + kept
            + " operations of a file went on with the interrupt kept");
    assertThat(closed.get()).isPositive();
    assertThat(kept.get()).isPositive();
    try (SecureFileSystem volume =
        SecureFileSystem.open(session, temporary.resolve("volume"), VolumeOptions.defaults())) {
      assertThat(ModelledVolume.content(volume, "f")).isEqualTo(ofFile);
      assertThat(ModelledVolume.content(volume, "c")).isEqualTo(ofChannel);
    }
  }

  /** What a thread does that is interrupted. */
  private interface Work {
    void run() throws IOException;
  }

  private static Thread start(List<Throwable> failures, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException | RuntimeException | AssertionError e) {
                synchronized (failures) {
                  failures.add(e);
                }
              }
            });
    thread.start();
    return thread;
  }

  private static byte[] changeFile(SecureFileSystem volume, AtomicLong kept) throws IOException {
    byte[] model = new byte[LENGTH];
    try (SecureFile file =
        volume.openFile(
            "f", StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      file.write(model);
      for (int round = 0; round < ROUNDS; round++) {
        int at = round * 4001;
        byte[] fresh = SampleBytes.of(round, 20_000);
        System.arraycopy(fresh, 0, model, at, fresh.length);
        file.pwrite(at, fresh, 0, fresh.length);
        file.sync();
        byte[] found = new byte[LENGTH];
        assertThat(file.pread(0, found, 0, LENGTH)).isEqualTo(LENGTH);
        assertThat(Arrays.equals(found, model)).isTrue();
        if (Thread.interrupted()) {
          kept.incrementAndGet();
        }
      }
    }
    return model;
  }

  private static byte[] changeChannel(Path path, AtomicLong closed) throws IOException {
    byte[] model = new byte[LENGTH];
    for (int round = 0; round < ROUNDS; round++) {
      int at = round * 4001;
      byte[] fresh = SampleBytes.of(round, 20_000);
      System.arraycopy(fresh, 0, model, at, fresh.length);
      // Again and again until it was not interrupted: what was written twice is the same.
      for (boolean written = false; !written; ) {
        try (FileChannel channel =
            FileChannel.open(
                path,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
          channel.write(ByteBuffer.wrap(model), 0);
          channel.force(true);
          ByteBuffer found = ByteBuffer.allocate(LENGTH);
          channel.read(found, 0);
          assertThat(Arrays.equals(found.array(), model)).isTrue();
          written = true;
        } catch (ClosedByInterruptException e) {
          assertThat(Thread.interrupted()).isTrue();
          closed.incrementAndGet();
        }
      }
    }
    return model;
  }
}
