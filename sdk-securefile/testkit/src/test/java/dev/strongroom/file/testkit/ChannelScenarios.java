// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.DSYNC;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.SPARSE;
import static java.nio.file.StandardOpenOption.SYNC;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.Channels;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Files opened, read, written, cut, locked and closed.
 *
 * <p>Thread safety: confined to one thread.
 */
@SuppressWarnings({
  "NullAway",
  "ByteBufferBackingArray",
  "FutureReturnValueIgnored"
}) // misuse is a part of what is compared
final class ChannelScenarios extends Scenarios {

  /** Something done with a channel on a file that holds {@code 0123456789}. */
  @FunctionalInterface
  private interface Use {
    Object of(FileChannel channel) throws Exception;
  }

  ChannelScenarios() {
    opening();
    reading();
    writing();
    sizes();
    transfers();
    locks();
    closing();
    asynchronous();
    streams();
  }

  private void on(String name, Use use, OpenOption... options) {
    add(
        "channel: " + name,
        root -> {
          Path file = Files.write(root.resolve("f"), "0123456789".getBytes(UTF_8));
          Object answer;
          try (FileChannel channel = FileChannel.open(file, options)) {
            answer = use.of(channel);
          }
          return List.of(String.valueOf(answer), content(file));
        });
  }

  private static Object content(Path file) throws IOException {
    return Files.exists(file) ? new String(Files.readAllBytes(file), UTF_8) : "no file";
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  private static String read(FileChannel channel, int length) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(length);
    int read = channel.read(target);
    return read + ":" + new String(target.array(), 0, target.position(), UTF_8);
  }

  private void opening() {
    OpenOption[][] sets = {
      {},
      {READ},
      {WRITE},
      {READ, WRITE},
      {APPEND},
      {READ, APPEND},
      {WRITE, APPEND},
      {APPEND, TRUNCATE_EXISTING},
      {WRITE, TRUNCATE_EXISTING},
      {READ, TRUNCATE_EXISTING},
      {CREATE},
      {READ, CREATE},
      {WRITE, CREATE},
      {WRITE, CREATE_NEW},
      {READ, CREATE_NEW},
      {WRITE, CREATE, CREATE_NEW},
      {WRITE, CREATE, TRUNCATE_EXISTING},
      {WRITE, CREATE_NEW, SPARSE},
      {WRITE, SYNC},
      {WRITE, DSYNC},
      {READ, DELETE_ON_CLOSE},
      {WRITE, CREATE, DELETE_ON_CLOSE},
      {WRITE, CREATE_NEW, DELETE_ON_CLOSE},
      {READ, LinkOption.NOFOLLOW_LINKS},
    };
    for (OpenOption[] set : sets) {
      String options = List.of(set).toString();
      add("open " + options + " of a file", root -> open(file(root, "f"), set));
      add("open " + options + " of nothing", root -> open(root.resolve("f"), set));
      add(
          "open " + options + " of a directory",
          root -> open(Files.createDirectory(root.resolve("f")), set));
      add(
          "open " + options + " of a link to a file",
          root -> {
            file(root, "f");
            Path link = root.resolve("l");
            Files.createSymbolicLink(link, root.getFileSystem().getPath("f"));
            return List.of(open(link, set), Files.exists(link, LinkOption.NOFOLLOW_LINKS));
          });
      add(
          "open " + options + " of a dangling link",
          root -> {
            Path link = root.resolve("l");
            Files.createSymbolicLink(link, root.getFileSystem().getPath("f"));
            return List.of(open(link, set), Files.exists(root.resolve("f")));
          });
      add("open " + options + " below a file", root -> open(file(root, "f").resolve("g"), set));
      add(
          "open " + options + " below nothing",
          root -> open(root.resolve("missing").resolve("g"), set));
    }
    add("open: a null option", root -> open(file(root, "f"), READ, null));
    add("open: an option that nobody knows", root -> open(file(root, "f"), new OpenOption() {}));
    add(
        "open: a name of 255 bytes",
        root -> open(root.resolve("n".repeat(255)), WRITE, CREATE_NEW));
    add(
        "open: a name of 256 bytes",
        root -> open(root.resolve("n".repeat(256)), WRITE, CREATE_NEW).getClass());
  }

