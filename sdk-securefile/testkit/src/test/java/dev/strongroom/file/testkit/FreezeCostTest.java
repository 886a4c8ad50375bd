// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.Freshness;
import dev.strongroom.file.RollbackException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.store.Store;
import java.io.IOException;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What versions cost in element commands; these figures do not vary. */
class FreezeCostTest {

  private final ManualExecutor executor = new ManualExecutor();
  private final MemoryStore store = new MemoryStore();
  private TestElement element;
  private ElementSession session;

  /** Something that is paid for. */
  private interface Work {
    void run() throws IOException;
  }

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

  private long commands(Work work) throws IOException {
    long before = element.commands();
    work.run();
    return element.commands() - before;
  }

  private VolumeOptions options(Freshness freshness) {
    return VolumeOptions.builder()
        .journalBytes(1 << 20)
        .cacheBytes(4 << 20)
        .freshness(freshness)
        .executor(executor)
        .clock(executor)
        .build();
  }

  private SecureFileSystem create(Freshness freshness) throws IOException {
    return SecureFileSystem.create(session, store, options(freshness));
  }

  private SecureFileSystem open() throws IOException {
    return SecureFileSystem.open(session, store, options(Freshness.NONE));
  }

  private static void put(SecureFileSystem volume, String path) throws IOException {
    try (SecureFile file =
        volume.openFile(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.write(new byte[] {1, 2, 3});
    }
  }

  private static List<String> files(SecureFileSystem volume, int count) throws IOException {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add("f" + i);
      put(volume, "f" + i);
    }
    return names;
  }

  @Test
  void aFreezeOfClosedFilesCostsABatchOfKeysPer64AndOneStep() throws IOException {
    List<String> names;
    try (SecureFileSystem volume = create(Freshness.NONE)) {
      names = files(volume, 200);
    }
    try (SecureFileSystem volume = open()) {
      volume.exists("f0"); // so that the directory is known
      // The first freeze asks which slots are taken, and for the keys of the ledger.
      assertThat(commands(() -> volume.freeze(names.subList(0, 63)))).isEqualTo(3);
      assertThat(commands(() -> volume.freeze(names.subList(64, 128)))).isEqualTo(2);
    }
    try (SecureFileSystem volume = open()) {
      volume.exists("f0");
      assertThat(commands(() -> volume.freeze(names))).isEqualTo(5);
      try (SecureFile held = volume.openFile("f1")) {
        assertThat(held.size()).isEqualTo(3);
        volume.sync();
        assertThat(commands(() -> volume.freeze(List.of("f1")))).isEqualTo(1);
      }
      assertThat(commands(() -> volume.invalidate(names.subList(0, 150)))).isEqualTo(1);
    }
  }

  @Test
  void anOpeningCostsAtMostFourAndOpeningAFileOne() throws IOException {
    try (SecureFileSystem volume = create(Freshness.NONE)) {
      files(volume, 100);
    }
    assertThat(commands(() -> open().close())).as("without a ledger").isLessThanOrEqualTo(3);
    try (SecureFileSystem volume = open()) {
      volume.freezeTree("/");
    }
    session.close();
    session = element.login();
    long spent =
        commands(
            () -> {
              try (SecureFileSystem volume = open()) {
                assertThat(volume.exists("f0")).isTrue();
              }
            });
    assertThat(spent).as("with a ledger, in a new session").isLessThanOrEqualTo(4);
    try (SecureFileSystem volume = open()) {
      volume.exists("f0");
      assertThat(commands(() -> volume.openFile("f1").close())).isEqualTo(1);
      assertThat(commands(() -> volume.openFile("f2", StandardOpenOption.WRITE).close()))
          .isEqualTo(1);
    }
  }

