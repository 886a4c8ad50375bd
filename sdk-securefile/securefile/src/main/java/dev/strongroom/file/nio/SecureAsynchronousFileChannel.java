// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileLock;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A secure file as an {@link AsynchronousFileChannel}: each operation is one of a {@link
 * SecureFileChannel}, carried out by an executor. An interrupt closes nothing, so an executor can
 * be shut down at any time.
 *
 * <p>Thread safety: thread-safe.
 */
final class SecureAsynchronousFileChannel extends AsynchronousFileChannel {

  private final SecureFileChannel channel;
  private final Executor executor;

  SecureAsynchronousFileChannel(SecureFileChannel channel, Executor executor) {
    this.channel = channel;
    this.executor = executor;
  }

  private <V> CompletableFuture<V> start(Callable<V> operation) {
    CompletableFuture<V> result = new CompletableFuture<>();
    if (isOpen()) {
      executor.execute(() -> run(operation, result::complete, result::completeExceptionally));
    } else {
      result.completeExceptionally(new ClosedChannelException());
    }
    return result;
  }

  /** The handler is told by the task itself, which an executor that is shut down still ends. */
  private <V, A> void start(
      Callable<V> operation, @Nullable A attachment, CompletionHandler<V, ? super A> handler) {
    if (isOpen()) {
      executor.execute(
          () ->
              run(
                  operation,
                  value -> handler.completed(value, attachment),
                  failure -> handler.failed(failure, attachment)));
    } else {
      executor.execute(() -> handler.failed(new ClosedChannelException(), attachment));
    }
  }

  private static <V> void run(
      Callable<V> operation, Consumer<V> completed, Consumer<Throwable> failed) {
    V value;
    try {
      value = operation.call();
    } catch (ClosedChannelException e) {
      failed.accept(e instanceof AsynchronousCloseException ? e : new AsynchronousCloseException());
      return;
    } catch (Exception | Error e) {
      failed.accept(e);
      return;
    }
    completed.accept(value);
  }

  private static void requirePosition(long position) {
    if (position < 0) {
      throw new IllegalArgumentException("position is negative: " + position);
    }
  }

  private void requireReadable(ByteBuffer target, long position) {
    requirePosition(position);
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("the buffer is read-only");
    }
    if (!channel.isReadable()) {
      throw new java.nio.channels.NonReadableChannelException();
    }
  }

  private void requireWritable(long position) {
    requirePosition(position);
    if (!channel.isWritable()) {
      throw new java.nio.channels.NonWritableChannelException();
    }
  }

  @Override
  public <A> void read(
      ByteBuffer target,
      long position,
      @Nullable A attachment,
      CompletionHandler<Integer, ? super A> handler) {
    requireReadable(target, position);
    Objects.requireNonNull(handler, "handler");
    start(() -> channel.read(target, position), attachment, handler);
  }

  @Override
  public Future<Integer> read(ByteBuffer target, long position) {
    requireReadable(target, position);
    return start(() -> channel.read(target, position));
  }

  @Override
  public <A> void write(
      ByteBuffer source,
      long position,
      @Nullable A attachment,
      CompletionHandler<Integer, ? super A> handler) {
    requireWritable(position);
    Objects.requireNonNull(handler, "handler");
    start(() -> channel.write(source, position), attachment, handler);
  }

  @Override
  public Future<Integer> write(ByteBuffer source, long position) {
    requireWritable(position);
    return start(() -> channel.write(source, position));
  }

  @Override
  public <A> void lock(
      long position,
      long size,
      boolean shared,
      @Nullable A attachment,
      CompletionHandler<FileLock, ? super A> handler) {
    Objects.requireNonNull(handler, "handler");
    FileLock lock;
    try {
      lock = tryLock(position, size, shared);
    } catch (IOException e) {
      executor.execute(() -> handler.failed(e, attachment));
      return;
    }
    try {
      start(() -> granted(lock), attachment, handler);
    } catch (RejectedExecutionException e) {
      giveBack(lock, e);
      throw e;
    }
  }

  @Override
  public Future<FileLock> lock(long position, long size, boolean shared) {
    FileLock lock;
    try {
      lock = tryLock(position, size, shared);
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
    try {
      return start(() -> granted(lock));
    } catch (RejectedExecutionException e) {
      giveBack(lock, e);
      throw e;
    }
  }

  private FileLock granted(FileLock lock) throws AsynchronousCloseException {
    if (!isOpen()) {
      throw new AsynchronousCloseException();
    }
    return lock;
  }

  private static void giveBack(FileLock lock, RejectedExecutionException cause) {
    try {
      lock.release();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) throws IOException {
    return channel.lock(this, position, size, FileLocks.Mode.of(shared));
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public AsynchronousFileChannel truncate(long size) throws IOException {
    channel.truncate(size);
    return this;
  }

  @Override
  public void force(boolean metaData) throws IOException {
    channel.force(metaData);
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
