// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Crashes while several threads commit, whose records share fdatasyncs: what was synced by any of
 * them is there, and every file is one whole commit.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GroupCommitCrashTest {

  private static final long SEED = Long.getLong("crash.seed", 20260302);
  private static final CrashModel MODEL =
      CrashModel.strict().withExhaustive(2).withSamples(3).withTorn(2).withGarbage(1);
  private static final int THREADS = 4;
  private static final int ROUNDS = 6;

  private static TestElement element;
  private static ElementSession session;

  /** A thread begins a change that leads to its version, or has it synced. */
  private record Mark(int thread, int version, boolean synced) {}

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

  /** Writes and renames through one of the faces of the engine, and makes that durable. */
  private interface Face {

    /** Replaces the beginning of a file, which is made when it is not there. */
    void write(String path, byte[] content) throws IOException;

    void rename(String from, String to) throws IOException;
  }

  /** A volume's own face. */
  private record Engine(SecureFileSystem volume) implements Face {

    @Override
    public void write(String path, byte[] content) throws IOException {
      try (SecureFile file =
          volume.openFile(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        file.write(content);
        file.sync();
      }
    }

    @Override
    public void rename(String from, String to) throws IOException {
      volume.rename(from, to);
      volume.syncNames();
    }
  }

  /** The face that a volume has in {@code java.nio.file}. */
  private record Mount(FileSystem files) implements Face {

    @Override
    public void write(String path, byte[] content) throws IOException {
      try (FileChannel channel =
          FileChannel.open(
              files.getPath(path), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.wrap(content));
        channel.force(true);
      }
    }

    @Override
    public void rename(String from, String to) throws IOException {
      Files.move(files.getPath(from), files.getPath(to), StandardCopyOption.ATOMIC_MOVE);
      Mounted.force(files.getPath("/"));
    }
  }

  @Test
  void whatAnyThreadHasSyncedIsThereAfterACrash() throws Exception {
    crash(Engine::new);
  }

  @Test
  void whatAnyThreadHasForcedThroughAChannelIsThereAfterACrash() throws Exception {
    crash(volume -> new Mount(Mounted.of(volume)));
  }

  /** Shows a volume. */
  private interface Showing {
    Face of(SecureFileSystem volume) throws IOException;
  }

  private static void crash(Showing showing) throws Exception {
    RecordingStore disk = RecordingStore.over(new MemoryStore());
    FaultyStore counting = new FaultyStore(disk);
    SecureFileSystem volume =
        SecureFileSystem.create(
            session, slowToAnswer(counting), ModelledVolume.options(new ManualExecutor()));
    for (int thread = 0; thread < THREADS; thread++) {
      volume.createDirectory("d" + thread);
    }
    volume.sync();
    Face face = showing.of(volume);
    disk.restart();
    StoreCounters before = counting.counters();
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    List<Future<Void>> running = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      int number = thread;
      Callable<Void> work =
          () -> {
            commitAll(face, number, disk);
            return null;
          };
      running.add(pool.submit(work));
    }
    for (Future<Void> each : running) {
      each.get();
    }
    pool.shutdown();
    long syncs =
        counting.counters().since(before).count(StoreOperation.SYNC, "strongroom.journal"::equals);
    long calls = 3L * THREADS * ROUNDS;
    long states =
        CrashStates.of(disk.log(), MODEL, SEED)
            .forEach(
                image -> {
                  MemoryStore crashed = image.store();
                  try (SecureFileSystem after =
                      SecureFileSystem.open(session, crashed, ModelledVolume.SMALL)) {
                    for (int thread = 0; thread < THREADS; thread++) {
                      check(after, thread, image.marks());
                    }
                  }
                  crashed.assertAllClosed();
                });
    System.out.println(
        "GroupCommitCrashTest: "
            + calls
            + " syncs of files in "
            + syncs
            + " of the journal, "
            + states
            + " states");
    assertThat(syncs).as("syncs of the journal are shared").isLessThan(calls);
    assertThat(states).isGreaterThan(200);
  }

  /** Replaces a file in place, and another by a rename, each to carry the version. */
  private static void commitAll(Face face, int thread, RecordingStore disk) throws IOException {
    String directory = "d" + thread + "/";
    for (int version = 1; version <= ROUNDS; version++) {
      disk.mark(new Mark(thread, 2 * version - 1, false));
      face.write(directory + "changed", content(thread, version));
      disk.mark(new Mark(thread, 2 * version - 1, true));
      face.write(directory + "fresh", content(thread, version));
      disk.mark(new Mark(thread, 2 * version, false));
      face.rename(directory + "fresh", directory + "replaced");
      disk.mark(new Mark(thread, 2 * version, true));
    }
  }

  private static byte[] content(int thread, int version) {
    byte[] bytes = SampleBytes.of(100L * thread + version, 3000 + 2500 * thread);
    ByteBuffer.wrap(bytes).putInt(0, version);
    return bytes;
  }

  private static void check(SecureFileSystem volume, int thread, List<Object> marks)
      throws IOException {
    int begun = 0;
    int synced = 0;
    for (Object next : marks) {
      if (next instanceof Mark mark && mark.thread() == thread) {
        begun = Math.max(begun, mark.version());
        synced = mark.synced() ? mark.version() : synced;
      }
    }
    requireVersion(volume, thread, "changed", (synced + 1) / 2, (begun + 1) / 2);
    requireVersion(volume, thread, "replaced", synced / 2, begun / 2);
  }

  private static void requireVersion(
      SecureFileSystem volume, int thread, String name, int least, int most) throws IOException {
    String path = "d" + thread + "/" + name;
    int version = 0;
    if (volume.exists(path)) {
      byte[] found = ModelledVolume.content(volume, path);
      version = found.length == 0 ? 0 : ByteBuffer.wrap(found).getInt(0);
      if (version != 0 && !Arrays.equals(found, content(thread, version))) {
        throw new AssertionError(path + " is not version " + version + ", which it begins as");
      }
    }
    if (version < least || version > most) {
      throw new AssertionError(
          path + " is of version " + version + ", not of " + least + " to " + most);
    }
  }

  /** A store whose syncs take a while after they took effect, in which others write. */
  private static Store slowToAnswer(Store store) {
    return proxy(
        Store.class,
        store,
        (name, result) ->
            result instanceof StoreFile file
                ? proxy(
                    StoreFile.class,
                    file,
                    (call, answer) -> {
                      if (call.equals("sync")) {
                        Thread.sleep(4);
                      }
                      return answer;
                    })
                : result);
  }

  /** What is done after each call. */
  private interface After {
    Object call(String method, Object result) throws Exception;
  }

  private static <T> T proxy(Class<T> type, T target, After after) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              try {
                return after.call(method.getName(), method.invoke(target, arguments));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
