// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.file.VolumeInUseException;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.Store.Access;
import dev.strongroom.file.store.Store.LockMode;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Store} must do. A store's test extends this class and says how an empty store
 * is made.
 *
 * <p>Thread safety: confined to one thread, as JUnit runs it.
 */
public abstract class StoreContract {

  private static final int LARGE = 300_000;

  private Store store;

  /** Made by the subclasses only. */
  @SuppressWarnings("NullAway.Init") // set before each test
  protected StoreContract() {}

  /**
   * Makes an empty store.
   *
   * @return the store, closed by the contract
   * @throws IOException if that fails
   */
  protected abstract Store newStore() throws IOException;

  /**
   * Reaches the same place a second time, as another opener would; by default through the same
   * object.
   *
   * @param first the store made by {@link #newStore}
   * @return a store with the same files
   * @throws IOException if that fails
   */
  protected Store sameStore(Store first) throws IOException {
    return first;
  }

  @BeforeEach
  final void makeStore() throws IOException {
    store = newStore();
  }

  @AfterEach
  final void closeStore() throws IOException {
    store.close();
  }

  @Test
  final void aNewStoreIsEmpty() throws IOException {
    assertThat(store.list("")).isEmpty();
    assertThat(store.exists("a")).isFalse();
    assertThat(store.exists("")).isTrue();
    assertThat(store.usableSpace()).isPositive();
    assertThat(store.totalSpace()).isGreaterThanOrEqualTo(store.usableSpace());
    assertThat(store.toString()).isNotBlank();
  }

