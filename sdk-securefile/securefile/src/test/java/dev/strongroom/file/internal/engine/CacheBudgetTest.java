// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.file.CommitTooLargeException;
import dev.strongroom.file.NoSpaceException;
import dev.strongroom.file.SecureOpenOption;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.internal.format.v1.Names;
import dev.strongroom.file.store.PathStore;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory for clear data, tag pages and what waits stays within a tenth of the budget. */
class CacheBudgetTest {

  private static final int BUDGET = 1 << 20;
  private static final int SECTOR = 4096;

  private static @Nullable SecureElement element;
  private static @Nullable ElementSession session;

  @TempDir Path folder = Path.of("");
  private @Nullable Volume opened;
  private int budget;
  private boolean full;
  private int refused;

  @BeforeAll
  static void login() throws IOException {
    SecureElement made =
        SecureElement.open(SimulatedElement.inMemory(SimulatedElementOptions.cheap()));
    try (SecretBytes user = SecretBytes.encode("1234".toCharArray());
        SecretBytes administrator = SecretBytes.encode("administrator".toCharArray())) {
      made.initialize(user, administrator);
      session = made.login(user);
    }
    element = made;
  }

  @AfterAll
  static void logout() {
    Objects.requireNonNull(session).close();
    Objects.requireNonNull(element).close();
  }

  @BeforeEach
  void create() throws IOException {
    create(BUDGET);
  }

  private void create(int bytes) throws IOException {
    budget = bytes;
    VolumeOptions options = VolumeOptions.builder().cacheBytes(bytes).journalBytes(4 << 20).build();
    opened =
        VolumeOpener.create(
            Objects.requireNonNull(session),
            medium(Store.class, new PathStore(folder.resolve("volume" + bytes)), ""),
            options,
            VolumeOpener.Neighbours.NONE);
  }

  /**
   * A store, or a file of it, that syncs nothing, since this is not about what is durable, and that
   * takes nothing while it is full, but what the journal has its room for.
   */
  private <T> T medium(Class<T> type, Object real, String name) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              if (method.getName().startsWith("sync")) {
                return null;
              }
              if (full && method.getName().equals("write") && !name.equals(Names.JOURNAL)) {
                refused++;
                throw new NoSpaceException("the medium", (Integer) arguments[3], 0, null);
              }
              try {
                Object result = method.invoke(real, arguments);
                return result instanceof StoreFile
                    ? medium(StoreFile.class, result, (String) arguments[0])
                    : result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
    return type.cast(proxy);
  }

  /** What all loads are for. */
  @AfterEach
  void theBudgetHeld() throws IOException {
    full = false;
    volume().close();
    assertThat(volume().cache.highest()).isBetween(budget / 2L, budget + budget / 10L);
    assertThat(volume().cache.allocated()).as("all is given back").isZero();
    assertThat(volume().cache.charged()).as("nothing waits").isZero();
  }

  private Volume volume() {
    return Objects.requireNonNull(opened);
  }

  private OpenFile open(String path, OpenOption... options) throws IOException {
    return OpenFile.open(volume(), new Namespace(volume()), path, Set.of(options));
  }

  @Test
  void smallWritesOneAfterTheOther() throws IOException {
    byte[] part = new byte[8 << 10];
    OpenFile file = open("/file", CREATE, WRITE);
    for (long at = 0; at < 24 << 20; at += part.length) {
      file.write(at, part, 0, part.length);
    }
    file.close();
  }

  @Test
  void oneCallLongerThanTheCache() throws IOException {
    byte[] whole = new byte[10 << 20];
    OpenFile file = open("/file", CREATE, READ, WRITE);
    file.write(0, whole, 0, whole.length);
    file.sync();
    file.write(0, whole, 0, whole.length);
    file.write(5, whole, 0, whole.length);
    assertThat(file.read(0, whole, 0, whole.length)).isEqualTo(whole.length);
    file.close();
  }

  /** Every sector under a tag page of its own. */
  @Test
  void writesAndReadsAllOverAHugeFile() throws IOException {
    Random random = new Random(7);
    byte[] sector = new byte[SECTOR];
    OpenFile file = open("/file", CREATE, READ, WRITE);
    file.truncate(64L << 30);
    for (int i = 0; i < 1500; i++) {
      file.write(random.nextLong(16L << 20) * SECTOR, sector, 0, SECTOR);
      if (i % 400 == 0) {
        file.sync();
      }
    }
    file.sync();
    random.setSeed(7);
    for (int i = 0; i < 1500; i++) {
      file.read(random.nextLong(16L << 20) * SECTOR, sector, 0, SECTOR);
    }
    file.close();
  }

