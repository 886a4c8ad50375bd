// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.file.FileType;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.store.PathStore;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The B+tree of a directory against a {@link TreeMap}, in the root directory of a real volume. */
class CatalogueModelTest {

  private static @Nullable SecureElement element;
  private static @Nullable ElementSession session;

  /** What is done with the catalogue of an open volume. */
  private interface Work {
    void on(Catalogue catalogue) throws IOException;
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
    VolumeOptions options = VolumeOptions.builder().cacheBytes(1 << 20).build();
    boolean made = Files.exists(folder.resolve("strongroom.volume"));
    try (Volume volume =
        made
            ? VolumeOpener.open(open, new PathStore(folder), options)
            : VolumeOpener.create(
                open, new PathStore(folder), options, VolumeOpener.Neighbours.NONE)) {
      assertThat(new Namespace(volume).list("/")).isNotNull(); // has the root directory loaded
      volume.lock.lock();
      try {
        FileNode root = Objects.requireNonNull(volume.nodes.get(volume.description().root()));
        work.on(new Catalogue(root));
      } finally {
        volume.lock.unlock();
      }
    }
  }

  private static Catalogue.Entry entry(Random random, int names, int longest) {
    byte[] coded = new byte[32];
    new Random(random.nextInt(names)).nextBytes(coded);
    byte[] uid = new byte[16];
    random.nextBytes(uid);
    FileType type = random.nextInt(10) == 0 ? FileType.DIRECTORY : FileType.FILE;
    String name = "n".repeat(1 + random.nextInt(longest));
    return new Catalogue.Entry(Bytes.copyOf(coded), Bytes.copyOf(uid), type, name);
  }

  private static void step(
      Catalogue catalogue, Map<Bytes, Catalogue.Entry> model, Catalogue.Entry entry, int roll)
      throws IOException {
    Catalogue.Entry there = model.get(entry.coded());
    assertThat(catalogue.find(entry.coded())).isEqualTo(there);
    if (there == null && roll > 0) {
      catalogue.insert(entry);
      model.put(entry.coded(), entry);
    } else if (there != null && roll <= 0) {
      catalogue.remove(entry.coded());
      model.remove(entry.coded());
    }
  }

  private static void assertSame(Catalogue catalogue, Map<Bytes, Catalogue.Entry> model)
      throws IOException {
    assertThat(catalogue.size()).isEqualTo(model.size());
    assertThat(catalogue.list()).isEqualTo(new ArrayList<>(model.values()));
  }

  @ParameterizedTest
  @CsvSource({"31, 40, 255", "32, 3000, 255", "33, 3000, 3", "34, 6000, 60"})
  void itHoldsWhatAMapHolds(long seed, int names, int longest, @TempDir Path folder)
      throws IOException {
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    TreeMap<Bytes, Catalogue.Entry> model = new TreeMap<>();
    for (int round = 0; round < 2; round++) {
      with(
          folder,
          catalogue -> {
            assertSame(catalogue, model);
            for (int i = 0; i < 6000; i++) {
              int growth = (i / 1500) % 2 == 0 ? 2 : -2; // fills, empties, fills, empties
              step(catalogue, model, entry(random, names, longest), random.nextInt(7) - 3 + growth);
            }
            assertSame(catalogue, model);
          });
    }
  }

  @Test
  void ascendingAndDescendingNamesFillAndEmptyIt(@TempDir Path folder) throws IOException {
    List<Catalogue.Entry> entries = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      byte[] coded = new byte[32];
      coded[0] = (byte) (i >> 8);
      coded[1] = (byte) i;
      Bytes uid = Bytes.copyOf(new byte[16]);
      entries.add(new Catalogue.Entry(Bytes.copyOf(coded), uid, FileType.FILE, "name " + i));
    }
    with(
        folder,
        catalogue -> {
          for (Catalogue.Entry entry : entries) {
            catalogue.insert(entry);
          }
          assertThat(catalogue.list()).isEqualTo(entries);
          for (int i = entries.size() - 1; i >= 0; i--) {
            catalogue.remove(entries.get(i).coded());
            if (i % 500 == 0) {
              assertThat(catalogue.list()).isEqualTo(entries.subList(0, i));
            }
          }
          assertThat(catalogue.size()).isZero();
          for (int i = entries.size() - 1; i >= 0; i--) {
            catalogue.insert(entries.get(i));
          }
          assertThat(catalogue.list()).isEqualTo(entries);
          for (Catalogue.Entry entry : entries) {
            catalogue.remove(entry.coded());
          }
          assertThat(catalogue.list()).isEmpty();
        });
    with(folder, catalogue -> assertThat(catalogue.list()).isEmpty());
  }

  @Test
  void pagesThatBecomeFreeAreUsedAgain(@TempDir Path folder) throws IOException {
    long[] lengths = new long[4];
    for (int round = 0; round < lengths.length; round++) {
      int seed = round;
      with(
          folder,
          catalogue -> {
            Random random = new Random(seed);
            List<Catalogue.Entry> entries = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
              Catalogue.Entry entry = entry(random, Integer.MAX_VALUE, 40);
              entries.add(entry);
              catalogue.insert(entry);
            }
            for (Catalogue.Entry entry : entries) {
              catalogue.remove(entry.coded());
            }
            assertThat(catalogue.list()).isEmpty();
          });
      lengths[round] = Files.size(folder.resolve("strongroom.files/root"));
    }
    assertThat(lengths[3]).isLessThan(lengths[0] * 3 / 2);
  }
}
