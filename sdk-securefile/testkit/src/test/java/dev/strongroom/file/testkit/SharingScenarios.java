// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What several channels, and several threads, do to one file or directory, and what an interrupt
 * does to a channel.
 *
 * <p>Thread safety: confined to one thread.
 */
final class SharingScenarios extends Scenarios {

  private static final int THREADS = 4;

  /** Something done by two channels on one file that holds {@code 0123456789}. */
  @FunctionalInterface
  private interface Use {
    Object of(FileChannel one, FileChannel other) throws Exception;
  }

  SharingScenarios() {
    twoChannels();
    locks();
    interrupts();
    threads();
  }

  private static Path file(Path root) throws IOException {
    return Files.writeString(root.resolve("f"), "0123456789");
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  private static String read(FileChannel channel, int length) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(length);
    int read = channel.read(target);
    return read + ":" + new String(target.array(), 0, target.position(), UTF_8);
  }

  private void both(String name, Use use, OpenOption[] ofOne, OpenOption[] ofOther) {
    add(
        "two channels: " + name,
        root -> {
          Path file = file(root);
          Object answer;
          try (FileChannel one = FileChannel.open(file, ofOne);
              FileChannel other = FileChannel.open(file, ofOther)) {
            answer = use.of(one, other);
          }
          return List.of(
              String.valueOf(answer), Files.exists(file) ? Files.readString(file) : "no file");
        });
  }

  private static OpenOption[] options(OpenOption... options) {
    return options;
  }

