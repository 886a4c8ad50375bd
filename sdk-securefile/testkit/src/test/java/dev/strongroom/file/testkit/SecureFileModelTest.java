// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.KeyScope;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.SecureOpenOption;
import dev.strongroom.file.VolumeOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random operations on several files of one volume, each compared with a plain model of bytes.
 *
 * <p>{@code -Dmodel.seed=N} begins with another seed, {@code -Dmodel.operations=N} sets how many
 * operations the seeds of the build have together.
 */
@Tag("jdk25")
class SecureFileModelTest {

  private static final int SEEDS = 8;
  private static final long FIRST_SEED = Long.getLong("model.seed", 1);
  private static final int OPERATIONS = Integer.getInteger("model.operations", 1_000_000) / SEEDS;
  private static final int FILES = 4;
  private static final int HOT = 512 << 10;

  private static TestElement element;
  private static ElementSession session;

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

  static LongStream seeds() {
    return LongStream.range(FIRST_SEED, FIRST_SEED + SEEDS);
  }

  static LongStream moreSeeds() {
    return LongStream.range(FIRST_SEED + 1000, FIRST_SEED + 1020);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void filesAreWhatTheModelSays(long seed) throws IOException {
    new Run(seed, KeyScope.FILE).perform(OPERATIONS);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {2, 3})
  void filesWithKeysForTheirPagesAreWhatTheModelSays(long seed) throws IOException {
    new Run(seed, KeyScope.PAGE).perform(OPERATIONS / 3);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("moreSeeds")
  @Tag("growth")
  void filesAreWhatTheModelSaysForLonger(long seed) throws IOException {
    new Run(seed, seed % 2 == 0 ? KeyScope.FILE : KeyScope.PAGE).perform(1_000_000);
  }

  /** How a file is open. */
  private enum Mode {
    NORMAL,
    TRANSACTION,
    APPEND,
    READ_ONLY
  }

  /** One file under test. */
  private static final class Subject {
    final String path;
    SparseModel working = new SparseModel();
    SparseModel committed = new SparseModel();
    @Nullable SecureFile file;
    Mode mode = Mode.NORMAL;
    long position;

    Subject(String path) {
      this.path = path;
    }

    SecureFile file() {
      SecureFile open = file;
      if (open == null) {
        throw new IllegalStateException(path + " is not open");
      }
      return open;
    }
  }

  private static final class Run {

    private final long seed;
    private final KeyScope scope;
    private final Random random;
    private MemoryStore store = new MemoryStore();
    private final ManualExecutor executor = new ManualExecutor();
    private final List<Subject> subjects = new ArrayList<>();
    private final byte[] buffer = new byte[(300 << 10) + 100];
    private final byte[] expected = new byte[buffer.length];
    private final byte[] noise = new byte[1 << 20];
    private final Object[][] trace = new Object[400][];
    private int traced;
    private long bytesRead;
    private long bytesWritten;
    private SecureFileSystem volume;

    Run(long seed, KeyScope scope) throws IOException {
      this.seed = seed;
      this.scope = scope;
      this.random = new Random(seed);
      random.nextBytes(noise);
      volume = SecureFileSystem.create(session, store, options());
      for (int i = 0; i < FILES; i++) {
        subjects.add(new Subject("file " + i));
      }
    }

    private VolumeOptions options() {
      return VolumeOptions.builder()
          .cacheBytes(VolumeOptions.MINIMUM_CACHE_BYTES)
          .journalBytes(1 << 20)
          .sectorBytes(seed % 4 == 3 ? 16384 : VolumeOptions.DEFAULT_SECTOR_BYTES)
          .keyScope(scope)
          .executor(executor)
          .clock(executor)
          .build();
    }

    void perform(int operations) throws IOException {
      System.out.println("SecureFileModelTest: seed " + seed + ", " + operations + " operations");
      int operation = 0;
      try {
        for (Subject subject : subjects) {
          open(subject);
        }
        for (; operation < operations; operation++) {
          step();
        }
        for (Subject subject : subjects) {
          compareAll(subject);
        }
        reopenVolume();
        for (Subject subject : subjects) {
          compareAll(subject);
          subject.file().close();
        }
        assertThat(store.exists("strongroom.scratch"))
            .as("more was changed than the cache holds")
            .isTrue();
        volume.close();
        store.assertAllClosed();
        System.out.println(
            "SecureFileModelTest: seed "
                + seed
                + ": "
                + (bytesRead >> 20)
                + " MiB read, "
                + (bytesWritten >> 20)
                + " MiB written");
      } catch (IOException | RuntimeException | AssertionError e) {
        StringBuilder last = new StringBuilder();
        for (int i = Math.max(0, traced - trace.length); i < traced; i++) {
          last.append("\n  ").append(Arrays.toString(trace[i % trace.length]));
        }
        throw new AssertionError(
            "seed " + seed + ", operation " + operation + ": " + e + "; before it:" + last, e);
      }
    }

    /** Notes what is done, for the message of a failure. */
    private void note(Object... what) {
      trace[traced++ % trace.length] = what;
    }

    private void step() throws IOException {
      Subject subject = subjects.get(random.nextInt(FILES));
      int choice = random.nextInt(10_000);
      if (choice < 2800) {
        pread(subject);
      } else if (choice < 4300) {
        read(subject);
      } else if (choice < 7000) {
        pwrite(subject);
      } else if (choice < 8300) {
        write(subject);
      } else if (choice < 9100) {
        seek(subject);
      } else if (choice < 9640) {
        assertThat(subject.file().size()).isEqualTo(subject.working.size());
      } else if (choice < 9700) {
        truncate(subject);
      } else if (choice < 9760) {
        sync(subject);
      } else if (choice < 9820) {
        commit(subject);
      } else if (choice < 9900) {
        close(subject);
        open(subject);
      } else if (choice < 9920) {
        note("all", "sync");
        volume.sync();
        subjects.forEach(Run::publish);
      } else if (choice < 9940) {
        note("all", "timer");
        executor.advance(Duration.ofMillis(1500));
        subjects.forEach(Run::publish);
      } else if (choice >= 9997) {
        reopenVolume();
      } else if (choice == 9996) {
        crash();
      } else if (choice >= 9990) {
        compareAll(subject);
      }
    }

    private static void publish(Subject subject) {
      if (subject.mode != Mode.TRANSACTION) {
        subject.committed = subject.working;
      }
    }

    private void open(Subject subject) throws IOException {
      int choice = random.nextInt(10);
      subject.mode =
          choice < 6
              ? Mode.NORMAL
              : choice < 8 ? Mode.TRANSACTION : choice < 9 ? Mode.APPEND : Mode.READ_ONLY;
      if (subject.mode == Mode.READ_ONLY && !volume.exists(subject.path)) {
        subject.mode = Mode.NORMAL;
      }
      List<OpenOption> options = new ArrayList<>();
      switch (subject.mode) {
        case NORMAL ->
            options.addAll(
                List.of(
                    StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE));
        case TRANSACTION ->
            options.addAll(
                List.of(
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.CREATE,
                    SecureOpenOption.TRANSACTION));
        case APPEND ->
            options.addAll(
                List.of(
                    StandardOpenOption.WRITE,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND));
        case READ_ONLY -> options.add(StandardOpenOption.READ);
      }
      if (random.nextInt(40) == 0
          && (subject.mode == Mode.NORMAL || subject.mode == Mode.TRANSACTION)) {
        options.add(StandardOpenOption.TRUNCATE_EXISTING);
        subject.working = new SparseModel();
      }
      if (subject.mode == Mode.TRANSACTION) {
        subject.committed = subject.committed.copy();
        subject.working = subject.working.copy();
      }
      note(subject.path, "open", options);
      subject.file = volume.openFile(subject.path, options.toArray(new OpenOption[0]));
      subject.position = 0;
      assertThat(subject.file.size()).isEqualTo(subject.working.size());
    }

    private void close(Subject subject) throws IOException {
      note(subject.path, "close", subject.mode);
      subject.file().close();
      closed(subject);
    }

    private void closed(Subject subject) {
      if (subject.mode == Mode.TRANSACTION) {
        subject.working = subject.committed;
      } else {
        subject.committed = subject.working;
      }
      subject.file = null;
    }

    private void reopenVolume() throws IOException {
      for (Subject subject : subjects) {
        if (random.nextBoolean()) {
          close(subject);
        }
      }
      note("all", "close and open the volume");
      volume.close();
      subjects.forEach(this::closed);
      volume = SecureFileSystem.open(session, store, options());
      for (Subject subject : subjects) {
        open(subject);
      }
    }

    /** Goes on with a copy of the disk, as it is between a sync and a close. */
    private void crash() throws IOException {
      note("all", "sync and crash");
      volume.sync();
      subjects.forEach(Run::publish);
      MemoryStore left = store.copy();
      volume.close();
      store = left;
      subjects.forEach(this::closed);
      volume = SecureFileSystem.open(session, store, options());
      for (Subject subject : subjects) {
        open(subject);
      }
    }

    private void pread(Subject subject) throws IOException {
      if (subject.mode == Mode.APPEND) {
        return;
      }
      long position = position(subject);
      int length = length();
      int offset = random.nextInt(100);
      note(subject.path, "pread", position, length);
      int count = subject.file().pread(position, buffer, offset, length);
      compare(subject, position, offset, length, count);
    }

    private void read(Subject subject) throws IOException {
      if (subject.mode == Mode.APPEND) {
        return;
      }
      int length = length();
      note(subject.path, "read", subject.position, length);
      SecureFile file = subject.file();
      int count;
      int offset = 0;
      if (random.nextInt(4) == 0) {
        ByteBuffer target =
            random.nextBoolean() ? ByteBuffer.allocateDirect(length) : ByteBuffer.allocate(length);
        count = file.read(target);
        assertThat(target.position()).isEqualTo(Math.max(0, count));
        target.flip().get(buffer, 0, target.limit());
      } else {
        offset = random.nextInt(100);
        count = file.read(buffer, offset, length);
      }
      compare(subject, subject.position, offset, length, count);
      subject.position += Math.max(0, count);
      assertThat(file.position()).isEqualTo(subject.position);
    }

    private void compare(Subject subject, long position, int offset, int length, int count) {
      int wanted = subject.working.read(position, expected, offset, length);
      bytesRead += Math.max(0, wanted);
      if (count != wanted
          || (count > 0
              && !Arrays.equals(
                  buffer, offset, offset + count, expected, offset, offset + count))) {
        int at =
            count <= 0
                ? 0
                : Arrays.mismatch(buffer, offset, offset + count, expected, offset, offset + count);
        throw new AssertionError(
            String.format(
                "%s (%s, %d bytes): read of %d at %d gave %d, expected %d; first difference at %d",
                subject.path,
                subject.mode,
                subject.working.size(),
                length,
                position,
                count,
                wanted,
                position + at));
      }
    }

    private void pwrite(Subject subject) throws IOException {
      if (subject.mode == Mode.APPEND || subject.mode == Mode.READ_ONLY) {
        write(subject);
        return;
      }
      long position = position(subject);
      int length = length();
      int offset = random.nextInt(noise.length - length);
      note(subject.path, "pwrite", position, length);
      subject.file().pwrite(position, noise, offset, length);
      subject.working.write(position, noise, offset, length);
      bytesWritten += length;
    }

    private void write(Subject subject) throws IOException {
      if (subject.mode == Mode.READ_ONLY) {
        return;
      }
      if (subject.mode == Mode.APPEND) {
        if (subject.working.size() > 3 * HOT) {
          return;
        }
        subject.position = subject.working.size();
      }
      int length = length();
      int offset = random.nextInt(noise.length - length);
      note(subject.path, "write", subject.position, length, subject.mode);
      if (random.nextInt(4) == 0) {
        ByteBuffer source = ByteBuffer.wrap(noise, offset, length);
        assertThat(subject.file().write(source)).isEqualTo(length);
        assertThat(source.hasRemaining()).isFalse();
      } else {
        subject.file().write(noise, offset, length);
      }
      subject.working.write(subject.position, noise, offset, length);
      bytesWritten += length;
      subject.position += length;
      if (subject.mode != Mode.APPEND) {
        assertThat(subject.file().position()).isEqualTo(subject.position);
      }
    }

    private void seek(Subject subject) throws IOException {
      if (subject.mode != Mode.APPEND) {
        subject.position = position(subject);
        subject.file().seek(subject.position);
        assertThat(subject.file().position()).isEqualTo(subject.position);
      }
    }

    private void truncate(Subject subject) throws IOException {
      if (subject.mode == Mode.READ_ONLY || subject.mode == Mode.APPEND) {
        return;
      }
      long size = subject.working.size();
      long target =
          switch (random.nextInt(14)) {
            case 0 -> 0;
            case 1 -> size;
            case 2 -> random.nextInt(HOT);
            case 3 -> size - Math.min(size, random.nextInt(10_000));
            case 4 -> size + random.nextInt(100_000);
            case 5 -> (5L << 30) + random.nextInt(1 << 20);
            case 6 -> (1L << 40) + random.nextInt(1 << 20);
            case 7 -> 4096L * random.nextInt(HOT / 4096);
            default -> HOT + random.nextInt(100_000);
          };
      note(subject.path, "truncate", size, "to", target);
      subject.file().truncate(target);
      subject.working.truncate(target);
    }

    private void sync(Subject subject) throws IOException {
      if (subject.mode == Mode.READ_ONLY) {
        return;
      }
      note(subject.path, "sync", subject.mode);
      subject.file().sync();
      publish(subject);
    }

    private void commit(Subject subject) throws IOException {
      if (subject.mode == Mode.READ_ONLY) {
        return;
      }
      note(subject.path, "commit", subject.mode);
      subject.file().commit();
      subject.committed =
          subject.mode == Mode.TRANSACTION ? subject.working.copy() : subject.working;
    }

    /** All places where there may be something. */
    private void compareAll(Subject subject) throws IOException {
      if (subject.mode == Mode.APPEND) {
        return;
      }
      long size = subject.file().size();
      assertThat(size).isEqualTo(subject.working.size());
      for (long start : new long[] {0, 5L << 30, 1L << 40, Math.max(0, size - 100_000)}) {
        for (long at = start; at < Math.min(size, start + 2L * HOT); at += 200_000) {
          int count = subject.file().pread(at, buffer, 0, 200_000);
          compare(subject, at, 0, 200_000, count);
        }
      }
    }

    private long position(Subject subject) {
      long size = subject.working.size();
      return switch (random.nextInt(40)) {
        case 0 -> (5L << 30) + random.nextInt(64 << 10);
        case 1 -> (1L << 40) + random.nextInt(64 << 10);
        case 2, 3, 4 -> Math.max(0, size - random.nextInt(20_000));
        case 5 -> size;
        case 6, 7, 8 -> Math.max(0, 4096L * random.nextInt(HOT / 4096) - 3 + random.nextInt(6));
        case 9 -> Math.max(0, 32768L * random.nextInt(HOT / 32768) - 3 + random.nextInt(6));
        default -> random.nextInt(HOT);
      };
    }

    private int length() {
      int choice = random.nextInt(1000);
      int limit = choice < 620 ? 200 : choice < 960 ? 6000 : choice < 996 ? 64 << 10 : 300 << 10;
      return random.nextInt(limit);
    }
  }
}
