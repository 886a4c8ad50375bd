// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A process that writes to a volume with several threads until it is killed, and says what it has
 * begun and done: {@code thread kind version time B} before, {@code thread kind version time D}
 * after. Of the volume's timer it says {@code timer due S} when it starts, and {@code timer due
 * time E} when it has committed. Times are those of {@link System#nanoTime}, which on Linux is one
 * clock for all processes.
 */
@SuppressWarnings("EnumOrdinal") // a number for each kind, in arrays and seeds
final class KilledWriter {

  static final int THREADS = 4;

  /** What a writer keeps in its directory. */
  enum Kind {
    /** Rewritten and forced. */
    FORCED,
    /** Rewritten, left to the timer. */
    TIMED,
    /** Replaced by a forced file of another name, and the directory forced. */
    RENAMED,
    /** Records at the end of a file, each forced. */
    APPENDED
  }

  /** Bytes of a record of {@link Kind#APPENDED}. */
  static final int RECORD = 300;

  /** Carries out what the volume leaves to its timer, and says how late it was. */
  private static final class Timer extends ScheduledThreadPoolExecutor {
    private final PrintStream out;

    Timer(PrintStream out) {
      super(1);
      this.out = out;
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
      if (delay == 0) { // what it is given to execute at once
        return super.schedule(task, delay, unit);
      }
      long due = System.nanoTime() + unit.toNanos(delay);
      out.println("timer " + due + " S");
      return super.schedule(
          () -> {
            task.run();
            out.println("timer " + due + " " + System.nanoTime() + " E");
          },
          delay,
          unit);
    }
  }

  private KilledWriter() {}

  /** The content that a version has; it begins with the version. */
  static byte[] content(int thread, Kind kind, long version) {
    int length = kind == Kind.APPENDED ? RECORD : 1000 + 9000 * thread;
    byte[] bytes = SampleBytes.of(version * 64 + kind.ordinal() * 16L + thread, length);
    ByteBuffer.wrap(bytes).putLong(0, version);
    return bytes;
  }

  static Path path(FileSystem files, int thread, Kind kind) {
    return files.getPath("/writer" + thread, kind.toString());
  }

  /** The version that a whole file holds, 0 when there is none. */
  static long version(FileSystem files, int thread, Kind kind) throws IOException {
    Path path = path(files, thread, kind);
    if (!Files.exists(path)) {
      return 0;
    }
    byte[] found = Files.readAllBytes(path);
    if (found.length == 0) {
      return 0;
    }
    if (kind == Kind.APPENDED) {
      if (found.length % RECORD != 0) {
        throw new AssertionError(path + " has " + found.length + " bytes, no whole records");
      }
      for (int at = 0; at < found.length; at += RECORD) {
        requireEqual(
            path,
            content(thread, kind, at / RECORD + 1),
            Arrays.copyOfRange(found, at, at + RECORD));
      }
      return found.length / RECORD;
    }
    long version = ByteBuffer.wrap(found).getLong(0);
    requireEqual(path, content(thread, kind, version), found);
    return version;
  }

  private static void requireEqual(Path path, byte[] wanted, byte[] found) {
    if (!Arrays.equals(wanted, found)) {
      throw new AssertionError(path + " differs at " + Arrays.mismatch(wanted, found));
    }
  }

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    SecureElement element = TestElement.inFile(Path.of(arguments[1]));
    ElementSession session = TestElement.login(element);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
    VolumeOptions options = VolumeOptions.builder().executor(new Timer(out)).build();
    FileSystem files = Mounted.of(SecureFileSystem.open(session, directory, options));
    for (int thread = 0; thread < THREADS; thread++) {
      Files.createDirectories(files.getPath("/writer" + thread));
    }
    Mounted.force(files.getPath("/"));
    out.println("ready");
    for (int thread = 0; thread < THREADS; thread++) {
      int number = thread;
      new Thread(
              () -> {
                try {
                  write(files, number, out);
                } catch (IOException | RuntimeException e) {
                  out.println("failed " + e);
                }
              })
          .start();
    }
  }

  private static void write(FileSystem files, int thread, PrintStream out) throws IOException {
    long[] version = new long[Kind.values().length];
    for (Kind kind : Kind.values()) {
      version[kind.ordinal()] = version(files, thread, kind);
    }
    while (true) {
      for (Kind kind : Kind.values()) {
        long next = ++version[kind.ordinal()];
        String line = thread + " " + kind + " " + next + " ";
        out.println(line + System.nanoTime() + " B");
        write(files, thread, kind, next);
        out.println(line + System.nanoTime() + " D");
      }
    }
  }

  private static void write(FileSystem files, int thread, Kind kind, long version)
      throws IOException {
    Path path = path(files, thread, kind);
    Path target = kind == Kind.RENAMED ? path.resolveSibling("fresh") : path;
    try (FileChannel channel =
        FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      long at = kind == Kind.APPENDED ? channel.size() : 0;
      channel.write(ByteBuffer.wrap(content(thread, kind, version)), at);
      if (kind != Kind.TIMED) {
        channel.force(true);
      }
    }
    if (kind == Kind.RENAMED) {
      Files.move(target, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      Mounted.force(java.util.Objects.requireNonNull(path.getParent()));
    }
  }
}