  private static Path file(Path root, String name) throws IOException {
    return Files.write(root.resolve(name), "0123456789".getBytes(UTF_8));
  }

  /** Opens, writes and reads as far as the options go, closes, and tells what is left. */
  private static Object open(Path path, OpenOption... options) throws IOException {
    List<Object> seen = new ArrayList<>();
    try (FileChannel channel = FileChannel.open(path, options)) {
      seen.add(channel.position());
      seen.add(Files.isDirectory(path) ? "directory" : channel.size());
      try {
        seen.add(channel.write(bytes("ab")));
        seen.add(channel.position());
      } catch (RuntimeException e) {
        seen.add(e.getClass().getSimpleName());
      }
      try {
        seen.add(read(channel, 4));
      } catch (RuntimeException | IOException e) {
        seen.add(e.getClass().getSimpleName());
      }
      seen.add(Files.exists(path));
    }
    seen.add(Files.isDirectory(path) ? "directory" : content(path));
    return seen;
  }

  private void reading() {
    on("read at the beginning", channel -> read(channel, 4), READ);
    on("read to the end", channel -> read(channel, 10) + read(channel, 1), READ);
    on("read more than there is", channel -> read(channel, 40), READ);
    on("read nothing", channel -> read(channel, 0), READ);
    on(
        "read nothing at the end",
        channel -> {
          channel.position(10);
          return read(channel, 0);
        },
        READ);
    on(
        "read beyond the end",
        channel -> {
          channel.position(100);
          return read(channel, 1) + channel.position();
        },
        READ);
    on(
        "positional read",
        channel -> {
          ByteBuffer target = ByteBuffer.allocateDirect(4);
          return channel.read(target, 3) + " " + target.get(0) + " " + channel.position();
        },
        READ);
    on("positional read at the end", c -> c.read(ByteBuffer.allocate(4), 10), READ);
    on("positional read of nothing at the end", c -> c.read(ByteBuffer.allocate(0), 10), READ);
    on("positional read before the beginning", c -> c.read(ByteBuffer.allocate(4), -1), READ);
    on("read into a read-only buffer", c -> c.read(bytes("abcd").asReadOnlyBuffer()), READ);
    on("read of a channel for writing", c -> read(c, 4), WRITE);
    on("positional read of a channel for writing", c -> c.read(bytes("ab"), 0), WRITE);
    on(
        "scattering read",
        channel -> {
          ByteBuffer[] targets = {
            ByteBuffer.allocate(3),
            ByteBuffer.allocate(0),
            ByteBuffer.allocateDirect(4),
            ByteBuffer.allocate(9)
          };
          long read = channel.read(targets);
          return read + " " + targets[2].get(0) + " " + targets[3].position() + channel.position();
        },
        READ);
    on(
        "scattering read of a part",
        c -> c.read(new ByteBuffer[] {bytes("ab"), bytes("cd"), bytes("ef")}, 1, 1),
        READ);
    on("scattering read of a wrong part", c -> c.read(new ByteBuffer[] {bytes("ab")}, 1, 1), READ);
    on("scattering read at the end", c -> c.position(10).read(ByteBuffer.allocate(3)), READ);
    on(
        "read into the middle of a buffer",
        channel -> {
          ByteBuffer target = bytes("------");
          target.position(2).limit(4);
          channel.read(target);
          return new String(target.array(), UTF_8);
        },
        READ);
    on("read of an empty file", c -> c.truncate(0).read(ByteBuffer.allocate(3)), WRITE, READ);
  }

