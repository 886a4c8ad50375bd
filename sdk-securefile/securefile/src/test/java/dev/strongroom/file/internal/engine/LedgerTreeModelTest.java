// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.internal.format.v1.LedgerLeaf;
import dev.strongroom.file.internal.format.v1.VolumeFileState;
import dev.strongroom.file.store.PathStore;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The B+tree of a ledger against a {@link TreeMap}, in a real volume. */
class LedgerTreeModelTest {

  private static final int CACHE = 1 << 20;

  private static @Nullable SecureElement element;
  private static @Nullable ElementSession session;

  /** What is done with the ledger of an open volume. */
  private interface Work {
    void on(LedgerTree tree, Volume volume) throws IOException;
  }

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

  /** Opens the volume, or makes it, and closes it again. */
  private static void with(Path folder, Work work) throws IOException {
    ElementSession open = Objects.requireNonNull(session);
    VolumeOptions options = VolumeOptions.builder().cacheBytes(CACHE).build();
    boolean made = Files.exists(folder.resolve("strongroom.volume"));
    try (Volume volume =
        made
            ? VolumeOpener.open(open, new PathStore(folder), options)
            : VolumeOpener.create(
                open, new PathStore(folder), options, VolumeOpener.Neighbours.NONE)) {
      KeyRing.change(volume, keys -> volume.ledger.make(keys));
      volume.lock.lock();
      try {
        work.on(new LedgerTree(Objects.requireNonNull(volume.ledger.node())), volume);
      } finally {
        volume.lock.unlock();
      }
    }
  }

  private static Bytes uid(long seed) {
    byte[] uid = new byte[16];
    new Random(seed).nextBytes(uid);
    return Bytes.copyOf(uid);
  }

  private static Bytes run(int first) {
    byte[] uid = new byte[16];
    for (int i = 0; i < uid.length; i++) {
      uid[i] = (byte) (first + i);
    }
    return Bytes.copyOf(uid);
  }

  private static LedgerLeaf leaf(Random random) {
    return new LedgerLeaf(random.nextInt(100), random.nextLong(), random.nextInt(10) == 0);
  }

  private static void assertSame(LedgerTree tree, Map<Bytes, LedgerLeaf> model) throws IOException {
    assertThat(tree.size()).isEqualTo(model.size());
    Map<Bytes, LedgerLeaf> found = new TreeMap<>();
    tree.verify((uid, leaf) -> assertThat(found.put(uid, leaf)).isNull());
    assertThat(found).isEqualTo(model);
  }

  @ParameterizedTest
  @CsvSource({"41, 100, 2000", "42, 3000, 6000", "43, 20000, 12000"})
  void itHoldsWhatAMapHolds(long seed, int uids, int steps, @TempDir Path folder)
      throws IOException {
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    TreeMap<Bytes, LedgerLeaf> model = new TreeMap<>();
    for (int round = 0; round < 2; round++) {
      with(
          folder,
          (tree, volume) -> {
            assertSame(tree, model);
            for (int i = 0; i < steps; i++) {
              Bytes uid = uid(random.nextInt(uids));
              assertThat(tree.find(uid)).isEqualTo(model.getOrDefault(uid, LedgerLeaf.NONE));
              LedgerLeaf leaf = leaf(random);
              tree.put(uid, leaf);
              model.put(uid, leaf);
              if (i % 1000 == 0) {
                volume.commits.commit(List.of(), false);
              }
            }
            assertSame(tree, model);
          });
    }
  }

  @Test
  void ascendingAndDescendingUidsFillIt(@TempDir Path folder) throws IOException {
    TreeMap<Bytes, LedgerLeaf> model = new TreeMap<>();
    with(
        folder,
        (tree, volume) -> {
          for (int i = 0; i < 20_000; i++) {
            int number = i < 10_000 ? 10_000 + i : 19_999 - i;
            Bytes uid = Bytes.copyOf(ByteBuffer.allocate(16).putInt(number).array());
            LedgerLeaf leaf = new LedgerLeaf(i, number, false);
            tree.put(uid, leaf);
            model.put(uid, leaf);
          }
          tree.lastVersion(7);
          assertThat(tree.lastVersion()).isEqualTo(7);
          assertSame(tree, model);
        });
    with(folder, (tree, volume) -> assertSame(tree, model));
  }

