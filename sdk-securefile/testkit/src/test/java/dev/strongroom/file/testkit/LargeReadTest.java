// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.SecureOpenOption;
import dev.strongroom.file.VolumeOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads that several processors share, into the cache and past it. */
@Tag("jdk25")
class LargeReadTest {

  private static final int SECTOR = 4096;
  private static final int INLINE = 32;
  private static final int FANOUT = 120;
  private static final int LENGTH = 600 * SECTOR;
  private static final int CALL = 96 * SECTOR;
  private static final byte[] CONTENT = SampleBytes.of(7, LENGTH);

  @TempDir Path temporary;

  private TestElement element;
  private ElementSession session;
  private final MemoryStore store = new MemoryStore();

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

  /** With a small cache the file is longer than a scan needs to go past it. */
  private static VolumeOptions options(int cacheBytes) {
    return VolumeOptions.builder().journalBytes(1 << 20).cacheBytes(cacheBytes).build();
  }

  private String make(VolumeOptions options) throws IOException {
    try (SecureFileSystem volume = SecureFileSystem.create(session, store, options);
        SecureFile file =
            volume.openFile("f", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.write(CONTENT);
    }
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, options)) {
      return volume.stat("f").hostName();
    }
  }

  /** Where a sector lies, as the format's specification has it. */
  private static int position(int sector) {
    int beyond = sector - INLINE;
    int leaf = beyond / FANOUT;
    int innerNodes = leaf == 0 ? 0 : 1;
    return 2 * SECTOR
        + INLINE * SECTOR
        + leaf * (1 + FANOUT) * SECTOR
        + (1 + innerNodes) * SECTOR
        + beyond % FANOUT * SECTOR;
  }

  private void damage(String host, int... sectors) throws IOException {
    byte[] bytes = store.content(host);
    for (int sector : sectors) {
      bytes[position(sector) + 99] ^= 4;
    }
    store.replaceContent(host, bytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {2 << 20, 64 << 20})
  void theFirstDamagedSectorOfARunIsNamedAndTheOthersStayReadable(int cacheBytes)
      throws IOException {
    VolumeOptions options = options(cacheBytes);
    damage(make(options), 190, 200, 240);
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, options);
        SecureFile file = volume.openFile("f", StandardOpenOption.READ)) {
      byte[] read = new byte[CALL];
      int from = 160 * SECTOR;
      file.pread(from - SECTOR, read, 0, SECTOR); // from here on it is a scan
      Arrays.fill(read, (byte) 9);
      IntegrityException damaged =
          catchThrowableOfType(
              IntegrityException.class, () -> file.pread(from, read, 0, read.length));
      assertThat(damaged.sector()).isEqualTo(190);
      assertThat(damaged.from()).isEqualTo(190 * SECTOR);
      for (int sector = 0; sector < 600; sector++) {
        int at = sector * SECTOR;
        if (sector == 190 || sector == 200 || sector == 240) {
          assertThat(
                  catchThrowableOfType(
                          IntegrityException.class, () -> file.pread(at, read, 0, SECTOR))
                      .sector())
              .isEqualTo(sector);
        } else {
          assertThat(file.pread(at, read, 0, SECTOR)).isEqualTo(SECTOR);
          assertThat(Arrays.equals(read, 0, SECTOR, CONTENT, at, at + SECTOR)).isTrue();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2 << 20, 64 << 20})
  void aHostFileThatWasCutIsNamedWhereItEnds(int cacheBytes) throws IOException {
    VolumeOptions options = options(cacheBytes);
    String host = make(options);
    store.replaceContent(host, Arrays.copyOf(store.content(host), position(185) + 1000));
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, options);
        SecureFile file =
            volume.openFile("f", StandardOpenOption.READ, SecureOpenOption.FORCE_OPEN)) {
      byte[] read = new byte[CALL];
      file.pread(159 * SECTOR, read, 0, SECTOR);
      IntegrityException damaged =
          catchThrowableOfType(
              IntegrityException.class, () -> file.pread(160 * SECTOR, read, 0, CALL));
      assertThat(damaged.sector()).isEqualTo(185);
      assertThat(damaged.getMessage()).contains("the host file ends before it");
      assertThat(file.pread(160 * SECTOR, read, 0, 25 * SECTOR)).isEqualTo(25 * SECTOR);
    }
  }

  /** More readers and writers than processors, so that helpers are mostly taken by others. */
  @Test
  void manyThreadsAtOnceReadWhatWasWritten() throws Exception {
    int threads = 6;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try (SecureFileSystem volume =
        SecureFileSystem.create(session, temporary.resolve("volume"), options(4 << 20))) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        String name = "f" + i;
        byte[] content = SampleBytes.of(100 + i, 3 << 20);
        all.add(
            pool.submit(
                () -> {
                  writeAndRead(volume, name, content);
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      pool.shutdown();
    }
  }

  private static void writeAndRead(SecureFileSystem volume, String name, byte[] content)
      throws IOException {
    byte[] read = new byte[content.length];
    for (int round = 0; round < 3; round++) {
      try (SecureFile file =
          volume.openFile(
              name, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        for (int at = 0; at < content.length; at += CALL) {
          file.pwrite(at, content, at, Math.min(CALL, content.length - at));
        }
        for (int at = 0; at < content.length; at += CALL) {
          int part = Math.min(CALL, content.length - at);
          assertThat(file.pread(at, read, at, part)).isEqualTo(part);
        }
      }
      assertThat(Arrays.equals(read, content)).isTrue();
      Arrays.fill(read, (byte) 0);
      content[round] ^= 1;
    }
  }
}