  private void writing() {
    on("write at the beginning", c -> c.write(bytes("abc")) + " " + c.position(), WRITE);
    on("write over the end", c -> c.position(8).write(bytes("abc")), WRITE);
    on("write beyond the end", c -> c.position(15).write(bytes("abc")), WRITE);
    on("write nothing", c -> c.write(bytes("")), WRITE);
    on(
        "write nothing beyond the end",
        c -> c.position(20).write(bytes("")) + " " + c.size(),
        WRITE);
    on("positional write", c -> c.write(bytes("abc"), 4) + " " + c.position(), WRITE);
    on("positional write beyond the end", c -> c.write(bytes("abc"), 20) + " " + c.size(), WRITE);
    on("positional write before the beginning", c -> c.write(bytes("abc"), -1), WRITE);
    on("write of a channel for reading", c -> c.write(bytes("abc")), READ);
    on("positional write of a channel for reading", c -> c.write(bytes("abc"), 0), READ);
    on("write of a read-only buffer", c -> c.write(bytes("abc").asReadOnlyBuffer()), WRITE);
    on(
        "write of a direct buffer",
        c -> c.write(ByteBuffer.allocateDirect(3).put((byte) 'x').put((byte) 'y').flip()),
        WRITE);
    on(
        "gathering write",
        c -> c.write(new ByteBuffer[] {bytes("ab"), bytes(""), bytes("cde")}) + " " + c.position(),
        WRITE);
    on("append", c -> c.write(bytes("abc")) + " " + c.position(), APPEND);
    on("append after a seek", c -> c.position(2).write(bytes("abc")) + " " + c.position(), APPEND);
    on("positional write while appending", c -> c.write(bytes("abc"), 2), APPEND);
    on(
        "gathering append",
        c -> c.write(new ByteBuffer[] {bytes("ab"), bytes("cde")}) + " " + c.position(),
        APPEND);
    on(
        "two channels",
        channel -> {
          channel.write(bytes("abc"));
          return "";
        },
        WRITE);
    add(
        "channel: large random writes read back",
        root -> {
          Random random = new Random(5);
          try (FileChannel channel = FileChannel.open(root.resolve("f"), WRITE, READ, CREATE)) {
            for (int i = 0; i < 200; i++) {
              byte[] part = new byte[random.nextInt(20_000)];
              random.nextBytes(part);
              channel.write(ByteBuffer.wrap(part), random.nextInt(400_000));
              if (i % 50 == 49) {
                channel.force(i % 2 == 0);
              }
            }
          }
          return Files.readAllBytes(root.resolve("f"));
        });
    add(
        "channel: one reads what the other has written",
        root -> {
          Path file = file(root, "f");
          try (FileChannel one = FileChannel.open(file, WRITE);
              FileChannel other = FileChannel.open(file, READ)) {
            one.write(bytes("abc"));
            one.position(10);
            one.write(bytes("xyz"));
            return read(other, 20) + other.size();
          }
        });
    add(
        "channel: two append",
        root -> {
          Path file = file(root, "f");
          try (FileChannel one = FileChannel.open(file, APPEND);
              FileChannel other = FileChannel.open(file, APPEND)) {
            one.write(bytes("abc"));
            other.write(bytes("def"));
            one.write(bytes("ghi"));
            return one.position() + " " + other.position() + content(file);
          }
        });
  }

  private void sizes() {
    on("size", c -> c.size(), READ);
    on("seek", c -> c.position(7).position(), READ);
    on("seek before the beginning", c -> c.position(-1), READ);
    on("seek beyond the end", c -> c.position(1L << 40).position() + " " + c.size(), READ);
    on("truncate", c -> c.truncate(4).size() + " " + c.position(), WRITE);
    on("truncate below the position", c -> c.position(8).truncate(4).position(), WRITE);
    on("truncate to more", c -> c.truncate(40).size(), WRITE);
    on("truncate to more below the position", c -> c.position(50).truncate(40).position(), WRITE);
    on("truncate to less than nothing", c -> c.truncate(-1), WRITE);
    on("truncate of a channel for reading", c -> c.truncate(4), READ);
    on("truncate while appending", c -> c.truncate(4).position(), APPEND);
    on("truncate and grow again", c -> c.truncate(4).write(bytes("z"), 8), WRITE);
    on(
        "force",
        c -> {
          c.write(bytes("x"));
          c.force(true);
          c.force(false);
          return "";
        },
        WRITE);
    on(
        "force of a channel for reading",
        c -> {
          c.force(true);
          return "";
        },
        READ);
    on("map for reading", c -> c.map(FileChannel.MapMode.READ_ONLY, 0, 10).get(3), READ);
    add(
        "channel: a directory is forced",
        root -> {
          try (FileChannel channel = FileChannel.open(root, READ)) {
            channel.force(true);
            return channel.isOpen();
          }
        });
    add(
        "channel: a directory is read",
        root -> {
          try (FileChannel channel = FileChannel.open(root, READ)) {
            return read(channel, 4);
          } catch (IOException e) {
            return "an IOException"; // of which kind, the JDK leaves to the system call
          }
        });
    add(
        "channel: a directory is written",
        root -> {
          try (FileChannel channel = FileChannel.open(root, READ)) {
            return channel.write(bytes("abc"));
          }
        });
  }

