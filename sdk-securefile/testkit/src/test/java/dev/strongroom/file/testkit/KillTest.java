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
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process with several writers on a real disk is killed again and again: what it had forced is
 * there, and so is all that was acknowledged more than a second before; every file is one whole
 * version, and none is newer than what had been begun.
 */
@Timeout(value = 40, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KillTest {

  private static final long SEED = Long.getLong("crash.seed", 20260303);

  /** How long the timer may leave an acknowledged write, as promised. */
  private static final long TIMER_NANOS = TimeUnit.SECONDS.toNanos(1);

  @TempDir Path temporary;

  private final Random random = new Random(SEED);
  private final Map<Place, Long> known = new HashMap<>();
  private long versions;
  private long lost;
  private long settled;
  private long latest;

  private record Place(int thread, KilledWriter.Kind kind) {}

  /** A version, and when it was acknowledged. */
  private record Done(long version, long time) {}

  /** What a killed process had said of one file. */
  private static final class Said {
    long begun;
    final Deque<Done> done = new ArrayDeque<>(); // the oldest first

    long last() {
      return done.isEmpty() ? 0 : done.getLast().version();
    }

    /** The newest version that was acknowledged before some time. */
    long before(long time) {
      long version = 0;
      for (Done next : done) {
        version = next.time() < time ? next.version() : version;
      }
      return version;
    }
  }

  /** One life of the process. */
  private static final class Life {
    final Map<Place, Said> said = new HashMap<>();
    private final NavigableSet<Long> due = new TreeSet<>(); // when timers that run were to commit
    private long lateness;
    private long kill;

    void note(String line) {
      String[] words = line.split(" ", -1);
      String last = words[words.length - 1]; // the last line may be cut
      if (words[0].equals("timer")) {
        if (last.equals("S")) {
          due.add(Long.valueOf(words[1]));
        } else if (last.equals("E")) {
          due.remove(Long.valueOf(words[1]));
          lateness = Math.max(lateness, Long.parseLong(words[2]) - Long.parseLong(words[1]));
        }
      } else if (last.equals("B") || last.equals("D")) {
        Place place = new Place(Integer.parseInt(words[0]), KilledWriter.Kind.valueOf(words[1]));
        Said told = said.computeIfAbsent(place, any -> new Said());
        long version = Long.parseLong(words[2]);
        if (last.equals("B")) {
          told.begun = version;
        } else {
          told.done.addLast(new Done(version, Long.parseLong(words[3])));
        }
      }
    }

    /**
     * How late the timer has been, with the time that its commit took: on a loaded machine that is
     * no fault of its own. It is measured where it was late, so nothing has to be guessed.
     */
    long lateness() {
      return due.isEmpty() ? lateness : Math.max(lateness, kill - due.first());
    }

    /** What was acknowledged before is not under the timer any more. */
    long settled() {
      return kill - TIMER_NANOS - lateness();
    }
  }

  @Test
  void whatWasForcedOutlivesEveryKill() throws Exception {
    kill(4, () -> afterLines(20 + random.nextInt(60)));
  }

  @Test
  void noMoreThanASecondIsMissingAfterAKill() throws Exception {
    kill(2, () -> afterMillis(3000 + random.nextInt(1000)));
    assertThat(settled).as("versions that were not under the timer any more").isPositive();
  }

  @Test
  @Tag("crash")
  void whatWasForcedOutlivesHundredsOfKills() throws Exception {
    kill(Integer.getInteger("crash.kills", 300), () -> afterLines(20 + random.nextInt(600)));
  }

  @Test
  @Tag("crash")
  void noMoreThanASecondIsMissingAfterManyKills() throws Exception {
    kill(Integer.getInteger("crash.lives", 60), () -> afterMillis(7000 + random.nextInt(3000)));
    assertThat(settled).as("versions that were not under the timer any more").isPositive();
  }

  private Path directory() {
    return temporary.resolve("volume");
  }

  private Path key() {
    return temporary.resolve("element");
  }

  /** Says after which line a process is killed. */
  private interface End {
    boolean isReached();
  }

  private static End afterLines(int lines) {
    int[] read = new int[1];
    return () -> ++read[0] >= lines;
  }

  private static End afterMillis(long millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    return () -> System.nanoTime() >= end;
  }

  private void kill(int rounds, Supplier<End> ends) throws Exception {
    try (SecureElement element = TestElement.inFile(key())) {
      TestElement.initialize(element);
      try (ElementSession session = TestElement.login(element)) {
        VolumeOptions small = VolumeOptions.builder().journalBytes(1 << 20).build();
        SecureFileSystem.create(session, directory(), small).close();
      }
    }
    for (int round = 0; round < rounds; round++) {
      try {
        check(live(ends));
        if (round % 20 == 19) {
          System.out.println("KillTest: " + (round + 1) + " kills so far");
        }
      } catch (AssertionError | IOException e) {
        throw new AssertionError("seed " + SEED + ", round " + round + ": " + e, e);
      }
    }
    System.out.printf(
        "KillTest: %d kills, %d versions in %d files; of those left to the timer %d were beyond it,"
            + " %d are lost; it was up to %d ms late%n",
        rounds, versions, known.size(), settled, lost, TimeUnit.NANOSECONDS.toMillis(latest));
    assertThat(versions).isGreaterThan(rounds);
  }

  /** Starts the writers and kills them at the end. */
  private Life live(Supplier<End> ends) throws Exception {
    Life life = new Life();
    try (ChildJvm child =
        ChildJvm.start(KilledWriter.class, directory().toString(), key().toString())) {
      End end = () -> false;
      for (String line = child.lineOrEnd(); line != null; line = child.lineOrEnd()) {
        assertThat(line).doesNotStartWith("failed");
        if (line.equals("ready")) {
          end = ends.get();
        } else {
          life.note(line);
        }
        if (life.kill == 0 && end.isReached()) {
          life.kill = System.nanoTime();
          child.kill();
        }
      }
    }
    return life;
  }

  private void check(Life life) throws IOException {
    latest = Math.max(latest, life.lateness());
    for (Map.Entry<Place, Long> found : found().entrySet()) {
      Place place = found.getKey();
      Said told = life.said.computeIfAbsent(place, any -> new Said());
      long before = known.getOrDefault(place, 0L);
      long now = found.getValue();
      long least = told.last();
      if (place.kind() == KilledWriter.Kind.TIMED) {
        least = told.before(life.settled());
        settled += Math.max(0, least - before);
        lost += Math.max(0, told.last() - now);
      }
      assertThat(now)
          .as("%s, with a timer %d ms late", place, life.lateness() / 1_000_000)
          .isBetween(Math.max(before, least), Math.max(before, told.begun));
      versions += now - before;
      known.put(place, now);
    }
  }

  private Map<Place, Long> found() throws IOException {
    Map<Place, Long> found = new HashMap<>();
    URI uri = URI.create("strongroom:" + directory().toUri().getRawPath());
    try (SecureElement element = TestElement.inFile(key());
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