  private void twoChannels() {
    OpenOption[] reading = options(READ);
    OpenOption[] writing = options(WRITE);
    OpenOption[] appending = options(APPEND);
    both(
        "positions of their own",
        (one, other) -> read(one, 3) + read(other, 5) + read(one, 3) + one.position(),
        reading,
        reading);
    both(
        "what one writes the other reads",
        (one, other) -> read(other, 2) + one.write(bytes("abcdef")) + read(other, 6),
        writing,
        reading);
    both(
        "what one appends the other sees",
        (one, other) ->
            one.write(bytes("ab")) + read(other.position(8), 9) + other.size() + read(other, 1),
        appending,
        reading);
    both(
        "what one cuts the other misses",
        (one, other) -> {
          other.position(7);
          one.truncate(4);
          return read(other, 3) + other.position() + other.size();
        },
        writing,
        reading);
    both(
        "a write beyond what the other cut",
        (one, other) -> {
          one.position(8);
          other.truncate(2);
          one.write(bytes("x"));
          return one.position() + " " + other.size();
        },
        writing,
        writing);
    both(
        "both append",
        (one, other) ->
            one.write(bytes("a"))
                + other.write(bytes("bb"))
                + one.write(bytes("c"))
                + " "
                + one.position()
                + " "
                + other.position(),
        appending,
        appending);
    both(
        "an append after the other's cut",
        (one, other) -> {
          one.write(bytes("a"));
          other.truncate(3);
          return one.write(bytes("b")) + " " + one.position();
        },
        appending,
        writing);
    both(
        "a transfer within the file",
        (one, other) -> one.transferTo(0, 4, other) + " " + other.position(),
        reading,
        writing);
    both(
        "a transfer from the same file",
        (one, other) -> one.transferFrom(other, 6, 3) + " " + other.position(),
        writing,
        reading);
    both(
        "one closes, the other goes on",
        (one, other) -> {
          one.close();
          return other.write(bytes("ab")) + " " + other.size();
        },
        writing,
        writing);
    both(
        "deleted at one's close",
        (one, other) -> {
          one.close();
          return read(other, 20);
        },
        options(READ, DELETE_ON_CLOSE),
        reading);
    both(
        "cut at one's opening",
        (one, other) -> read(one, 4) + other.size(),
        reading,
        options(WRITE, TRUNCATE_EXISTING));
    add(
        "two channels: a new file in the place of a deleted one",
        root -> {
          Path file = file(root);
          try (FileChannel old = FileChannel.open(file, READ, WRITE)) {
            Files.delete(file);
            try (FileChannel next = FileChannel.open(file, READ, WRITE, CREATE_NEW)) {
              next.write(bytes("next"));
              old.write(bytes("old"));
              next.position(0);
              old.position(0);
              return read(old, 20) + read(next, 20) + Files.readString(file);
            }
          }
        });
    add(
        "two channels: two names exchanged while both are open",
        root -> {
          Path one = file(root);
          Path other = Files.writeString(root.resolve("g"), "other");
          try (FileChannel first = FileChannel.open(one, READ, WRITE);
              FileChannel second = FileChannel.open(other, READ, WRITE)) {
            Files.move(one, root.resolve("h"));
            Files.move(other, one);
            Files.move(root.resolve("h"), other);
            first.write(bytes("F"));
            second.write(bytes("S"));
          }
          return List.of(Files.readString(one), Files.readString(other));
        });
    add(
        "two channels: a directory moved with an open file in it",
        root -> {
          Path folder = Files.createDirectory(root.resolve("d"));
          Path file = file(folder);
          try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
            Files.move(folder, root.resolve("e"));
            channel.write(bytes("moved"));
            channel.force(true);
            return read(channel, 20) + Files.readString(root.resolve("e/f")) + Files.exists(file);
          }
        });
  }

  private void locks() {
    add(
        "locks: through a link and a second name",
        root -> {
          Path file = file(root);
          Path link = Files.createSymbolicLink(root.resolve("l"), file);
          try (FileChannel one = FileChannel.open(file, WRITE);
              FileChannel other = FileChannel.open(link, WRITE)) {
            one.lock();
            return other.tryLock();
          }
        });
    add(
        "locks: after a move",
        root -> {
          Path file = file(root);
          try (FileChannel one = FileChannel.open(file, WRITE)) {
            one.lock(0, 5, false);
            Path moved = Files.move(file, root.resolve("g"));
            try (FileChannel other = FileChannel.open(moved, WRITE)) {
              return other.tryLock(5, 5, false).isValid() + String.valueOf(overlap(other));
            }
          }
        });
    add(
        "locks: a new file in the place of a locked one",
        root -> {
          Path file = file(root);
          try (FileChannel one = FileChannel.open(file, WRITE)) {
            one.lock();
            Files.delete(file);
            try (FileChannel other = FileChannel.open(file, WRITE, CREATE_NEW)) {
              return other.tryLock().isValid();
            }
          }
        });
    add(
        "locks: two files",
        root -> {
          Path second = Files.writeString(root.resolve("g"), "x");
          try (FileChannel one = FileChannel.open(file(root), WRITE);
              FileChannel other = FileChannel.open(second, WRITE)) {
            return one.lock().isValid() && other.lock().isValid();
          }
        });
    add(
        "locks: two shared ones that overlap",
        root -> {
          Path file = file(root);
          try (FileChannel one = FileChannel.open(file, READ);
              FileChannel other = FileChannel.open(file, READ)) {
            one.lock(0, 5, true);
            return other.lock(2, 5, true);
          }
        });
    add(
        "locks: one channel closes, the other's lock stays",
        root -> {
          Path file = file(root);
          try (FileChannel one = FileChannel.open(file, WRITE);
              FileChannel third = FileChannel.open(file, WRITE)) {
            FileLock lock;
            try (FileChannel other = FileChannel.open(file, WRITE)) {
              lock = one.lock(0, 5, false);
              other.lock(5, 5, false);
            }
            return lock.isValid()
                + String.valueOf(overlap(third))
                + third.tryLock(5, 5, false).isValid();
          }
        });
    for (long[] range :
        new long[][] {{0, 0}, {5, 0}, {0, -1}, {-1, 1}, {1, Long.MAX_VALUE}, {100, 5}}) {
      add(
          "locks: " + range[0] + " and " + range[1],
          root -> {
            try (FileChannel one = FileChannel.open(file(root), WRITE)) {
              FileLock lock = one.tryLock(range[0], range[1], false);
              return lock.position() + " " + lock.size() + lock.overlaps(0, 3);
            }
          });
    }
    add(
        "locks: try with resources",
        root -> {
          try (FileChannel one = FileChannel.open(file(root), WRITE)) {
            try (FileLock lock = one.lock()) {
              assert lock.isValid();
            }
            return one.tryLock().isValid();
          }
        });
    add(
        "locks: nobody is kept from reading and writing",
        root -> {
          Path file = file(root);
          try (FileChannel one = FileChannel.open(file, WRITE)) {
            one.lock();
            Files.writeString(file, "written");
            Files.move(file, root.resolve("g"));
            return Files.readString(root.resolve("g"));
          }
        });
    add(
        "locks: the range of a third channel among many",
        root -> {
          Path file = file(root);
          List<Object> seen = new ArrayList<>();
          try (FileChannel one = FileChannel.open(file, WRITE);
              FileChannel other = FileChannel.open(file, WRITE)) {
            for (int i = 0; i < 100; i += 2) {
              one.lock(i, 1, false);
            }
            for (int i = 1; i < 100; i += 2) {
              seen.add(other.lock(i, 1, false).isValid());
            }
            seen.add(overlap(other));
          }
          return seen;
        });
  }

  private static Object overlap(FileChannel channel) throws IOException {
    try {
      return channel.tryLock(0, 1, false);
    } catch (OverlappingFileLockException e) {
      return "overlap";
    }
  }

  /** Something done with a channel by a thread that has been interrupted. */
  @FunctionalInterface
  private interface Interrupted {
    Object of(FileChannel channel) throws Exception;
  }

  private void interrupts() {
    interrupted("a positional read", c -> c.read(ByteBuffer.allocate(3), 2));
    interrupted("a positional write", c -> c.write(bytes("abc"), 2));
    interrupted("an empty read", c -> c.read(ByteBuffer.allocate(0)));
    interrupted("a scattering read", c -> c.read(new ByteBuffer[] {ByteBuffer.allocate(3)}));
    interrupted("a gathering write", c -> c.write(new ByteBuffer[] {bytes("abc")}));
    interrupted("size", FileChannel::size);
    interrupted("position", FileChannel::position);
    interrupted("setting the position", c -> c.position(3).isOpen());
    interrupted("truncate", c -> c.truncate(3).isOpen());
    interrupted(
        "force",
        c -> {
          c.force(true);
          return "forced";
        });
    interrupted("lock", c -> c.lock().isValid());
    interrupted("tryLock", c -> c.tryLock().isValid());
    interrupted(
        "transferTo",
        c -> c.transferTo(0, 5, Channels.newChannel(new java.io.ByteArrayOutputStream())));
    interrupted(
        "transferFrom",
        c ->
            c.transferFrom(
                Channels.newChannel(new java.io.ByteArrayInputStream(new byte[4])), 0, 4));
    add(
        "interrupted: opening, reading and writing whole files",
        root -> {
          Path file = file(root);
          Thread.currentThread().interrupt();
          List<Object> seen = new ArrayList<>();
          try {
            seen.add(Files.exists(file));
            seen.add(Files.size(file));
            Files.createDirectory(root.resolve("d"));
            Files.move(file, root.resolve("g"));
            try (FileChannel channel = FileChannel.open(root.resolve("g"), READ)) {
              seen.add(channel.isOpen());
            }
          } finally {
            seen.add(Thread.interrupted());
          }
          seen.add(Files.readString(root.resolve("g")));
          return seen;
        });
  }

  private void interrupted(String name, Interrupted use) {
    add(
        "interrupted: " + name,
        root -> {
          Path file = file(root);
          List<Object> seen = new ArrayList<>();
          try (FileChannel beside = FileChannel.open(file, READ, WRITE);
              FileChannel channel = FileChannel.open(file, READ, WRITE)) {
            Thread.currentThread().interrupt();
            try {
              seen.add(use.of(channel));
            } catch (Exception e) {
              seen.add(e.getClass().getSimpleName());
            } finally {
              seen.add(Thread.interrupted());
            }
            seen.add(channel.isOpen());
            seen.add(beside.isOpen());
            beside.write(bytes("beside"));
            beside.force(true);
            seen.add(Files.readString(file).startsWith("beside"));
          }
          return seen;
        });
  }

  // ---- threads

  /** The same work in several threads that begin at once; answers what each of them found. */
  private static List<Object> together(int threads, Callable<?> work) throws Exception {
    CyclicBarrier start = new CyclicBarrier(threads);
    List<Callable<Object>> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      all.add(
          () -> {
            start.await();
            return work.call();
          });
    }
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Object> answers = new ArrayList<>();
      for (Future<Object> each : executor.invokeAll(all)) {
        answers.add(each.get());
      }
      return answers;
    } finally {
      executor.shutdownNow();
    }
  }

  private void threads() {
    add(
        "threads: of many that make a file one does",
        root -> {
          int made = 0;
          for (int round = 0; round < 10; round++) {
            Path file = root.resolve("f" + round);
            made +=
                (int) together(THREADS, () -> make(file)).stream().filter("made"::equals).count();
          }
          return made;
        });
    add(
        "threads: of many that make a directory one does",
        root -> {
          int made = 0;
          for (int round = 0; round < 10; round++) {
            Path folder = root.resolve("d" + round);
            made +=
                (int)
                    together(THREADS, () -> makeDirectory(folder)).stream()
                        .filter("made"::equals)
                        .count();
          }
          return made;
        });
    add(
        "threads: all make the same directories",
        root -> {
          together(THREADS, () -> Files.createDirectories(root.resolve("a/b/c/d")));
          return Files.isDirectory(root.resolve("a/b/c/d"));
        });
    add(
        "threads: appended records stay whole",
        root -> {
          Path file = Files.createFile(root.resolve("f"));
          together(THREADS, () -> appendRecords(file));
          return records(Files.readAllBytes(file));
        });
    add(
        "threads: records appended through one channel stay whole",
        root -> {
          Path file = root.resolve("f");
          try (FileChannel channel = FileChannel.open(file, APPEND, CREATE)) {
            together(THREADS, () -> appendRecords(channel));
          }
          return records(Files.readAllBytes(file));
        });
    add(
        "threads: writes at one channel's position follow each other",
        root -> {
          Path file = root.resolve("f");
          try (FileChannel channel = FileChannel.open(file, WRITE, CREATE)) {
            together(THREADS, () -> appendRecords(channel));
          }
          return records(Files.readAllBytes(file));
        });
    add(
        "threads: a replaced file is never missing",
        root -> {
          Path file = Files.writeString(root.resolve("f"), "0");
          AtomicBoolean done = new AtomicBoolean();
          return together(
              2,
              () -> {
                if (done.compareAndSet(false, true)) {
                  for (int i = 0; i < 100; i++) {
                    Path next = Files.writeString(root.resolve("next"), "" + i % 10);
                    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
                  }
                  return "";
                }
                for (int i = 0; i < 100; i++) {
                  if (Files.readString(file).length() != 1) {
                    return "a mixture";
                  }
                }
                return "";
              });
        });
    add(
        "threads: a directory is listed while it changes",
        root -> {
          Files.createFile(root.resolve("stays"));
          AtomicBoolean changing = new AtomicBoolean();
          List<Object> found =
              together(
                  2,
                  () -> {
                    if (changing.compareAndSet(false, true)) {
                      for (int i = 0; i < 100; i++) {
                        Files.createFile(root.resolve("f" + i));
                        if (i % 3 > 0) {
                          Files.delete(root.resolve("f" + i));
                        }
                      }
                      return true;
                    }
                    boolean always = true;
                    for (int i = 0; i < 20; i++) {
                      boolean stays = false;
                      try (DirectoryStream<Path> stream = Files.newDirectoryStream(root)) {
                        for (Path path : stream) {
                          stays |= path.endsWith("stays");
                        }
                      }
                      always &= stays;
                    }
                    return always;
                  });
          try (DirectoryStream<Path> stream = Files.newDirectoryStream(root)) {
            int left = 0;
            for (Path path : stream) {
              left += path.getFileName().toString().length() > 0 ? 1 : 0;
            }
            return found + " " + left;
          }
        });
    add(
        "threads: a file is read while it is cut and grows",
        root -> {
          Path file = Files.write(root.resolve("f"), new byte[50_000]);
          AtomicBoolean cutting = new AtomicBoolean();
          return together(
              2,
              () -> {
                try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
                  boolean cuts = cutting.compareAndSet(false, true);
                  ByteBuffer buffer = ByteBuffer.allocate(9000);
                  for (int i = 0; i < 200; i++) {
                    if (cuts) {
                      channel.truncate(i * 37 % 20_000);
                      channel.write(ByteBuffer.allocate(1), 40_000);
                    } else {
                      buffer.clear();
                      channel.read(buffer, i * 91L % 45_000);
                      for (int at = 0; at < buffer.position(); at++) {
                        if (buffer.get(at) != 0) {
                          return "not zero";
                        }
                      }
                    }
                  }
                }
                return "";
              });
        });
    add(
        "threads: a channel closed under a reader",
        root -> {
          Path file = Files.write(root.resolve("f"), new byte[50_000]);
          FileChannel channel = FileChannel.open(file, READ);
          AtomicBoolean closing = new AtomicBoolean();
          return together(
              2,
              () -> {
                if (closing.compareAndSet(false, true)) {
                  Files.readAllBytes(file);
                  channel.close();
                  return "ended";
                }
                try {
                  for (int i = 0; ; i = (i + 4999) % 50_000) {
                    channel.read(ByteBuffer.allocate(5000), i);
                  }
                } catch (ClosedChannelException e) {
                  return "ended";
                }
              });
        });
    add(
        "threads: an interrupt in the middle closes one channel",
        root -> {
          Path file = Files.write(root.resolve("f"), new byte[50_000]);
          Thread[] reader = new Thread[1];
          String[] end = new String[1];
          try (FileChannel beside = FileChannel.open(file, READ, WRITE)) {
            FileChannel channel = FileChannel.open(file, READ);
            reader[0] =
                new Thread(
                    () -> {
                      try {
                        for (int i = 0; ; i = (i + 4999) % 50_000) {
                          channel.read(ByteBuffer.allocate(5000), i);
                        }
                      } catch (IOException e) {
                        end[0] =
                            e.getClass().getSimpleName() + Thread.currentThread().isInterrupted();
                      }
                    });
            reader[0].start();
            beside.write(bytes("first"), 0);
            reader[0].interrupt();
            reader[0].join();
            beside.write(bytes("then"), 10);
            return List.of(end[0], channel.isOpen(), beside.isOpen(), beside.size());
          }
        });
  }

  private static String make(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, WRITE, CREATE_NEW)) {
      channel.write(bytes("x"));
      return "made";
    } catch (FileAlreadyExistsException e) {
      return "there";
    }
  }

  private static String makeDirectory(Path folder) throws IOException {
    try {
      Files.createDirectory(folder);
      return "made";
    } catch (FileAlreadyExistsException e) {
      return "there";
    }
  }

  private static final int RECORD = 100;

  private static Object appendRecords(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, APPEND)) {
      return appendRecords(channel);
    }
  }

  private static Object appendRecords(FileChannel channel) throws IOException {
    int tag = (int) (Thread.currentThread().getId() % 100) + 1;
    for (int i = 0; i < 50; i++) {
      byte[] record = new byte[RECORD];
      java.util.Arrays.fill(record, (byte) tag);
      ByteBuffer direct = ByteBuffer.allocateDirect(RECORD).put(record).flip();
      channel.write(i % 2 == 0 ? ByteBuffer.wrap(record) : direct);
    }
    return "";
  }

  private static Object records(byte[] content) {
    int torn = 0;
    for (int at = 0; at + RECORD <= content.length; at += RECORD) {
      for (int i = 1; i < RECORD; i++) {
        if (content[at + i] != content[at]) {
          torn++;
          break;
        }
      }
    }
    return content.length + " bytes, torn " + torn;
  }
}
