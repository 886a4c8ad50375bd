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
import org.jspecify.annotations.Nullable;

/**
 * A secure file as an {@link AsynchronousFileChannel}: each operation is one of a {@link
 * SecureFileChannel}, carried out by an executor.
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
    if (!isOpen()) {
      result.completeExceptionally(new ClosedChannelException());
      return result;
    }
    executor.execute(
        () -> {
          try {
            result.complete(operation.call());
          } catch (ClosedChannelException e) {
            result.completeExceptionally(
                e instanceof AsynchronousCloseException ? e : new AsynchronousCloseException());
          } catch (Exception | Error e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  private <V, A> void tell(
      CompletableFuture<V> result,
      @Nullable A attachment,
      CompletionHandler<V, ? super A> handler) {
    var unused =
        result.whenCompleteAsync(
            (value, failure) -> {
              if (failure == null) {
                handler.completed(value, attachment);
              } else {
                handler.failed(failure, attachment);
              }
            },
            executor);
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
    tell(start(() -> channel.read(target, position)), attachment, handler);
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
    tell(start(() -> channel.write(source, position)), attachment, handler);
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
    tell(acquire(position, size, shared), attachment, handler);
  }

  @Override
  public Future<FileLock> lock(long position, long size, boolean shared) {
    return acquire(position, size, shared);
  }

  private CompletableFuture<FileLock> acquire(long position, long size, boolean shared) {
    CompletableFuture<FileLock> result = new CompletableFuture<>();
    try {
      result.complete(tryLock(position, size, shared));
    } catch (IOException e) {
      result.completeExceptionally(e);
    }
    return result;
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
    channel.releaseLocks(this);
    channel.close();
  }
}