  private void transfers() {
    for (long[] part : new long[][] {{0, 10}, {3, 4}, {3, 40}, {10, 1}, {20, 1}, {0, 0}}) {
      on(
          "transferTo " + part[0] + " " + part[1],
          c -> {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            long moved = c.transferTo(part[0], part[1], Channels.newChannel(out));
            return moved + " " + out + " " + c.position();
          },
          READ);
      on(
          "transferFrom " + part[0] + " " + part[1],
          c -> {
            InputStream in = new ByteArrayInputStream("abcdefgh".getBytes(UTF_8));
            return c.transferFrom(Channels.newChannel(in), part[0], part[1]) + " " + c.position();
          },
          WRITE);
    }
    on("transferTo from before the beginning", c -> c.transferTo(-1, 1, c), READ, WRITE);
    on("transferTo of less than nothing", c -> c.transferTo(0, -1, c), READ, WRITE);
    on(
        "transferTo of a channel for writing",
        c -> c.transferTo(0, 1, Channels.newChannel(new ByteArrayOutputStream())),
        WRITE);
    on(
        "transferFrom into a channel for reading",
        c -> c.transferFrom(Channels.newChannel(new ByteArrayInputStream(new byte[1])), 0, 1),
        READ);
    on(
        "transferFrom before the beginning",
        c -> c.transferFrom(Channels.newChannel(new ByteArrayInputStream(new byte[1])), -1, 1),
        WRITE);
    add(
        "channel: transfer between two files",
        root -> {
          Path from = file(root, "f");
          Path to = root.resolve("t");
          try (FileChannel in = FileChannel.open(from, READ);
              FileChannel out = FileChannel.open(to, WRITE, CREATE)) {
            long moved = in.transferTo(2, 5, out);
            in.position(1);
            long more = out.transferFrom(in, 5, 100);
            return List.of(moved, more, in.position(), out.position(), content(to));
          }
        });
    add(
        "channel: transferTo a closed channel",
        root -> {
          try (FileChannel in = FileChannel.open(file(root, "f"), READ)) {
            FileChannel out = FileChannel.open(root.resolve("t"), WRITE, CREATE);
            out.close();
            return in.transferTo(2, 5, out);
          }
        });
    add(
        "channel: transferTo a channel for reading",
        root -> {
          Path file = file(root, "f");
          try (FileChannel in = FileChannel.open(file, READ);
              FileChannel out = FileChannel.open(file, READ)) {
            return in.transferTo(2, 5, out);
          }
        });
  }