  @Test
  final void aMissingFileIsNotOpened() {
    assertThatThrownBy(() -> store.open("a", Access.READ)).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> store.open("a", Access.WRITE)).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> store.open("no/a", Access.CREATE))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  final void createMakesAFileAndKeepsOneThatIsThere() throws IOException {
    write("a.b-c", 0, bytes(1, 100));
    assertThat(store.exists("a.b-c")).isTrue();
    try (StoreFile file = store.open("a.b-c", Access.CREATE)) {
      assertThat(file.size()).isEqualTo(100);
    }
    assertThat(content("a.b-c")).isEqualTo(bytes(1, 100));
  }

  @Test
  final void whatIsWrittenIsReadBackAcrossBlocks() throws IOException {
    byte[] data = bytes(2, LARGE);
    write("a", 1000, data);
    byte[] all = content("a");
    assertThat(all).hasSize(1000 + LARGE);
    assertThat(Arrays.copyOf(all, 1000)).isEqualTo(new byte[1000]);
    assertThat(Arrays.copyOfRange(all, 1000, all.length)).isEqualTo(data);
  }

  @Test
  final void overwritingChangesNothingElse() throws IOException {
    byte[] data = bytes(3, 20_000);
    write("a", 0, data);
    byte[] patch = bytes(4, 5000);
    write("a", 4000, patch);
    System.arraycopy(patch, 0, data, 4000, patch.length);
    assertThat(content("a")).isEqualTo(data);
  }

  @Test
  final void readsAreShortOnlyAtTheEnd() throws IOException {
    write("a", 0, bytes(5, 5000));
    try (StoreFile file = store.open("a", Access.READ)) {
      byte[] target = new byte[6000];
      assertThat(file.read(0, target, 0, 6000)).isEqualTo(5000);
      assertThat(file.read(4999, target, 0, 10)).isEqualTo(1);
      assertThat(file.read(5000, target, 0, 10)).isZero();
      assertThat(file.read(1L << 40, target, 0, 10)).isZero();
      assertThat(file.read(0, target, 0, 0)).isZero();
    }
  }

  @Test
  final void onlyTheAskedPartOfTheArrayIsTouched() throws IOException {
    byte[] source = bytes(6, 300);
    try (StoreFile file = store.open("a", Access.CREATE)) {
      file.write(0, source, 100, 100);
      assertThat(file.size()).isEqualTo(100);
      byte[] target = new byte[300];
      assertThat(file.read(0, target, 150, 100)).isEqualTo(100);
      byte[] expected = new byte[300];
      System.arraycopy(source, 100, expected, 150, 100);
      assertThat(target).isEqualTo(expected);
    }
  }

  @Test
  final void anEmptyWriteChangesNothing() throws IOException {
    write("a", 0, bytes(7, 10));
    write("a", 1000, new byte[0]);
    assertThat(content("a")).isEqualTo(bytes(7, 10));
  }

  @Test
  final void truncateCutsAndLaterGrowthIsZero() throws IOException {
    write("a", 0, bytes(8, 10_000));
    try (StoreFile file = store.open("a", Access.WRITE)) {
      file.truncate(5000);
      assertThat(file.size()).isEqualTo(5000);
      file.truncate(9000);
      assertThat(file.size()).isEqualTo(9000);
      file.truncate(9000);
    }
    byte[] expected = Arrays.copyOf(Arrays.copyOf(bytes(8, 10_000), 5000), 9000);
    assertThat(content("a")).isEqualTo(expected);
  }

  @Test
  final void positionsBeyond4GibWork() throws IOException {
    long far = (5L << 30) + 123;
    write("a", far, bytes(9, 10));
    try (StoreFile file = store.open("a", Access.READ)) {
      assertThat(file.size()).isEqualTo(far + 10);
      byte[] target = new byte[20];
      assertThat(file.read(far - 10, target, 0, 20)).isEqualTo(20);
      assertThat(Arrays.copyOf(target, 10)).isEqualTo(new byte[10]);
      assertThat(Arrays.copyOfRange(target, 10, 20)).isEqualTo(bytes(9, 10));
    }
    store.delete("a");
  }

  @Test
  final void twoOpensOfOneFileSeeTheSameBytes() throws IOException {
    try (StoreFile writer = store.open("a", Access.CREATE);
        StoreFile reader = store.open("a", Access.READ)) {
      writer.write(0, bytes(10, 100), 0, 100);
      byte[] target = new byte[100];
      assertThat(reader.read(0, target, 0, 100)).isEqualTo(100);
      assertThat(target).isEqualTo(bytes(10, 100));
    }
  }

  @Test
  final void aFileOpenedForReadingIsNotWritten() throws IOException {
    write("a", 0, bytes(11, 10));
    try (StoreFile file = store.open("a", Access.READ)) {
      assertThatThrownBy(() -> file.write(0, new byte[5], 0, 5)).isInstanceOf(Exception.class);
    }
    assertThat(content("a")).isEqualTo(bytes(11, 10));
  }

  @Test
  final void foldersHoldFilesAndFolders() throws IOException {
    store.createDirectory("");
    store.createDirectory("d");
    store.createDirectory("d");
    store.createDirectory("d/e");
    write("d/e/a", 0, bytes(12, 10));
    write("d/b", 0, bytes(13, 10));
    assertThat(store.list("")).containsExactly("d");
    assertThat(store.list("d")).containsExactlyInAnyOrder("e", "b");
    assertThat(store.list("d/e")).containsExactly("a");
    assertThat(store.exists("d")).isTrue();
    assertThat(store.exists("d/e/a")).isTrue();
    assertThat(store.exists("d/e/b")).isFalse();
    assertThatThrownBy(() -> store.createDirectory("x/y")).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> store.list("x")).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> store.list("d/b")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> store.createDirectory("d/b")).isInstanceOf(IOException.class);
  }

  @Test
  final void moveReplacesAFileAndLeavesOpenOnesUsable() throws IOException {
    store.createDirectory("d");
    write("a", 0, bytes(14, 100));
    write("d/b", 0, bytes(15, 200));
    try (StoreFile open = store.open("a", Access.WRITE)) {
      store.move("a", "d/b");
      open.write(100, bytes(16, 50), 0, 50);
    }
    assertThat(store.exists("a")).isFalse();
    byte[] expected = Arrays.copyOf(bytes(14, 100), 150);
    System.arraycopy(bytes(16, 50), 0, expected, 100, 50);
    assertThat(content("d/b")).isEqualTo(expected);
    assertThatThrownBy(() -> store.move("a", "c")).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> store.move("d/b", "x/c")).isInstanceOf(IOException.class);
    assertThat(content("d/b")).isEqualTo(expected);
  }

  @Test
  final void deleteRemovesFilesAndEmptyFoldersOnly() throws IOException {
    store.createDirectory("d");
    write("d/a", 0, bytes(17, 10));
    assertThatThrownBy(() -> store.delete("d")).isInstanceOf(IOException.class);
    store.delete("d/a");
    store.delete("d");
    assertThat(store.list("")).isEmpty();
    assertThatThrownBy(() -> store.delete("d")).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  final void aDeletedFileStartsEmptyWhenItIsMadeAgain() throws IOException {
    write("a", 0, bytes(18, 10_000));
    store.delete("a");
    write("a", 5000, bytes(19, 10));
    byte[] expected = new byte[5010];
    System.arraycopy(bytes(19, 10), 0, expected, 5000, 10);
    assertThat(content("a")).isEqualTo(expected);
  }

  @Test
  final void syncsReturn() throws IOException {
    store.createDirectory("d");
    try (StoreFile file = store.open("d/a", Access.CREATE)) {
      file.write(0, bytes(20, 10), 0, 10);
      file.sync();
      file.sync();
    }
    store.syncDirectory("d");
    store.syncDirectory("");
    assertThatThrownBy(() -> store.syncDirectory("x")).isInstanceOf(IOException.class);
  }

  @Test
  final void anExclusiveLockKeepsOthersOut() throws Exception {
    try (Store second = sameStore(store)) {
      AutoCloseable lock = store.lock(LockMode.EXCLUSIVE);
      assertThatThrownBy(() -> second.lock(LockMode.EXCLUSIVE))
          .isInstanceOf(VolumeInUseException.class);
      assertThatThrownBy(() -> second.lock(LockMode.SHARED))
          .isInstanceOf(VolumeInUseException.class);
      lock.close();
      second.lock(LockMode.EXCLUSIVE).close();
    }
  }

  @Test
  final void readersShareALock() throws Exception {
    store.lock(LockMode.EXCLUSIVE).close();
    try (Store second = sameStore(store)) {
      AutoCloseable first = store.lock(LockMode.SHARED);
      AutoCloseable other = second.lock(LockMode.SHARED);
      assertThatThrownBy(() -> second.lock(LockMode.EXCLUSIVE))
          .isInstanceOf(VolumeInUseException.class);
      first.close();
      other.close();
      second.lock(LockMode.EXCLUSIVE).close();
    }
  }

  @Test
  final void anInterruptNeitherEndsAnOperationNorIsLost() throws IOException {
    try (StoreFile file = store.open("a", Access.CREATE)) {
      for (int i = 0; i < 50; i++) {
        Thread.currentThread().interrupt();
        file.write(i * 100L, bytes(i, 100), 0, 100);
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        byte[] target = new byte[100];
        assertThat(file.read(i * 100L, target, 0, 100)).isEqualTo(100);
        assertThat(target).isEqualTo(bytes(i, 100));
        assertThat(file.size()).isEqualTo((i + 1) * 100L);
        file.sync();
        file.truncate((i + 1) * 100L);
        store.syncDirectory("");
        assertThat(Thread.interrupted()).isTrue();
      }
    } finally {
      Thread.interrupted();
    }
    assertThat(content("a")).hasSize(5000);
  }

  @Test
  final void threadsWriteDifferentPartsOfOneFile() throws Exception {
    int threads = 4;
    int part = 50_001;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try (StoreFile file = store.open("a", Access.CREATE)) {
      List<Future<?>> running = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int number = t;
        running.add(
            pool.submit(
                () -> {
                  byte[] data = bytes(number, part);
                  for (int i = 0; i < part; i += 1000) {
                    int length = Math.min(1000, part - i);
                    file.write((long) number * part + i, data, i, length);
                  }
                  return null;
                }));
      }
      for (Future<?> future : running) {
        future.get();
      }
    } finally {
      pool.shutdownNow();
    }
    byte[] all = content("a");
    for (int t = 0; t < threads; t++) {
      assertThat(Arrays.copyOfRange(all, t * part, (t + 1) * part)).isEqualTo(bytes(t, part));
    }
  }

  private void write(String name, long position, byte[] data) throws IOException {
    try (StoreFile file = store.open(name, Access.CREATE)) {
      file.write(position, data, 0, data.length);
    }
  }

  private byte[] content(String name) throws IOException {
    try (StoreFile file = store.open(name, Access.READ)) {
      byte[] all = new byte[Math.toIntExact(file.size())];
      assertThat(file.read(0, all, 0, all.length)).isEqualTo(all.length);
      return all;
    }
  }

  private static byte[] bytes(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
