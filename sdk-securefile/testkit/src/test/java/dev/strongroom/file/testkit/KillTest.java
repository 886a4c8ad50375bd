// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process with several writers on a real disk is killed again and again: what it had forced is
 * there, every file is one whole version, and none is newer than what had been begun.
 */
@Timeout(value = 40, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KillTest {

  private static final long SEED = Long.getLong("crash.seed", 20260303);

  /** The timer commits after one second; a machine at work may take its time. */
  private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(5);

  @TempDir Path temporary;

  /** What a killed process had said of one file. */
  private static final class Said {
    long begun;
    long done;

    /** Versions with the time when they were known to be done, the oldest first. */
    final Deque<long[]> timed = new ArrayDeque<>();

    /**
     * The newest version that was done well before the kill: it is not under the timer any more.
     */
    long settled(long kill) {
      long settled = 0;
      for (long[] next : timed) {
        settled = kill - next[1] > SETTLED_NANOS ? next[0] : settled;
      }
      return settled;
    }
  }

  private record Place(int thread, KilledWriter.Kind kind) {}

  @Test
  void whatWasForcedOutlivesEveryKill() throws Exception {
    kill(4, 60);
  }

  @Test
  @Tag("crash")
  void whatWasForcedOutlivesHundredsOfKills() throws Exception {
    kill(Integer.getInteger("crash.kills", 300), 600);
  }

  private void kill(int rounds, int mostLines) throws Exception {
    Path directory = temporary.resolve("volume");
    Path key = temporary.resolve("element");
    try (SecureElement element = TestElement.inFile(key)) {
      TestElement.initialize(element);
      try (ElementSession session = TestElement.login(element)) {
        VolumeOptions small = VolumeOptions.builder().journalBytes(1 << 20).build();
        SecureFileSystem.create(session, directory, small).close();
      }
    }
    Random random = new Random(SEED);
    Map<Place, Long> known = new HashMap<>();
    long versions = 0;
    long lost = 0;
    for (int round = 0; round < rounds; round++) {
      try {
        Map<Place, Said> said = new HashMap<>();
        long kill = run(directory, key, 20 + random.nextInt(mostLines), said);
        for (Map.Entry<Place, Long> found : versions(directory, key).entrySet()) {
          Place place = found.getKey();
          Said told = said.computeIfAbsent(place, any -> new Said());
          long before = known.getOrDefault(place, 0L);
          long now = found.getValue();
          boolean forced = place.kind() != KilledWriter.Kind.TIMED;
          long least = Math.max(before, forced ? told.done : told.settled(kill));
          assertThat(now).as("%s", place).isBetween(least, Math.max(before, told.begun));
          versions += now - before;
          lost += Math.max(0, told.done - now);
          known.put(place, now);
        }
        if (round % 20 == 19) {
          System.out.println("KillTest: " + (round + 1) + " kills so far");
        }
      } catch (AssertionError | IOException e) {
        throw new AssertionError("seed " + SEED + ", round " + round + ": " + e, e);
      }
    }
    System.out.println(
        "KillTest: "
            + rounds
            + " kills, "
            + versions
            + " versions in "
            + known.size()
            + " files, "
            + lost
            + " lost of those left to the timer");
    assertThat(versions).isGreaterThan(rounds);
  }

  /** Starts the writers and kills them after so many lines; answers when that was. */
  private static long run(Path directory, Path key, int lines, Map<Place, Said> said)
      throws Exception {
    long kill = 0;
    try (ChildJvm child =
        ChildJvm.start(KilledWriter.class, directory.toString(), key.toString())) {
      assertThat(child.line()).isEqualTo("ready");
      int read = 0;
      for (String line = child.lineOrEnd(); line != null; line = child.lineOrEnd()) {
        assertThat(line).doesNotStartWith("failed");
        note(line, said);
        read++;
        if (read == lines) {
          kill = System.nanoTime();
          child.kill();
        }
      }
    }
    return kill;
  }

  private static void note(String line, Map<Place, Said> said) {
    String[] words = line.split(" ", -1);
    if (words.length == 4) { // the last one may be cut
      Place place = new Place(Integer.parseInt(words[0]), KilledWriter.Kind.valueOf(words[1]));
      Said told = said.computeIfAbsent(place, any -> new Said());
      long version = Long.parseLong(words[2]);
      if (words[3].equals("B")) {
        told.begun = version;
      } else {
        told.done = version;
        told.timed.addLast(new long[] {version, System.nanoTime()});
      }
    }
  }

  private static Map<Place, Long> versions(Path directory, Path key) throws IOException {
    Map<Place, Long> found = new HashMap<>();
    URI uri = URI.create("strongroom:" + directory.toUri().getRawPath());
    try (SecureElement element = TestElement.inFile(key);
        ElementSession session = TestElement.login(element);
        FileSystem files = FileSystems.newFileSystem(uri, Map.of("session", session))) {
      for (int thread = 0; thread < KilledWriter.THREADS; thread++) {
        for (KilledWriter.Kind kind : KilledWriter.Kind.values()) {
          found.put(new Place(thread, kind), KilledWriter.version(files, thread, kind));
        }
      }
    }
    return found;
  }
}
