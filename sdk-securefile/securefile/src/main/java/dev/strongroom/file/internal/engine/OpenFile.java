// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.ByteRange;
import dev.strongroom.file.KeyScope;
import dev.strongroom.file.SecureCreateMode;
import dev.strongroom.file.SecureFileAttributes;
import dev.strongroom.file.SecureOpenOption;
import dev.strongroom.file.internal.engine.Purification.OnDamage;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One opening of a file: what it may do, and the positional operations that every face of the
 * engine stands on.
 *
 * <p>Thread safety: thread-safe.
 */
public final class OpenFile {

  /** A longer write lets commits in between, or what it needs would not fit into the cache. */
  private static final int AT_ONCE = 4 << 20;

  private final Volume volume;
  private volatile FileNode node; // another one after new keys
  private final boolean readable;
  private final boolean writable;
  private final boolean append;
  private final boolean transaction;
  private final boolean syncEachWrite;
  private final boolean durableClose;
  private final OnDamage onDamage;
  private boolean open = true; // guarded by this

  OpenFile(Volume volume, FileNode node, Set<OpenOption> options, boolean writable) {
    this.volume = volume;
    this.node = node;
    this.writable = writable;
    append = options.contains(StandardOpenOption.APPEND);
    readable = options.contains(StandardOpenOption.READ) || !writable;
    transaction = options.contains(SecureOpenOption.TRANSACTION);
    onDamage =
        options.contains(SecureOpenOption.FORCE_WRITE) ? OnDamage.OVERWRITE : OnDamage.REFUSE;
    durableClose = options.contains(SecureOpenOption.DURABLE_CLOSE);
    syncEachWrite =
        options.contains(StandardOpenOption.SYNC) || options.contains(StandardOpenOption.DSYNC);
  }