  @Test
  void aStrictVolumeCostsOneStepADurableCommit() throws IOException {
    try (SecureFileSystem volume = create(Freshness.STRICT)) {
      volume.exists("x");
      long made =
          commands(
              () -> {
                try (SecureFile file =
                    volume.openFile("f", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                  for (int i = 0; i < 10; i++) {
                    file.write(new byte[5000]);
                    file.sync();
                  }
                  assertThat(commands(file::sync)).isZero();
                  file.write(new byte[5000]);
                }
              });
      assertThat(made).isEqualTo(1 + 10);
      assertThat(commands(volume::sync)).isEqualTo(1);
      assertThat(commands(volume::sync)).isZero();
    }
  }

  @Test
  void withALagSyncCostsNothingAndTheCloseOneStep() throws IOException {
    create(Freshness.STRICT).close();
    VolumeOptions lagging =
        VolumeOptions.builder()
            .freshnessLag(Duration.ofSeconds(10))
            .executor(executor)
            .clock(executor)
            .build();
    SecureFileSystem volume = SecureFileSystem.open(session, store, lagging);
    put(volume, "f");
    volume.sync();
    assertThat(
            commands(
                () -> {
                  try (SecureFile file = volume.openFile("f", StandardOpenOption.WRITE)) {
                    for (int i = 0; i < 10; i++) {
                      file.write(new byte[5000]);
                      file.sync();
                    }
                  }
                }))
        .as("the file may be asked for once")
        .isLessThanOrEqualTo(1);
    assertThat(commands(volume::close)).isEqualTo(1);
  }

  @Test
  void stepsOfThreadsThatSyncAtTheSameTimeAreShared() throws Exception {
    int threads = 4;
    int rounds = 25;
    try (SecureFileSystem volume = create(Freshness.STRICT)) {
      for (int i = 0; i < threads; i++) {
        put(volume, "f" + i);
      }
      volume.sync();
      element.simulated.inject(
          dev.strongroom.simulator.FaultPlan.builder()
              .delay(java.time.Duration.ofMillis(5))
              .build());
      ExecutorService pool = Executors.newFixedThreadPool(threads);
      long before = element.commands();
      List<Future<Void>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        String name = "f" + i;
        Callable<Void> work =
            () -> {
              try (SecureFile file = volume.openFile(name, StandardOpenOption.WRITE)) {
                for (int round = 0; round < rounds; round++) {
                  file.write(new byte[100]);
                  file.sync();
                }
              }
              return null;
            };
        running.add(pool.submit(work));
      }
      for (Future<Void> each : running) {
        each.get();
      }
      pool.shutdown();
      long spent = element.commands() - before;
      System.out.println(
          "FreezeCostTest: "
              + threads * rounds
              + " syncs of "
              + threads
              + " threads: "
              + spent
              + " commands");
      assertThat(spent).isLessThan((long) threads * rounds * 3 / 4);
    }
  }

  /** Far more files than one record of the journal takes. */
  @Test
  void tenThousandClosedFilesAreFrozenByManyRecordsAndOneStep() throws IOException {
    int count = 10_000;
    try (SecureFileSystem volume = create(Freshness.NONE)) {
      files(volume, count);
    }
    MemoryStore before = store.copy();
    long version;
    try (SecureFileSystem volume = open()) {
      int batches = (count + 63) / 64;
      volume.exists("f0");
      assertThat(commands(() -> volume.freezeTree("/"))).isLessThanOrEqualTo(batches + 4);
      assertThat(session.readVersion(volume.info().id()).orElseThrow().counter()).isEqualTo(1);
      version = volume.version("f9999");
      assertThat(version).isEqualTo(1);
    }
    String host;
    try (SecureFileSystem volume = open()) {
      for (int i = 0; i < count; i += 997) {
        assertThat(volume.version("f" + i)).isEqualTo(1);
      }
      host = volume.stat("f997").hostName();
    }
    byte[] old = before.content(host);
    try (var file = store.open(host, Store.Access.WRITE)) {
      file.write(0, old, 0, old.length);
    }
    try (SecureFileSystem volume = open()) {
      Assertions.assertThatThrownBy(() -> volume.openFile("f997"))
          .isInstanceOf(RollbackException.class);
    }
  }
}
