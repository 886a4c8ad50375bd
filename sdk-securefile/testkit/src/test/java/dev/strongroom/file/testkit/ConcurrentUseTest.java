// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import java.io.IOException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several threads use one volume, and one file, at the same time. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("jdk25")
class ConcurrentUseTest {

  private static final int THREADS = 4;
  private static final int PART = 64 << 10;

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

  private static VolumeOptions options() {
    return VolumeOptions.builder()
        .cacheBytes(VolumeOptions.MINIMUM_CACHE_BYTES)
        .journalBytes(VolumeOptions.MINIMUM_JOURNAL_BYTES)
        .build();
  }

  private static void inThreads(List<Callable<Void>> works) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(works.size());
    try {
      List<Future<Void>> running = new ArrayList<>();
      for (Callable<Void> work : works) {
        running.add(pool.submit(work));
      }
      AssertionError failure = null;
      for (Future<Void> future : running) {
        try {
          future.get();
        } catch (ExecutionException e) {
          AssertionError next = new AssertionError("a thread failed", e.getCause());
          if (failure == null) {
            failure = next;
          } else {
            failure.addSuppressed(next);
          }
        }
      }
      if (failure != null) {
        throw failure;
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void threadsWithFilesOfTheirOwnDoNotDisturbEachOther() throws Exception {
    MemoryStore store = new MemoryStore();
    byte[][] contents = new byte[THREADS][];
    try (SecureFileSystem volume = SecureFileSystem.create(session, store, options())) {
      AtomicBoolean done = new AtomicBoolean();
      List<Callable<Void>> works = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        int number = t;
        works.add(
            () -> {
              contents[number] = useOwnFile(volume, number);
              return null;
            });
      }
      Thread syncer =
          new Thread(
              () -> {
                try {
                  while (!done.get()) {
                    volume.sync();
                  }
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      syncer.start();
      try {
        inThreads(works);
      } finally {
        done.set(true);
        syncer.join();
      }
    }
    store.assertAllClosed();
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, options())) {
      for (int t = 0; t < THREADS; t++) {
        assertThat(ModelledVolume.content(volume, "d" + t + "/own")).isEqualTo(contents[t]);
        assertThat(volume.list("d" + t)).hasSize(1);
      }
    }
  }

  private static byte[] useOwnFile(SecureFileSystem volume, int number) throws IOException {
    Random random = new Random(number);
    byte[] model = new byte[400_000];
    String folder = "d" + number;
    volume.createDirectory(folder);
    for (int round = 0; round < 30; round++) {
      try (SecureFile file =
          volume.openFile(
              folder + "/own",
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.CREATE)) {
        if (round == 0) {
          file.truncate(model.length);
        }
        for (int i = 0; i < 40; i++) {
          int position = random.nextInt(model.length - 20_000);
          byte[] fresh = SampleBytes.of(number * 1000L + i, random.nextInt(20_000));
          System.arraycopy(fresh, 0, model, position, fresh.length);
          file.pwrite(position, fresh, 0, fresh.length);
          int from = random.nextInt(model.length - 20_000);
          byte[] found = new byte[20_000];
          int count = file.pread(from, found, 0, found.length);
          if (!Arrays.equals(found, 0, count, model, from, from + count)) {
            throw new AssertionError("thread " + number + ", round " + round + ": at " + from);
          }
        }
        if (round % 3 == 0) {
          file.sync();
        }
      }
      volume
          .openFile(
              folder + "/passing " + round, StandardOpenOption.WRITE, StandardOpenOption.CREATE)
          .close();
      volume.rename(folder + "/passing " + round, folder + "/gone");
      volume.delete(folder + "/gone");
    }
    return model;
  }

  @Test
  void threadsWriteDifferentPartsOfOneFile() throws Exception {
    MemoryStore store = new MemoryStore();
    byte[] model = new byte[THREADS * PART];
    try (SecureFileSystem volume = SecureFileSystem.create(session, store, options());
        SecureFile file =
            volume.openFile(
                "shared",
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.CREATE)) {
      List<Callable<Void>> works = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        int number = t;
        works.add(
            () -> {
              Random random = new Random(number);
              int start = number * PART + number;
              int length = PART - THREADS;
              byte[] found = new byte[length];
              for (int i = 0; i < 400; i++) {
                int at = random.nextInt(length - 3000);
                byte[] fresh = SampleBytes.of(number * 10_000L + i, 1 + random.nextInt(3000));
                System.arraycopy(fresh, 0, model, start + at, fresh.length);
                file.pwrite(start + at, fresh, 0, fresh.length);
                int count = file.pread(start + at, found, 0, fresh.length);
                if (count != fresh.length
                    || !Arrays.equals(found, 0, count, fresh, 0, fresh.length)) {
                  throw new AssertionError("thread " + number + ", write " + i);
                }
                if (i % 50 == 0) {
                  file.sync();
                }
              }
              return null;
            });
      }
      inThreads(works);
    }
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, options())) {
      byte[] all = ModelledVolume.content(volume, "shared");
      assertThat(all).isEqualTo(Arrays.copyOf(model, all.length));
    }
  }

  @Test
  void appendsOfSeveralThreadsAreNotMixed() throws Exception {
    MemoryStore store = new MemoryStore();
    int record = 777;
    int each = 300;
    try (SecureFileSystem volume = SecureFileSystem.create(session, store, options())) {
      List<Callable<Void>> works = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        int number = t;
        works.add(
            () -> {
              try (SecureFile file =
                  volume.openFile(
                      "log",
                      StandardOpenOption.WRITE,
                      StandardOpenOption.CREATE,
                      StandardOpenOption.APPEND)) {
                for (int i = 0; i < each; i++) {
                  byte[] line = new byte[record];
                  Arrays.fill(line, (byte) (1 + number));
                  file.write(line);
                  if (i % 40 == 0) {
                    file.sync();
                  }
                }
              }
              return null;
            });
      }
      inThreads(works);
    }
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, options())) {
      byte[] all = ModelledVolume.content(volume, "log");
      assertThat(all).hasSize(THREADS * each * record);
      int[] count = new int[THREADS + 1];
      for (int at = 0; at < all.length; at += record) {
        byte[] line = new byte[record];
        Arrays.fill(line, all[at]);
        assertThat(Arrays.equals(line, 0, record, all, at, at + record)).isTrue();
        count[all[at]]++;
      }
      for (int t = 1; t <= THREADS; t++) {
        assertThat(count[t]).isEqualTo(each);
      }
    }
  }
}