  /**
   * Opens a file.
   *
   * @param volume the volume
   * @param namespace its names
   * @param path the file
   * @param options the standard ones, {@link LinkOption}, {@link SecureOpenOption}, {@link
   *     SecureCreateMode}, and {@link KeyScope}
   * @return the opening
   * @throws IOException if it is not there, is there against the options, or is damaged
   */
  public static OpenFile open(
      Volume volume, Namespace namespace, String path, Set<OpenOption> options) throws IOException {
    for (OpenOption option : options) {
      boolean known =
          option instanceof StandardOpenOption
              || option instanceof SecureOpenOption
              || option instanceof SecureCreateMode
              || option instanceof KeyScope
              || option instanceof LinkOption;
      if (!known) {
        throw new UnsupportedOperationException("open option " + option);
      }
    }
    boolean append = options.contains(StandardOpenOption.APPEND);
    boolean writable = options.contains(StandardOpenOption.WRITE) || append;
    boolean truncate = options.contains(StandardOpenOption.TRUNCATE_EXISTING);
    if (append && (truncate || options.contains(StandardOpenOption.READ))) {
      throw new IllegalArgumentException(
          "APPEND goes neither with " + (truncate ? "TRUNCATE_EXISTING" : "READ"));
    }
    for (OpenOption each : List.of(SecureOpenOption.TRANSACTION, SecureOpenOption.FORCE_WRITE)) {
      if (!writable && options.contains(each)) {
        throw new IllegalArgumentException(each + " needs WRITE");
      }
    }
    boolean create = writable && options.contains(StandardOpenOption.CREATE);
    boolean createNew = writable && options.contains(StandardOpenOption.CREATE_NEW);
    boolean transaction = options.contains(SecureOpenOption.TRANSACTION);
    boolean deleteOnClose = options.contains(StandardOpenOption.DELETE_ON_CLOSE);
    boolean meant = deleteOnClose || options.contains(LinkOption.NOFOLLOW_LINKS);
    Namespace.OpenMode mode =
        new Namespace.OpenMode(
            create,
            createNew,
            writable,
            transaction,
            deleteOnClose,
            meant ? Walk.LastLink.MEANT : Walk.LastLink.FOLLOWED,
            createMode(options),
            keyScope(volume, options));
    FileNode node = namespace.open(path, mode);
    OpenFile file = new OpenFile(volume, node, options, writable);
    try {
      if (truncate && writable) {
        node.truncate(0);
      } else if (!options.contains(SecureOpenOption.FORCE_OPEN)) {
        node.checkEnd();
      }
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
    return file;
  }

  private static KeyScope keyScope(Volume volume, Set<OpenOption> options) {
    KeyScope wanted = only(KeyScope.class, options);
    return wanted == null ? volume.options.keyScope() : wanted;
  }

  private static int createMode(Set<OpenOption> options) {
    SecureCreateMode wanted = only(SecureCreateMode.class, options);
    return wanted == null ? Namespace.FILE_MODE : wanted.mode();
  }

  /** The option of a kind of which there is at most one, or null. */
  private static <T extends OpenOption> @Nullable T only(Class<T> kind, Set<OpenOption> options) {
    T found = null;
    for (OpenOption option : options) {
      if (!kind.isInstance(option)) {
        continue;
      }
      if (found != null) {
        throw new IllegalArgumentException(found + " and " + option + " exclude each other");
      }
      found = kind.cast(option);
    }
    return found;
  }

  /** Whether all writes go to the end of the file. */
  public boolean isAppending() {
    return append;
  }

  /** Reads at a position; -1 at the end of the file. */
  public int read(long position, byte[] target, int offset, int length) throws IOException {
    requireOpen();
    if (!readable) {
      throw new NonReadableChannelException();
    }
    return length == 0 ? 0 : node.read(position, target, offset, length);
  }

  /**
   * Writes at a position, or at the end if the file was opened to append.
   *
   * @return the position behind what was written
   */
  public long write(long position, byte[] source, int offset, int length) throws IOException {
    requireWritable();
    long at = position;
    if (append) {
      makeRoom(length);
      at = node.append(source, offset, length, onDamage);
    } else {
      int done = 0;
      do {
        int part = Math.min(length - done, AT_ONCE);
        makeRoom(part);
        node.write(position + done, source, offset + done, part, onDamage);
        done += part;
      } while (done < length);
    }
    if (syncEachWrite) {
      sync();
    }
    return at + length;
  }

  private void makeRoom(int length) throws IOException {
    if (node.beginsAnew(length)) {
      volume.commits.publishInPlace(List.of(node));
    }
    node.expectCommit();
    if (volume.cache.isPressed()) {
      volume.commits.publishInPlace(volume.commits.waiting());
    }
  }

  /** The ranges that were damaged, and have been written in part since. */
  public List<ByteRange> partlyPurified() throws IOException {
    requireOpen();
    return node.partlyPurified();
  }

  /** The file's length in bytes. */
  public long size() throws IOException {
    requireOpen();
    node.lock.lock();
    try {
      return node.length;
    } finally {
      node.lock.unlock();
    }
  }

  /** The first byte from a position on that is in no committed hole, or the length. */
  public long nextData(long from) throws IOException {
    requireOpen();
    return node.nextData(from);
  }

  /** Where the next committed hole begins behind such a byte, or a limit. */
  public long dataEnd(long from, long limit) throws IOException {
    requireOpen();
    return node.dataEnd(from, limit);
  }

  /** Cuts the file, or grows it by a hole. */
  public void truncate(long size) throws IOException {
    requireWritable();
    node.truncate(size, onDamage);
    if (syncEachWrite) {
      sync();
    }
  }

  /** Publishes changes atomically. */
  public void commit() throws IOException {
    requireWritable();
    volume.commits.commitFile(node, Commits.Durability.LAGGING);
  }

  /** Goes back to what is committed, in transaction mode. */
  public void discard() throws IOException {
    requireWritable();
    if (!transaction) {
      throw new IllegalStateException("only a file in transaction mode has changes to discard");
    }
    volume.lock.lock();
    try {
      node.discard();
    } finally {
      volume.lock.unlock();
    }
  }

  /** Publishes changes, but not those of a transaction, and makes what is published durable. */
  public void sync() throws IOException {
    requireOpen();
    if (!writable && volume.isReadOnly()) {
      return;
    }
    if (transaction || !writable) {
      volume.commits.syncCommitted();
    } else {
      volume.commits.commitFile(node, Commits.Durability.DURABLE);
    }
  }

  /**
   * Gives the file new keys. Nobody else may have it open, and nobody use this opening meanwhile,
   * but to close it.
   */
  public void rekey() throws IOException {
    requireWritable();
    new Namespace(volume).rekey(node, fresh -> node = fresh);
  }

  /** What is known of the file. */
  public SecureFileAttributes attributes() throws IOException {
    requireOpen();
    return Attributes.of(node);
  }

  /** Whether neither it nor its volume has been closed. */
  public synchronized boolean isOpen() {
    return open && volume.isOpen();
  }

  /**
   * Ends the opening. Changes of a file that is not in transaction mode are published within the
   * commit timer; with {@link SecureOpenOption#DURABLE_CLOSE} they are durable on return.
   */
  public void close() throws IOException {
    synchronized (this) {
      if (!open) {
        return;
      }
      open = false;
    }
    try {
      if (durableClose && writable) {
        if (transaction) {
          volume.commits.syncCommitted();
        } else {
          volume.commits.commitFile(node, Commits.Durability.DURABLE);
        }
      }
    } finally {
      giveBack();
    }
  }

  private void giveBack() throws IOException {
    volume.lock.lock(); // or the file could get new keys in between
    try {
      if (writable) {
        volume.releaseWriter(node);
      } else {
        volume.release(node);
      }
    } finally {
      volume.lock.unlock();
    }
  }

  private void requireOpen() throws IOException {
    synchronized (this) {
      if (!open) {
        throw new ClosedChannelException();
      }
    }
    if (!volume.isOpen()) {
      throw volume.gone(node);
    }
  }

  private void requireWritable() throws IOException {
    requireOpen();
    if (!writable) {
      throw new NonWritableChannelException();
    }
  }
}