  private void locks() {
    on("lock", c -> state(c.lock()), WRITE);
    on("tryLock", c -> state(c.tryLock()), WRITE);
    on("shared lock", c -> state(c.lock(2, 3, true)), READ);
    on("shared lock of a channel for writing", c -> state(c.lock(2, 3, true)), WRITE);
    on("exclusive lock of a channel for reading", c -> state(c.lock(2, 3, false)), READ);
    on("lock of a negative range", c -> state(c.lock(-1, 3, false)), WRITE);
    on("overlapping lock", c -> state(c.lock(0, 5, false)) + state(c.lock(4, 1, false)), WRITE);
    on("neighbouring locks", c -> state(c.lock(0, 5, false)) + state(c.lock(5, 5, false)), WRITE);
    on(
        "lock, release, lock",
        c -> {
          FileLock lock = c.lock();
          lock.release();
          return lock.isValid() + " " + state(c.lock());
        },
        WRITE);
    on(
        "release twice",
        c -> {
          FileLock lock = c.lock();
          lock.release();
          lock.release();
          return lock.isValid();
        },
        WRITE);
    add(
        "channel: overlapping locks of two channels",
        root -> {
          Path file = file(root, "f");
          try (FileChannel one = FileChannel.open(file, WRITE);
              FileChannel other = FileChannel.open(file, READ)) {
            one.lock(0, 4, false);
            return state(other.tryLock(3, 4, true));
          }
        });
    add(
        "channel: a lock ends with its channel",
        root -> {
          Path file = file(root, "f");
          FileChannel one = FileChannel.open(file, WRITE);
          FileLock lock = one.lock();
          one.close();
          try (FileChannel other = FileChannel.open(file, WRITE)) {
            return lock.isValid() + state(other.tryLock());
          }
        });
    add(
        "channel: release after closing",
        root -> {
          FileChannel one = FileChannel.open(file(root, "f"), WRITE);
          FileLock lock = one.lock();
          one.close();
          lock.release();
          return "";
        });
  }

  private static String state(FileLock lock) {
    return lock == null
        ? "none"
        : lock.position() + "+" + lock.size() + lock.isShared() + lock.isValid();
  }

  private void closing() {
    on(
        "close twice",
        c -> {
          c.close();
          c.close();
          return c.isOpen();
        },
        READ);
    on(
        "read after closing",
        c -> {
          c.close();
          return read(c, 3);
        },
        READ);
    on(
        "write after closing",
        c -> {
          c.close();
          return c.write(bytes("x"));
        },
        WRITE);
    on(
        "size after closing",
        c -> {
          c.close();
          return c.size();
        },
        WRITE);
    on(
        "position after closing",
        c -> {
          c.close();
          return c.position();
        },
        WRITE);
    on(
        "force after closing",
        c -> {
          c.close();
          c.force(true);
          return "";
        },
        WRITE);
    on(
        "lock after closing",
        c -> {
          c.close();
          return c.lock();
        },
        WRITE);
    on(
        "truncate after closing",
        c -> {
          c.close();
          return c.truncate(1);
        },
        WRITE);
    on("read while interrupted", c -> interrupted(() -> read(c, 3), c), READ);
    on("write while interrupted", c -> interrupted(() -> c.write(bytes("abc")), c), WRITE);
    add(
        "channel: an interrupt closes one channel only",
        root -> {
          Path file = file(root, "f");
          try (FileChannel one = FileChannel.open(file, READ);
              FileChannel other = FileChannel.open(file, READ)) {
            return interrupted(() -> read(one, 3), one) + read(other, 3);
          }
        });
    add(
        "channel: deleted while open",
        root -> {
          Path file = file(root, "f");
          try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
            Files.delete(file);
            channel.write(bytes("ab"));
            return Files.exists(file) + read(channel, 5) + channel.size();
          }
        });
    add(
        "channel: replaced while open",
        root -> {
          Path file = file(root, "f");
          Path next = Files.write(root.resolve("g"), "next".getBytes(UTF_8));
          try (FileChannel channel = FileChannel.open(file, READ)) {
            Files.move(next, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            return read(channel, 5) + content(file);
          }
        });
  }

  private static String interrupted(java.util.concurrent.Callable<?> work, FileChannel channel) {
    Thread.currentThread().interrupt();
    String outcome;
    try {
      outcome = String.valueOf(work.call());
    } catch (Exception e) {
      outcome = e.getClass().getSimpleName();
    }
    return outcome + Thread.interrupted() + channel.isOpen();
  }

