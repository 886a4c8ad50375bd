// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.DSYNC;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Asynchronous channels: options, handlers, executors, refusals.
 *
 * <p>Thread safety: confined to one thread.
 */
@SuppressWarnings({"NullAway"}) // misuse is a part of what is compared
final class AsynchronousScenarios extends Scenarios {

  /** Something done with an asynchronous channel on a file that holds {@code 0123456789}. */
  @FunctionalInterface
  private interface Use {
    Object of(AsynchronousFileChannel channel) throws Exception;
  }

  AsynchronousScenarios() {
    for (OpenOption[] options :
        List.of(
            new OpenOption[] {},
            new OpenOption[] {WRITE, TRUNCATE_EXISTING},
            new OpenOption[] {WRITE, CREATE_NEW},
            new OpenOption[] {READ, TRUNCATE_EXISTING},
            new OpenOption[] {READ, DELETE_ON_CLOSE},
            new OpenOption[] {WRITE, DSYNC})) {
      on("open " + Arrays.toString(options), AsynchronousFileChannel::size, options);
    }
    add("asynchronous: open nothing", root -> AsynchronousFileChannel.open(root.resolve("x")));
    add("asynchronous: write a directory", root -> AsynchronousFileChannel.open(root, WRITE));
    reading();
    writing();
    locking();
    executors();
  }