  /** Pages that hold what they like, under the right keys. */
  @Test
  void pagesThatDoNotFitAreRefusedByName(@TempDir Path folder) throws IOException {
    with(
        folder,
        (tree, volume) -> {
          for (int i = 0; i < 1000; i++) {
            tree.put(uid(i), new LedgerLeaf(1, i + 1, false));
          }
          FileNode node = Objects.requireNonNull(volume.ledger.node());
          int pages = (int) (node.length / LedgerTree.PAGE);
          Random random = new Random(44);
          byte[] page = new byte[LedgerTree.PAGE];
          int refused = 0;
          for (int i = 0; i < 3000; i++) {
            long at = (long) random.nextInt(pages) * LedgerTree.PAGE;
            node.read(at, page, 0, page.length);
            byte[] bad = page.clone();
            int place = random.nextInt(random.nextBoolean() ? 48 : page.length);
            bad[place] ^= (byte) (1 << random.nextInt(8));
            node.write(at, bad, 0, bad.length);
            try {
              tree.verify((uid, leaf) -> {});
              for (int k = 0; k < 10; k++) {
                tree.find(uid(random.nextInt(1000)));
              }
            } catch (IntegrityException | FormatVersionException e) {
              refused++;
              assertThat(e).hasMessageContaining("ledger");
            }
            node.write(at, page, 0, page.length);
          }
          assertThat(refused).isGreaterThan(300);
          tree.verify((uid, leaf) -> {});
        });
  }

  /** The vector of the specification. */
  @Test
  void pagesStandAsTheSpecificationSays(@TempDir Path folder) throws IOException {
    with(
        folder,
        (tree, volume) -> {
          byte[] signature = new byte[32];
          run(0x20).copyTo(signature, 0);
          run(0x30).copyTo(signature, 16);
          tree.put(run(0x60), new LedgerLeaf(0, 0x1112131415161718L, false));
          tree.put(run(0x50), new LedgerLeaf(3, 0x0102030405060708L, true));
          tree.lastVersion(3);
          tree.volumeFile(new VolumeFileState(7, Bytes.copyOf(signature)));
          FileNode node = Objects.requireNonNull(volume.ledger.node());
          byte[] pages = new byte[2 * LedgerTree.PAGE];
          assertThat(node.read(0, pages, 0, pages.length)).isEqualTo(pages.length);
          byte[] expected = new byte[pages.length];
          Bytes.parse(
                  "53524c4544475231000000010000000200000000000000000000000000000002"
                      + "00000000000000030000000000000007"
                      + "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f")
              .copyTo(expected, 0);
          Bytes.parse(
                  "0100000200000000505152535455565758595a5b5c5d5e5f0000000000000003"
                      + "010203040506070801606162636465666768696a6b6c6d6e6f"
                      + "0000000000000000111213141516171800")
              .copyTo(expected, LedgerTree.PAGE);
          assertThat(pages).isEqualTo(expected);
        });
  }

  @Test
  void aLeafWithFlagsOfALaterReleaseIsRefusedByName(@TempDir Path folder) throws IOException {
    with(
        folder,
        (tree, volume) -> {
          tree.put(uid(1), new LedgerLeaf(1, 2, true));
          FileNode node = Objects.requireNonNull(volume.ledger.node());
          node.write(LedgerTree.PAGE + 8 + 32, new byte[] {3}, 0, 1);
          assertThatThrownBy(() -> tree.find(uid(1))).isInstanceOf(FormatVersionException.class);
          node.write(LedgerTree.PAGE + 8 + 32, new byte[] {1}, 0, 1);
          assertThat(tree.find(uid(1)).invalid()).isTrue();
          node.write(16, new byte[] {1}, 0, 1);
          assertThatThrownBy(() -> tree.find(uid(1))).isInstanceOf(FormatVersionException.class);
          node.write(16, new byte[] {0}, 0, 1);
        });
  }

  @Test
  void tenThousandLeavesInASmallCache(@TempDir Path folder) throws IOException {
    many(folder, 10_000);
  }

  @Test
  @Tag("growth")
  void aMillionLeavesInASmallCache(@TempDir Path folder) throws IOException {
    many(folder, 1_000_000);
  }

  private static void many(Path folder, int count) throws IOException {
    with(
        folder,
        (tree, volume) -> {
          for (int i = 0; i < count; i++) {
            tree.put(uid(i), new LedgerLeaf(1, i + 1, false));
          }
          volume.commits.commit(List.of(), true);
        });
    long before = heap();
    with(
        folder,
        (tree, volume) -> {
          assertThat(tree.size()).isEqualTo(count);
          Random random = new Random(45);
          long start = System.nanoTime();
          for (int i = 0; i < 10_000; i++) {
            int number = random.nextInt(count);
            assertThat(tree.find(uid(number))).isEqualTo(new LedgerLeaf(1, number + 1, false));
          }
          System.out.println(
              "LedgerTreeModelTest: a look-up among "
                  + count
                  + " takes "
                  + (System.nanoTime() - start) / 10_000
                  + " ns");
          assertThat(tree.find(uid(-1))).isEqualTo(LedgerLeaf.NONE);
          assertThat(heap() - before).isLessThan(16L << 20);
          tree.put(uid(7), new LedgerLeaf(2, 3, true));
        });
    with(
        folder,
        (tree, volume) -> {
          tree.verify((uid, leaf) -> {});
          assertThat(tree.find(uid(7))).isEqualTo(new LedgerLeaf(2, 3, true));
        });
  }

  private static long heap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
