// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.CorruptJournalException;
import dev.strongroom.file.DirectoryEntry;
import dev.strongroom.file.FileType;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.SecureOpenOption;
import dev.strongroom.file.VolumeNotFoundException;
import dev.strongroom.file.WrongElementException;
import dev.strongroom.file.testkit.ModelledVolume.Handle;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Somebody changes host files of a closed or crashed volume: what is read afterwards is a refusal
 * by its own type, or a whole committed state not older than the last checkpoint, and nothing else.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TamperTest {

  private static final long SEED = Long.getLong("tamper.seed", 20260101);
  private static final int BLOCK = 4096;
  private static final String VOLUME = "strongroom.volume";
  private static final String JOURNAL = "strongroom.journal";

  private static TestElement element;
  private static ElementSession session;

  /** Four moments in the life of one volume, and another volume of the same element. */
  private static Scene early;

  private static Scene crashed;
  private static Scene recovered;
  private static Scene late;
  private static MemoryStore foreign;
  private static VolumeHistory history;

  /** A disk, the marks that belong to it, and where its files lie. */
  private record Scene(
      String name, MemoryStore store, List<Object> marks, Map<String, String> hosts) {}

  /** A change of a disk. */
  private interface Change {
    void apply(MemoryStore store) throws IOException;
  }

  private final Map<String, Integer> outcomes = new TreeMap<>();
  private int count;
  private int legal;
  private int wholes;
  private int refusals;

  @BeforeAll
  static void makeVolumes() throws IOException {
    element = TestElement.create();
    session = element.login();
    List<Object> marks = new ArrayList<>();
    MemoryStore store = new MemoryStore();
    history = new VolumeHistory();
    ModelledVolume volume = ModelledVolume.create(session, store, history, marks::add);
    volume.put("a", SampleBytes.of(1, 10_000));
    volume.put("b", SampleBytes.of(2, 10_000));
    volume.put("one sector", SampleBytes.of(3, 4000));
    volume.put("empty", new byte[0]);
    volume.put("big", SampleBytes.of(4, 640_000));
    volume.createDirectory("d");
    for (int i = 0; i < 150; i++) {
      volume.put("d/entry " + i, SampleBytes.of(100 + i, i));
    }
    volume.close();
    early = scene("early", store, marks);

    RecordingStore disk = RecordingStore.over(store);
    volume = volume.reopen(session, disk, marks::add);
    int atCheckpoint = marks.size();
    change(volume, 1000);
    // What was promised since the last checkpoint counts on the journal, which may be taken away.
    List<Object> sinceCheckpoint = new ArrayList<>(marks.subList(0, atCheckpoint));
    marks.subList(atCheckpoint, marks.size()).stream()
        .filter(mark -> mark instanceof VolumeHistory.Published)
        .forEach(sinceCheckpoint::add);
    crashed = new Scene("crashed", disk.disk(), List.copyOf(sinceCheckpoint), early.hosts);

    // Nobody closed the volume: it is opened again as after a crash.
    MemoryStore again = disk.disk();
    SecureFileSystem opened = SecureFileSystem.open(session, again, ModelledVolume.SMALL);
    history.check(marks, ModelledVolume.read(opened));
    opened.close();
    volume.sync();
    volume.close();
    recovered = scene("recovered", disk.disk(), marks);

    MemoryStore last = disk.disk();
    volume = volume.reopen(session, last, marks::add);
    change(volume, 2000);
    volume.put("d/entry 3", SampleBytes.of(5, 5000));
    volume.close();
    late = scene("late", last, marks);

    foreign = new MemoryStore();
    ModelledVolume other = ModelledVolume.create(session, foreign, new VolumeHistory(), mark -> {});
    other.put("a", SampleBytes.of(6, 10_000));
    other.close();
  }

  private static void change(ModelledVolume volume, int seed) throws IOException {
    try (Handle a = volume.open("a");
        Handle big = volume.open("big")) {
      a.write(5000, SampleBytes.of(seed + 1, 3000));
      a.sync();
      big.write(300_000, SampleBytes.of(seed + 2, 20_000));
      big.write(630_000, SampleBytes.of(seed + 3, 100));
      big.sync();
      a.append(SampleBytes.of(seed + 4, 6000));
      big.write(1000, SampleBytes.of(seed + 5, 100));
      volume.sync();
    }
    volume.put("d/entry 0", SampleBytes.of(seed + 6, 50));
    volume.put("new " + seed, SampleBytes.of(seed + 7, 5000));
    volume.delete("d/entry " + (10 + seed / 1000));
    volume.createDirectory("e");
    volume.rename("e", "e " + seed);
    volume.sync();
  }

  private static Scene scene(String name, MemoryStore store, List<Object> marks)
      throws IOException {
    Map<String, String> hosts = new TreeMap<>();
    MemoryStore copy = store.copy();
    try (SecureFileSystem volume = SecureFileSystem.open(session, copy, ModelledVolume.SMALL)) {
      history.check(marks, ModelledVolume.read(volume));
      hosts.put("", volume.stat("").hostName());
      history
          .legalPaths(marks)
          .keySet()
          .forEach(
              path -> {
                try {
                  hosts.put(path, volume.stat(path).hostName());
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
    }
    return new Scene(name, store.copy(), List.copyOf(marks), hosts);
  }

  @AfterAll
  static void logout() {
    session.close();
    element.close();
  }

  private static String host(Scene scene, String path) {
    String host = scene.hosts.get(path);
    if (host == null) {
      throw new IllegalStateException(path + " has no host file in " + scene.name);
    }
    return host;
  }

  // ---- flips

  @Test
  void aFlippedBitInTheVolumeFile() throws IOException {
    flipHeads(late, VOLUME, 3, 7);
    flipHeads(crashed, VOLUME, 29, 29);
    report(1000, 400, 400);
  }

  @Test
  void aFlippedBitInAHeader() throws IOException {
    flipHeads(late, host(late, "a"), 3, 13);
    flipHeads(late, host(late, "empty"), 41, 31);
    flipHeads(late, host(late, "big"), 41, 31);
    flipHeads(late, host(late, ""), 13, 31);
    flipHeads(late, host(late, "d"), 13, 31);
    flipHeads(crashed, host(crashed, "a"), 31, 31);
    flipHeads(crashed, host(crashed, "big"), 41, 41);
    flipHeads(crashed, host(crashed, ""), 41, 41);
    report(1200, 400, 400);
  }

  /** Flips in both copies at once, which cannot be repaired, and in one of them, which can. */
  private void flipHeads(Scene scene, String host, int bothStep, int oneStep) throws IOException {
    Random random = new Random(SEED);
    for (int at = 0; at < BLOCK; at += at < 1600 ? bothStep : 97) {
      int offset = at;
      int bit = 1 << random.nextInt(8);
      attempt(
          scene,
          "both copies of " + host + " flipped at " + offset,
          store -> {
            flip(store, host, offset, bit);
            flip(store, host, BLOCK + offset, bit);
          });
    }
    for (int at = 0; at < 2 * BLOCK; at += at % BLOCK < 1600 ? oneStep : 97) {
      int offset = at;
      int bit = 1 << random.nextInt(8);
      int wholesBefore = wholes;
      String what = "one copy of " + host + " flipped at " + offset;
      attempt(scene, what, store -> flip(store, host, offset, bit));
      assertThat(wholes)
          .as("%s: all is read from the other copy", what)
          .isGreaterThan(wholesBefore);
    }
  }

  @Test
  void aFlippedBitInSectorsTagPagesAndCatalogues() throws IOException {
    Random random = new Random(SEED);
    for (Scene scene : List.of(late, crashed)) {
      for (String path : List.of("a", "big", "one sector", "", "d", "d/entry 0")) {
        String host = host(scene, path);
        int length = scene.store.content(host).length;
        for (int block = 2 * BLOCK; block < length; block += BLOCK) {
          if (path.equals("big") && random.nextInt(3) > 0) {
            continue;
          }
          int offset = Math.min(length - 1, block + random.nextInt(BLOCK));
          int bit = 1 << random.nextInt(8);
          attempt(
              scene,
              "\"" + path + "\" flipped at " + offset,
              store -> flip(store, host, offset, bit));
        }
      }
    }
    report(100, 0, 100);
  }

  @Test
  void aFlippedBitInTheJournal() throws IOException {
    Random random = new Random(SEED);
    for (Scene scene : List.of(crashed, late)) {
      int length = scene.store.content(JOURNAL).length;
      for (int at = 0; at < 2 * BLOCK; at += 17) {
        int offset = at;
        attempt(
            scene,
            "journal anchor flipped at " + offset,
            store -> flip(store, JOURNAL, offset, 1 << (offset % 8)));
      }
      for (int at = 0; at < BLOCK; at += 37) {
        int offset = at;
        attempt(
            scene,
            "both journal anchors flipped at " + offset,
            store -> {
              flip(store, JOURNAL, offset, 1);
              flip(store, JOURNAL, BLOCK + offset, 1);
            });
      }
      for (int block = 2 * BLOCK; block < length; block += BLOCK) {
        for (int i = 0; i < 4; i++) {
          int offset = block + (i == 0 ? random.nextInt(128) : random.nextInt(BLOCK));
          attempt(
              scene,
              "journal flipped at " + offset,
              store -> flip(store, JOURNAL, offset, 1 << random.nextInt(8)));
        }
      }
    }
    report(800, 300, 100);
  }

  // ---- cuts, zeros, swaps

  @Test
  void aCutFile() throws IOException {
    Random random = new Random(SEED);
    for (Scene scene : List.of(late, crashed)) {
      List<String> hosts = new ArrayList<>(List.of(VOLUME, JOURNAL));
      for (String path : List.of("a", "big", "one sector", "empty", "", "d")) {
        hosts.add(host(scene, path));
      }
      for (String host : hosts) {
        int length = scene.store.content(host).length;
        Set<Integer> cuts = new HashSet<>(List.of(0, 1, 511, 4095, 4096, 4097, 8191, 8192));
        cuts.addAll(List.of(length - 1, length - 4096, length - 4097));
        for (int i = 0; i < 24; i++) {
          cuts.add(random.nextInt(length) / BLOCK * BLOCK);
          cuts.add(random.nextInt(length));
        }
        for (int cut : cuts) {
          if (cut >= 0 && cut < length) {
            attempt(
                scene,
                host + " of " + length + " cut to " + cut,
                store -> {
                  byte[] content = store.content(host);
                  store.replaceContent(host, Arrays.copyOf(content, cut));
                });
          }
        }
        attempt(
            scene,
            host + " got longer",
            store -> {
              byte[] content = store.content(host);
              byte[] longer = Arrays.copyOf(content, content.length + 5000);
              Arrays.fill(longer, content.length, longer.length, (byte) 7);
              store.replaceContent(host, longer);
            });
      }
    }
    report(200, 40, 100);
  }

  @Test
  void aZeroedBlock() throws IOException {
    for (Scene scene : List.of(late, crashed)) {
      for (String host : someHosts(scene)) {
        int length = scene.store.content(host).length;
        for (int at = 0; at < length; at += BLOCK) {
          int from = at;
          if (length > 400_000 && (from / BLOCK) % 5 != 0) {
            continue;
          }
          attempt(
              scene,
              host + " zeroed at " + from,
              store -> {
                byte[] content = store.content(host);
                Arrays.fill(content, from, Math.min(length, from + BLOCK), (byte) 0);
                store.replaceContent(host, content);
              });
        }
      }
    }
    report(100, 0, 100);
  }

  @Test
  void twoBlocksChangePlaces() throws IOException {
    Random random = new Random(SEED);
    for (Scene scene : List.of(late, crashed)) {
      for (String host : someHosts(scene)) {
        int blocks = (scene.store.content(host).length + BLOCK - 1) / BLOCK;
        for (int i = 0; i < 25; i++) {
          int first = random.nextInt(blocks);
          int second = random.nextInt(blocks);
          if (first == second) {
            continue;
          }
          attempt(
              scene,
              host + ": blocks " + first + " and " + second + " swapped",
              store -> {
                byte[] content = store.content(host);
                byte[] padded = Arrays.copyOf(content, blocks * BLOCK);
                byte[] swap = Arrays.copyOfRange(padded, first * BLOCK, (first + 1) * BLOCK);
                System.arraycopy(padded, second * BLOCK, padded, first * BLOCK, BLOCK);
                System.arraycopy(swap, 0, padded, second * BLOCK, BLOCK);
                store.replaceContent(host, Arrays.copyOf(padded, content.length));
              });
        }
      }
    }
    report(200, 0, 100);
  }

  @Test
  void twoSectorsOfAFileChangePlaces() throws IOException {
    String big = host(late, "big");
    for (int other : List.of(4, 31, 32, 100, 151, 152, 155)) {
      MemoryStore store = swapped(big, sector(3), big, sector(other));
      try (SecureFileSystem volume = openLate(store)) {
        assertRefused(volume, "big", "sector", 3, 3);
        assertRefused(volume, "big", "sector", other, other);
        assertReadable(volume, "big", 2);
        assertReadable(volume, "big", 5);
        assertOthersWhole(volume, Set.of("big"));
      }
    }
  }

  @Test
  void twoSectorsOfTwoFilesChangePlaces() throws IOException {
    for (int sector = 0; sector < 2; sector++) {
      MemoryStore store = swapped(host(late, "a"), sector(sector), host(late, "b"), sector(sector));
      try (SecureFileSystem volume = openLate(store)) {
        assertRefused(volume, "a", "sector", sector, sector);
        assertRefused(volume, "b", "sector", sector, sector);
        assertReadable(volume, "a", 1 - sector);
        assertReadable(volume, "b", 1 - sector);
        assertOthersWhole(volume, Set.of("a", "b"));
      }
    }
  }

  @Test
  void twoTagPagesChangePlaces() throws IOException {
    String big = host(late, "big");
    MemoryStore store = swapped(big, sector(32) - BLOCK, big, sector(152) - BLOCK);
    try (SecureFileSystem volume = openLate(store)) {
      assertRefused(volume, "big", "tag page 0", 32, -1);
      assertRefused(volume, "big", "tag page 1", 152, -1);
      assertReadable(volume, "big", 31);
      assertOthersWhole(volume, Set.of("big"));
    }
  }

  /**
   * Where a sector lies, by the format: 32 behind the two headers, then 120 behind each tag page,
   * and one inner node before the second tag page.
   */
  private static int sector(int index) {
    int pages = index < 32 ? 0 : index < 152 ? 1 : 3;
    return (2 + index + pages) * BLOCK;
  }

  private static MemoryStore swapped(String first, int firstAt, String second, int secondAt)
      throws IOException {
    MemoryStore store = late.store.copy();
    byte[] one = store.content(first);
    byte[] two = first.equals(second) ? one : store.content(second);
    for (int i = 0; i < BLOCK; i++) {
      byte swap = one[firstAt + i];
      one[firstAt + i] = two[secondAt + i];
      two[secondAt + i] = swap;
    }
    store.replaceContent(first, one);
    store.replaceContent(second, two);
    return store;
  }

  private static SecureFileSystem openLate(MemoryStore store) throws IOException {
    return SecureFileSystem.open(session, store, ModelledVolume.SMALL);
  }

  private static void assertRefused(
      SecureFileSystem volume, String path, String check, int read, int named) throws IOException {
    try (SecureFile file = volume.openFile(path, SecureOpenOption.FORCE_OPEN)) {
      IntegrityException refusal =
          catchThrowableOfType(
              IntegrityException.class, () -> file.pread((long) read * BLOCK, new byte[10], 0, 10));
      assertThat(refusal).as("read of sector %d of %s", read, path).isNotNull();
      assertThat(refusal.file()).isEqualTo("/" + path);
      assertThat(refusal.check()).isEqualTo(check);
      if (named >= 0) {
        assertThat(refusal.sector()).isEqualTo(named);
      }
    }
  }

  private static void assertReadable(SecureFileSystem volume, String path, int sector)
      throws IOException {
    try (SecureFileSystem whole = openLate(late.store.copy());
        SecureFile file = volume.openFile(path, SecureOpenOption.FORCE_OPEN)) {
      byte[] expected = ModelledVolume.content(whole, path);
      byte[] found = new byte[BLOCK];
      int from = sector * BLOCK;
      int count = file.pread(from, found, 0, BLOCK);
      assertThat(count).isPositive();
      assertThat(Arrays.copyOf(found, count))
          .isEqualTo(Arrays.copyOfRange(expected, from, from + count));
    }
  }

  private static void assertOthersWhole(SecureFileSystem volume, Set<String> damaged)
      throws IOException {
    for (Map.Entry<String, Boolean> entry : history.legalPaths(late.marks).entrySet()) {
      if (!entry.getValue() && !damaged.contains(entry.getKey())) {
        byte[] content = ModelledVolume.content(volume, entry.getKey());
        assertThat(history.isLegal(late.marks, entry.getKey(), content))
            .as(entry.getKey())
            .isTrue();
      }
    }
  }

  @Test
  void twoHostFilesChangePlaces() throws IOException {
    for (Scene scene : List.of(late, crashed)) {
      List<String> hosts = someHosts(scene);
      hosts.add(host(scene, "d/entry 5"));
      hosts.add(host(scene, "d/entry 6"));
      for (String first : hosts) {
        for (String second : hosts) {
          if (first.compareTo(second) < 0) {
            attempt(
                scene,
                first + " and " + second + " swapped",
                store -> {
                  byte[] content = store.content(first);
                  store.replaceContent(first, store.content(second));
                  store.replaceContent(second, content);
                });
            attempt(
                scene,
                first + " replaced by " + second,
                store -> store.replaceContent(first, store.content(second)));
          }
        }
      }
    }
    report(100, 0, 100);
  }

  @Test
  void aRemovedHostFile() throws IOException {
    for (Scene scene : List.of(late, crashed)) {
      for (String host : scene.store.files()) {
        attempt(scene, host + " removed", store -> store.delete(host));
      }
    }
    report(200, 0, 100);
  }

  // ---- what was there before

  @Test
  void anOlderBlockIsPutBack() throws IOException {
    for (Scene old : List.of(early, recovered)) {
      for (Scene scene : List.of(crashed, late)) {
        for (String host : old.store.files()) {
          if (!scene.store.exists(host) || host.equals(JOURNAL)) {
            continue;
          }
          byte[] before = old.store.content(host);
          byte[] now = scene.store.content(host);
          for (int at = 0; at < Math.min(before.length, now.length); at += BLOCK) {
            int from = at;
            int to = Math.min(from + BLOCK, Math.min(before.length, now.length));
            if (Arrays.equals(before, from, to, now, from, to)) {
              continue;
            }
            attempt(
                scene,
                host + ": block at " + from + " from " + old.name,
                store -> {
                  byte[] content = store.content(host);
                  System.arraycopy(before, from, content, from, to - from);
                  store.replaceContent(host, content);
                });
          }
        }
      }
    }
    report(60, 10, 50);
  }

  @Test
  void anOldOrForeignJournalIsPutBack() throws IOException {
    for (Scene scene : List.of(early, crashed, recovered, late)) {
      for (Scene other : List.of(early, crashed, recovered, late)) {
        if (!scene.name.equals(other.name)) {
          attemptInTime(
              scene,
              "journal of " + other.name,
              store -> store.replaceContent(JOURNAL, other.store.content(JOURNAL)));
          for (int block = 0; block < 10; block++) {
            int from = block * BLOCK;
            attemptInTime(
                scene,
                "journal block " + block + " of " + other.name,
                store -> {
                  byte[] content = store.content(JOURNAL);
                  System.arraycopy(other.store.content(JOURNAL), from, content, from, BLOCK);
                  store.replaceContent(JOURNAL, content);
                });
          }
        }
      }
      attempt(
          scene,
          "a foreign journal",
          store -> store.replaceContent(JOURNAL, foreign.content(JOURNAL)));
      attempt(
          scene,
          "a foreign volume file",
          store -> store.replaceContent(VOLUME, foreign.content(VOLUME)));
      attempt(
          scene,
          "a foreign volume file and journal",
          store -> {
            store.replaceContent(VOLUME, foreign.content(VOLUME));
            store.replaceContent(JOURNAL, foreign.content(JOURNAL));
          });
      attempt(scene, "an empty journal", store -> store.replaceContent(JOURNAL, new byte[0]));
      attempt(
          scene,
          "a journal of zeros",
          store -> store.replaceContent(JOURNAL, new byte[store.content(JOURNAL).length]));
    }
    report(100, 30, 15);
  }

  // ---- the judgement

  private static List<String> someHosts(Scene scene) {
    List<String> hosts = new ArrayList<>(List.of(VOLUME, JOURNAL));
    for (String path : List.of("a", "b", "one sector", "big", "", "d")) {
      hosts.add(host(scene, path));
    }
    return hosts;
  }

  private static void flip(MemoryStore store, String host, int offset, int bit) throws IOException {
    byte[] content = store.content(host);
    if (offset < content.length) {
      content[offset] ^= (byte) bit;
      store.replaceContent(host, content);
    }
  }

  /** A journal of another time may lead on to any state that was committed after the scene. */
  private void attemptInTime(Scene scene, String what, Change change) throws IOException {
    List<Object> marks = new ArrayList<>(scene.marks);
    late.marks.stream().filter(mark -> mark instanceof VolumeHistory.Published).forEach(marks::add);
    attempt(new Scene(scene.name, scene.store, marks, scene.hosts), what, change);
  }

  private void attempt(Scene scene, String what, Change change) throws IOException {
    count++;
    MemoryStore store = scene.store.copy();
    change.apply(store);
    try {
      judge(scene, store);
    } catch (AssertionError | RuntimeException | IOException e) {
      throw new AssertionError(scene.name + ", " + what + ", seed " + SEED + ": " + e, e);
    }
  }

  private void judge(Scene scene, MemoryStore store) throws IOException {
    SecureFileSystem volume;
    try {
      volume = SecureFileSystem.open(session, store, ModelledVolume.SMALL);
    } catch (IOException e) {
      refused("open", e);
      store.assertAllClosed();
      return;
    }
    boolean whole = true;
    Map<String, Boolean> paths = history.legalPaths(scene.marks);
    Map<String, Listing> listings = new TreeMap<>();
    List<String> directories = new ArrayList<>(List.of(""));
    paths.forEach(
        (path, directory) -> {
          if (directory) {
            directories.add(path);
          }
        });
    // A folder is listed before what is in it, so that it is known what must be there.
    for (String directory : directories) {
      Listing listing = list(scene, volume, directory, there(listings, directory));
      listings.put(directory, listing);
      whole &= listing.state != There.REFUSED;
    }
    for (Map.Entry<String, Boolean> entry : paths.entrySet()) {
      String path = entry.getKey();
      if (entry.getValue() || (path.startsWith("d/entry ") && path.length() > 9)) {
        continue;
      }
      whole &= read(scene, volume, path, there(listings, path));
    }
    if (whole) {
      wholes++;
      outcomes.merge("read as a legal state", 1, Integer::sum);
    }
    if (count % 4 == 0) {
      writeFurther(volume, store);
      return;
    }
    try {
      volume.close();
    } catch (IOException e) {
      refused("close", e);
    }
    store.assertAllClosed();
  }

  /** What can still be read can be changed, and is then what was written. */
  private void writeFurther(SecureFileSystem volume, MemoryStore store) throws IOException {
    byte[] expected;
    try (volume) {
      expected = ModelledVolume.content(volume, "a");
      byte[] patch = SampleBytes.of(count, 300);
      System.arraycopy(patch, 0, expected, 4000, patch.length);
      try (SecureFile file = volume.openFile("a", StandardOpenOption.WRITE)) {
        file.pwrite(4000, patch, 0, patch.length);
        file.sync();
      }
      assertThat(ModelledVolume.content(volume, "a")).isEqualTo(expected);
    } catch (IOException e) {
      refused("write", e);
      store.assertAllClosed();
      return;
    }
    store.assertAllClosed();
    try (SecureFileSystem again = SecureFileSystem.open(session, store, ModelledVolume.SMALL)) {
      assertThat(ModelledVolume.content(again, "a")).isEqualTo(expected);
      outcomes.merge("written and read again", 1, Integer::sum);
    } catch (IOException e) {
      refused("read again", e);
    }
    store.assertAllClosed();
  }

  /** What the listing of its folder says about a path. */
  private enum There {
    LISTED,
    ABSENT,
    REFUSED
  }

  /** What a folder's listing said: whether it was read, and its names. */
  private record Listing(There state, Set<String> names) {}

  private static There there(Map<String, Listing> listings, String path) {
    if (path.isEmpty()) {
      return There.LISTED;
    }
    int slash = path.lastIndexOf('/');
    Listing folder = listings.get(slash < 0 ? "" : path.substring(0, slash));
    if (folder == null) {
      throw new AssertionError("the folder of " + path + " was not listed");
    }
    if (folder.state != There.LISTED) {
      return folder.state;
    }
    String name = path.substring(slash + 1);
    boolean listed = folder.names.contains(name) || folder.names.contains(name + "/");
    return listed ? There.LISTED : There.ABSENT;
  }

  /** Whether a path was read, or is rightly not there. */
  private boolean read(Scene scene, SecureFileSystem volume, String path, There there) {
    byte[] content;
    try {
      content = ModelledVolume.content(volume, path);
    } catch (NoSuchFileException e) {
      assertThat(there)
          .as("what the listing says of %s, which is not there", path)
          .isEqualTo(There.ABSENT);
      outcomes.merge("read: " + e.getClass().getSimpleName(), 1, Integer::sum);
      return true;
    } catch (IOException e) {
      assertThat(there).as("what the listing says of %s", path).isNotEqualTo(There.ABSENT);
      refused("read", e);
      named(scene, path, e);
      return false;
    }
    assertThat(there)
        .as("what the listing says of %s, which was read", path)
        .isNotEqualTo(There.ABSENT);
    assertThat(history.isLegal(scene.marks, path, content))
        .as("content of %s, %d bytes", path, content.length)
        .isTrue();
    legal++;
    return true;
  }

  private Listing list(Scene scene, SecureFileSystem volume, String path, There there) {
    Set<String> names = new HashSet<>();
    try {
      for (DirectoryEntry entry : volume.list(path)) {
        names.add(entry.name() + (entry.type() == FileType.DIRECTORY ? "/" : ""));
      }
    } catch (NoSuchFileException e) {
      assertThat(there)
          .as("what the listing says of \"%s\", which is not there", path)
          .isEqualTo(There.ABSENT);
      outcomes.merge("list: " + e.getClass().getSimpleName(), 1, Integer::sum);
      return new Listing(There.ABSENT, Set.of());
    } catch (IOException e) {
      assertThat(there).as("what the listing says of \"%s\"", path).isNotEqualTo(There.ABSENT);
      refused("list", e);
      named(scene, path, e);
      return new Listing(There.REFUSED, Set.of());
    }
    assertThat(history.isLegalListing(scene.marks, path, names))
        .as("names in \"%s\": %s", path, names)
        .isTrue();
    return new Listing(There.LISTED, names);
  }

  /** A refusal says which file, or which folder above it, is not what it was. */
  private static void named(Scene scene, String path, IOException refusal) {
    if (refusal instanceof IntegrityException integrity) {
      String file = integrity.file();
      boolean folder = file.equals("/") || ("/" + path).startsWith(file + "/");
      assertThat(folder || file.equals("/" + path) || file.equals(scene.hosts.get(path)))
          .as("\"%s\" is refused for \"%s\"", path, file)
          .isTrue();
    }
  }

  /** Only what says that bytes are not those that were written; nothing like "in use" or "full". */
  private void refused(String where, IOException refusal) {
    assertThat(refusal)
        .as("refusal at %s", where)
        .isInstanceOfAny(
            IntegrityException.class,
            CorruptJournalException.class,
            FormatVersionException.class,
            WrongElementException.class,
            VolumeNotFoundException.class);
    refusals++;
    outcomes.merge(where + ": " + refusal.getClass().getSimpleName(), 1, Integer::sum);
  }

  /**
   * An engine that refuses everything, or nothing, must not pass.
   *
   * @param changes how many there were, at least
   * @param whole in how many everything was read as one legal state, at least
   * @param refused how often something was refused, at least
   */
  private void report(int changes, int whole, int refused) {
    System.out.println(
        "TamperTest: "
            + count
            + " changes, "
            + legal
            + " legal reads, "
            + refusals
            + " refusals, outcomes "
            + outcomes);
    assertThat(count).as("changes").isGreaterThanOrEqualTo(changes);
    assertThat(legal).as("files read as they were").isGreaterThanOrEqualTo(changes);
    assertThat(wholes).as("volumes read as they were").isGreaterThanOrEqualTo(whole);
    assertThat(refusals).as("refusals").isGreaterThanOrEqualTo(refused);
  }
}