  private void on(String name, Use use, OpenOption... options) {
    add(
        "asynchronous: " + name,
        root -> {
          Path file = Files.writeString(root.resolve("f"), "0123456789");
          Object answer;
          try (AsynchronousFileChannel channel = AsynchronousFileChannel.open(file, options)) {
            answer = use.of(channel);
          }
          return List.of(
              String.valueOf(answer), Files.exists(file) ? Files.readString(file) : "no file");
        });
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  private static Object get(Future<?> future) throws Exception {
    try {
      return future.get(10, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      return e.getCause().getClass().getSimpleName();
    }
  }

  /** Keeps what a handler is told. */
  private static final class Told<V> implements CompletionHandler<V, String> {
    private final CompletableFuture<String> answer = new CompletableFuture<>();

    @Override
    public void completed(V result, String attachment) {
      answer.complete("completed " + attachment);
    }

    @Override
    public void failed(Throwable cause, String attachment) {
      answer.complete(cause.getClass().getSimpleName() + " " + attachment);
    }

    Object get() throws Exception {
      return answer.get(10, TimeUnit.SECONDS);
    }
  }

  private void reading() {
    on(
        "read into a part",
        c -> {
          ByteBuffer part = ByteBuffer.allocate(10).position(2).limit(5);
          return get(c.read(part, 4))
              + " "
              + part.position()
              + new String(part.array(), UTF_8).trim();
        },
        READ);
    on(
        "read into a direct buffer",
        c -> {
          ByteBuffer direct = ByteBuffer.allocateDirect(6);
          return get(c.read(direct, 7)) + " " + direct.position();
        },
        READ);
    on("read nothing", c -> get(c.read(ByteBuffer.allocate(0), 3)), READ);
    on("read nothing beyond the end", c -> get(c.read(ByteBuffer.allocate(0), 30)), READ);
    on("read beyond the end", c -> get(c.read(ByteBuffer.allocate(3), 30)), READ);
    on(
        "read into a read-only buffer",
        c -> get(c.read(ByteBuffer.allocate(3).asReadOnlyBuffer(), 0)),
        READ);
    on("read of a channel for writing", c -> get(c.read(ByteBuffer.allocate(3), 0)), WRITE);
    on(
        "read without a handler",
        c -> {
          c.read(ByteBuffer.allocate(3), 0, "", null);
          return "";
        },
        READ);
    on(
        "read with a handler at the end",
        c -> {
          CompletableFuture<Integer> answer = new CompletableFuture<>();
          c.read(
              ByteBuffer.allocate(3),
              10,
              answer,
              new CompletionHandler<>() {
                @Override
                public void completed(Integer result, CompletableFuture<Integer> attachment) {
                  attachment.complete(result);
                }

                @Override
                public void failed(Throwable cause, CompletableFuture<Integer> attachment) {
                  attachment.completeExceptionally(cause);
                }
              });
          return answer.get(10, TimeUnit.SECONDS);
        },
        READ);
    on(
        "read with a handler after closing",
        c -> {
          c.close();
          Told<Integer> told = new Told<>();
          c.read(ByteBuffer.allocate(3), 0, "a", told);
          return told.get();
        },
        READ);
    on(
        "a null attachment",
        c -> {
          Told<Integer> told = new Told<>();
          c.read(ByteBuffer.allocate(3), 0, null, told);
          return told.get();
        },
        READ);
  }

  private void writing() {
    on("write over the end", c -> get(c.write(bytes("abcdef"), 8)) + " " + c.size(), WRITE);
    on("write beyond the end", c -> get(c.write(bytes("ab"), 12)) + " " + c.size(), WRITE);
    on("write nothing", c -> get(c.write(bytes(""), 20)) + " " + c.size(), WRITE);
    on("write before the beginning", c -> get(c.write(bytes("a"), -1)), WRITE);
    on(
        "write a read-only direct buffer",
        c -> {
          ByteBuffer direct = ByteBuffer.allocateDirect(3).put(bytes("abc")).flip();
          return get(c.write(direct.asReadOnlyBuffer(), 1));
        },
        WRITE);
    on("truncate", c -> c.truncate(4).size(), WRITE);
    on("truncate to more", c -> c.truncate(40).size(), WRITE);
    on("truncate to less than nothing", c -> c.truncate(-1).size(), WRITE);
    on("truncate of a channel for reading", c -> c.truncate(3).size(), READ);
    on(
        "force of a channel for reading",
        c -> {
          c.force(false);
          return "";
        },
        READ);
    on(
        "size after closing",
        c -> {
          c.close();
          return c.size();
        },
        READ);
    on(
        "force after closing",
        c -> {
          c.close();
          c.force(true);
          return "";
        },
        WRITE);
    on(
        "truncate after closing",
        c -> {
          c.close();
          try {
            return c.truncate(1);
          } catch (ClosedChannelException e) {
            return "closed"; // the JDK has a subclass here, and elsewhere not
          }
        },
        WRITE);
    on(
        "write after closing",
        c -> {
          c.close();
          return get(c.write(bytes("a"), 0));
        },
        WRITE);
    on(
        "close twice",
        c -> {
          c.close();
          c.close();
          return c.isOpen();
        },
        WRITE);
    on(
        "many writes at once",
        c -> {
          List<Future<Integer>> all = new ArrayList<>();
          for (int i = 0; i < 50; i++) {
            all.add(c.write(bytes("x".repeat(100)), 100L * i));
          }
          int written = 0;
          for (Future<Integer> each : all) {
            written += each.get(10, TimeUnit.SECONDS);
          }
          return written + " " + c.size();
        },
        WRITE);
    on(
        "a finished operation is not cancelled",
        c -> {
          Future<Integer> read = c.read(ByteBuffer.allocate(1), 0);
          read.get(10, TimeUnit.SECONDS);
          return read.isDone() + " " + read.cancel(true) + read.isCancelled();
        },
        READ);
  }

  private void locking() {
    on(
        "lock with a handler",
        c -> {
          Told<FileLock> told = new Told<>();
          c.lock(0, 3, false, "a", told);
          return told.get();
        },
        WRITE);
    on(
        "lock with a handler after closing",
        c -> {
          c.close();
          Told<FileLock> told = new Told<>();
          c.lock(0, 3, false, "a", told);
          return told.get();
        },
        WRITE);
    on(
        "lock after closing",
        c -> {
          c.close();
          return get(c.lock());
        },
        WRITE);
    on(
        "tryLock after closing",
        c -> {
          c.close();
          return c.tryLock();
        },
        WRITE);
    on(
        "lock without a handler",
        c -> {
          c.lock(0, 3, false, "", null);
          return "";
        },
        WRITE);
    on(
        "lock what is locked",
        c -> {
          c.tryLock(0, 3, false);
          return get(c.lock(2, 3, false));
        },
        WRITE);
    on(
        "lock what is locked, with a handler",
        c -> {
          c.tryLock(0, 3, false);
          Told<FileLock> told = new Told<>();
          c.lock(2, 3, false, "a", told);
          return told.get();
        },
        WRITE);
    on("lock a negative range", c -> get(c.lock(-1, 3, false)), WRITE);
    on("exclusive lock of a channel for reading", c -> get(c.lock(0, 3, false)), READ);
    on("shared lock of a channel for writing", c -> get(c.lock(0, 3, true)), WRITE);
    add(
        "asynchronous: a lock against one of another kind of channel",
        root -> {
          Path file = Files.writeString(root.resolve("f"), "0123456789");
          try (AsynchronousFileChannel one = AsynchronousFileChannel.open(file, WRITE);
              FileChannel other = FileChannel.open(file, WRITE)) {
            one.lock().get(10, TimeUnit.SECONDS);
            return other.tryLock();
          }
        });
    add(
        "asynchronous: a lock ends with its channel",
        root -> {
          Path file = Files.writeString(root.resolve("f"), "0123456789");
          AsynchronousFileChannel one = AsynchronousFileChannel.open(file, WRITE);
          var lock = one.lock().get(10, TimeUnit.SECONDS);
          one.close();
          try (FileChannel other = FileChannel.open(file, WRITE)) {
            return lock.isValid() + " " + other.tryLock().isValid();
          }
        });
    on(
        "release",
        c -> {
          var lock = c.tryLock();
          lock.release();
          return lock.isValid() + " " + c.tryLock().isValid();
        },
        WRITE);
    on(
        "release after closing",
        c -> {
          var lock = c.tryLock();
          c.close();
          lock.release();
          return "";
        },
        WRITE);
  }

  private void executors() {
    add(
        "asynchronous: handlers run on the executor",
        root -> {
          Path file = Files.writeString(root.resolve("f"), "0123456789");
          ExecutorService executor =
              Executors.newSingleThreadExecutor(work -> new Thread(work, "given"));
          try (AsynchronousFileChannel channel =
              AsynchronousFileChannel.open(file, Set.of(READ), executor)) {
            CompletableFuture<String> thread = new CompletableFuture<>();
            channel.read(
                ByteBuffer.allocate(4),
                0,
                thread,
                new CompletionHandler<>() {
                  @Override
                  public void completed(Integer result, CompletableFuture<String> attachment) {
                    attachment.complete(result + Thread.currentThread().getName());
                  }

                  @Override
                  public void failed(Throwable cause, CompletableFuture<String> attachment) {
                    attachment.completeExceptionally(cause);
                  }
                });
            return thread.get(10, TimeUnit.SECONDS);
          } finally {
            executor.shutdownNow();
          }
        });
    add(
        "asynchronous: an executor is shut down while a handler runs",
        root -> {
          Path file = Files.writeString(root.resolve("f"), "0123456789");
          ExecutorService executor = Executors.newSingleThreadExecutor();
          try (AsynchronousFileChannel channel =
              AsynchronousFileChannel.open(file, Set.of(READ, WRITE), executor)) {
            CountDownLatch running = new CountDownLatch(1);
            CompletableFuture<String> used = new CompletableFuture<>();
            channel.write(bytes("ab"), 0, "", untilInterrupted(running, channel, used));
            running.await();
            executor.shutdownNow();
            String ofHandler = used.get(10, TimeUnit.SECONDS);
            List<String> refused = new ArrayList<>();
            for (Callable<Future<?>> use :
                List.<Callable<Future<?>>>of(
                    () -> channel.read(ByteBuffer.allocate(3), 0),
                    () -> channel.write(bytes("c"), 0),
                    () -> channel.lock())) {
              try {
                refused.add("accepted " + get(use.call()));
              } catch (RuntimeException e) {
                refused.add(e.getClass().getSimpleName());
              }
            }
            return List.of(
                ofHandler, refused, channel.isOpen(), channel.size(), channel.tryLock().isValid());
          }
        });
    add(
        "asynchronous: an orderly end of the executor tells all handlers",
        root -> {
          Path file = Files.writeString(root.resolve("f"), "0123456789");
          ExecutorService executor = Executors.newSingleThreadExecutor();
          try (AsynchronousFileChannel channel =
              AsynchronousFileChannel.open(file, Set.of(READ, WRITE), executor)) {
            CountDownLatch released = new CountDownLatch(1);
            executor.execute(
                () -> {
                  try {
                    released.await();
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                });
            Told<Integer> written = new Told<>();
            Told<FileLock> locked = new Told<>();
            channel.write(bytes("ab"), 0, "written", written);
            channel.lock(0, 1, false, "locked", locked);
            executor.shutdown();
            released.countDown();
            return List.of(written.get(), locked.get());
          }
        });
    interrupted("read", c -> get(c.read(ByteBuffer.allocate(4), 2)));
    interrupted("write", c -> get(c.write(bytes("abc"), 2)));
    interrupted("lock", c -> get(c.lock()) instanceof FileLock);
    interrupted("tryLock", c -> c.tryLock().isValid());
    interrupted("size", AsynchronousFileChannel::size);
    interrupted("truncate", c -> c.truncate(4).size());
    interrupted(
        "force",
        c -> {
          c.force(true);
          return "forced";
        });
    add(
        "asynchronous: made with an attribute",
        root -> {
          ExecutorService executor = Executors.newSingleThreadExecutor();
          try (AsynchronousFileChannel channel =
              AsynchronousFileChannel.open(
                  root.resolve("f"),
                  Set.of(WRITE, CREATE),
                  executor,
                  java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
                      java.nio.file.attribute.PosixFilePermissions.fromString("rw-r-----")))) {
            return channel.size() + mode(root.resolve("f"));
          } finally {
            executor.shutdownNow();
          }
        });
  }

  /** A handler that waits for an interrupt, and uses the channel then. */
  private static CompletionHandler<Integer, String> untilInterrupted(
      CountDownLatch running, AsynchronousFileChannel channel, CompletableFuture<String> used) {
    return new CompletionHandler<>() {
      @Override
      public void completed(Integer result, String attachment) {
        running.countDown();
        try {
          new CountDownLatch(1).await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          try {
            used.complete(channel.size() + " " + channel.isOpen());
          } catch (IOException failure) {
            used.complete(failure.getClass().getSimpleName());
          }
        }
      }

      @Override
      public void failed(Throwable cause, String attachment) {
        used.complete(cause.getClass().getSimpleName());
      }
    };
  }

  /** Something done by an interrupted thread, which also carries the operation out. */
  private void interrupted(String name, Use use) {
    add(
        "asynchronous: interrupted: " + name,
        root -> {
          Path file = Files.writeString(root.resolve("f"), "0123456789");
          List<Object> seen = new ArrayList<>();
          try (AsynchronousFileChannel channel =
              AsynchronousFileChannel.open(file, Set.of(READ, WRITE), new SameThread())) {
            Thread.currentThread().interrupt();
            Object answer;
            try {
              answer = use.of(channel);
            } finally {
              seen.add(Thread.interrupted());
            }
            seen.add(answer);
            seen.add(channel.isOpen());
          }
          seen.add(Files.readString(file));
          return seen;
        });
  }

  /** Carries tasks out in the thread that hands them over. */
  private static final class SameThread extends AbstractExecutorService {
    @Override
    public void execute(Runnable task) {
      task.run();
    }

    @Override
    public void shutdown() {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Runnable> shutdownNow() {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return false;
    }
  }

  private static String mode(Path file) throws IOException {
    return java.nio.file.attribute.PosixFilePermissions.toString(
        Files.getPosixFilePermissions(file));
  }
}