  private void asynchronous() {
    add(
        "asynchronous: write and read",
        root -> {
          try (AsynchronousFileChannel channel =
              AsynchronousFileChannel.open(root.resolve("f"), READ, WRITE, CREATE)) {
            int written = channel.write(bytes("0123456789"), 3).get(10, TimeUnit.SECONDS);
            ByteBuffer target = ByteBuffer.allocate(5);
            int read = channel.read(target, 4).get(10, TimeUnit.SECONDS);
            int end = channel.read(ByteBuffer.allocate(5), 13).get(10, TimeUnit.SECONDS);
            channel.force(true);
            channel.truncate(5);
            return List.of(written, read, new String(target.array(), UTF_8), end, channel.size());
          }
        });
    add(
        "asynchronous: with a handler",
        root -> {
          CompletableFuture<String> answer = new CompletableFuture<>();
          try (AsynchronousFileChannel channel = AsynchronousFileChannel.open(file(root, "f"))) {
            channel.read(
                ByteBuffer.allocate(4),
                8,
                "attachment",
                new CompletionHandler<>() {
                  @Override
                  public void completed(Integer result, String attachment) {
                    answer.complete(result + attachment);
                  }

                  @Override
                  public void failed(Throwable cause, String attachment) {
                    answer.complete(cause + attachment);
                  }
                });
            return answer.get(10, TimeUnit.SECONDS);
          }
        });
    add(
        "asynchronous: append",
        root -> AsynchronousFileChannel.open(root.resolve("f"), APPEND, CREATE));
    add(
        "asynchronous: after closing",
        root -> {
          AsynchronousFileChannel channel = AsynchronousFileChannel.open(file(root, "f"));
          channel.close();
          try {
            return channel.read(ByteBuffer.allocate(1), 0).get(10, TimeUnit.SECONDS);
          } catch (ExecutionException e) {
            return e.getCause().getClass().getSimpleName();
          }
        });
    add(
        "asynchronous: write of a channel for reading",
        root -> {
          try (AsynchronousFileChannel channel = AsynchronousFileChannel.open(file(root, "f"))) {
            return channel.write(bytes("abc"), 0);
          }
        });
    add(
        "asynchronous: read before the beginning",
        root -> {
          try (AsynchronousFileChannel channel = AsynchronousFileChannel.open(file(root, "f"))) {
            return channel.read(bytes("abc"), -1);
          }
        });
    add(
        "asynchronous: lock",
        root -> {
          try (AsynchronousFileChannel channel =
              AsynchronousFileChannel.open(file(root, "f"), WRITE)) {
            FileLock lock = channel.lock().get(10, TimeUnit.SECONDS);
            return state(lock) + (lock.acquiredBy() == channel) + (lock.channel() == null);
          }
        });
    add(
        "asynchronous: overlapping locks",
        root -> {
          try (AsynchronousFileChannel channel =
              AsynchronousFileChannel.open(file(root, "f"), WRITE)) {
            channel.lock().get(10, TimeUnit.SECONDS);
            return channel.tryLock();
          }
        });
  }

  private void streams() {
    add(
        "stream: write, read, append",
        root -> {
          Path file = root.resolve("f");
          try (OutputStream out = Files.newOutputStream(file)) {
            out.write("hello".getBytes(UTF_8));
          }
          try (OutputStream out = Files.newOutputStream(file, APPEND)) {
            out.write(" world".getBytes(UTF_8));
          }
          try (InputStream in = Files.newInputStream(file)) {
            return List.of(
                in.available(), in.skip(6), new String(in.readAllBytes(), UTF_8), in.read());
          }
        });
    add("stream: of nothing", root -> Files.newInputStream(root.resolve("f")).read());
    add("stream: of a directory for writing", root -> Files.newOutputStream(root));
    add("stream: reading with WRITE", root -> Files.newInputStream(file(root, "f"), WRITE));
    add("stream: writing with READ", root -> Files.newOutputStream(file(root, "f"), READ));
    add(
        "stream: lines",
        root -> {
          Path file = Files.write(root.resolve("f"), List.of("one", "two", "three"));
          return Files.readAllLines(file) + " " + Files.size(file);
        });
    add(
        "stream: byte channel",
        root -> {
          try (SeekableByteChannel channel = Files.newByteChannel(file(root, "f"), READ, WRITE)) {
            channel.position(5).write(bytes("x"));
            return channel.position() + " " + channel.truncate(7).size();
          }
        });
    add(
        "stream: mismatch",
        root ->
            Files.mismatch(
                file(root, "f"), Files.write(root.resolve("g"), "01x3".getBytes(UTF_8))));
  }
}