  @Test
  void manyFilesWithALittleEach() throws IOException {
    byte[] part = new byte[24 << 10];
    List<OpenFile> files = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      OpenFile file = open("/file" + i, CREATE, READ, WRITE);
      file.write(0, part, 0, part.length);
      file.write(1L << 30, part, 0, part.length);
      files.add(file);
    }
    volume().sync();
    for (OpenFile file : files) {
      file.read(0, part, 0, part.length);
      file.write(5, part, 0, part.length - 5);
    }
    volume().sync();
    for (OpenFile file : files) {
      file.close();
    }
  }

  @Test
  void transactions() throws IOException {
    Random random = new Random(8);
    byte[] sector = new byte[SECTOR];
    OpenFile file = open("/file", CREATE, WRITE, SecureOpenOption.TRANSACTION);
    for (int i = 0; i < 4000; i++) {
      file.write(random.nextLong(4 << 10) * SECTOR, sector, 0, SECTOR);
    }
    file.commit();
    for (int i = 0; i < 700; i++) { // each with a tag page of its own
      file.write(random.nextLong(16L << 20) * SECTOR, sector, 0, SECTOR);
    }
    file.commit();
    CommitTooLargeException refused =
        catchThrowableOfType(
            CommitTooLargeException.class,
            () -> {
              for (int i = 0; i < 2000; i++) {
                file.write(random.nextLong(16L << 20) * SECTOR, sector, 0, SECTOR);
              }
            });
    assertThat(refused).hasMessageContaining("half of the cache");
    assertThat(refused.needed()).isGreaterThan(refused.limit());
    file.commit();
    file.close();
  }

  @Test
  void aRekeyOnAFullMedium() throws IOException {
    byte[] whole = new byte[6 << 20];
    OpenFile file = open("/file", CREATE, WRITE);
    file.write(0, whole, 0, whole.length);
    file.close();
    volume().commits.publishInPlace(volume().commits.waiting());
    full = true;
    assertThatThrownBy(() -> new Namespace(volume()).rekey("/file"))
        .isInstanceOf(NoSpaceException.class);
    assertThat(refused).isBetween(1, 100);
    full = false;
    new Namespace(volume()).rekey("/file");
  }

  @Test
  void smallWritesOnAFullMedium() throws IOException {
    byte[] whole = new byte[6 << 20];
    byte[] sector = new byte[SECTOR];
    OpenFile file = open("/file", CREATE, READ, WRITE);
    file.write(0, whole, 0, whole.length);
    file.sync();
    full = true;
    int failed = 0;
    for (long at = 0; at < whole.length; at += SECTOR) {
      try {
        file.write(at, sector, 0, SECTOR);
      } catch (NoSpaceException e) {
        failed++;
      }
    }
    assertThat(failed).isGreaterThan(1000);
    assertThat(refused).isLessThan(2 * failed);
    refused = 0;
    for (long at = 0; at < whole.length; at += SECTOR) {
      assertThat(file.read(at, sector, 0, SECTOR)).isEqualTo(SECTOR);
    }
    assertThat(refused).as("tried again now and then").isBetween(1, 200);
    full = false;
    file.write(0, whole, 0, whole.length);
    file.sync();
    file.close();
  }

  /**
   * While one file is committed its pages cannot make room for another's, so what the threads hold
   * at one time must fit; in the smallest cache it does not.
   */
  @Test
  void threads() throws Exception {
    volume().close();
    create(4 * BUDGET);
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      List<Callable<Boolean>> works = new ArrayList<>();
      for (int n = 0; n < 3; n++) {
        String path = "/file" + n;
        int seed = n;
        works.add(
            () -> {
              Random random = new Random(seed);
              byte[] part = new byte[40 << 10];
              OpenFile file = open(path, CREATE, READ, WRITE);
              for (int i = 0; i < 120; i++) {
                file.write(random.nextLong(16 << 20), part, 0, part.length);
                if (i % 40 == 0) {
                  file.sync();
                }
                file.read(random.nextLong(16 << 20), part, 0, part.length);
              }
              file.close();
              return true;
            });
      }
      for (Future<Boolean> each : threads.invokeAll(works)) {
        assertThat(each.get()).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
