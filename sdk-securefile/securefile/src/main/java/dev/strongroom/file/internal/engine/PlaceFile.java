// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The host file of a secure file, where its sectors and tag pages have their places: opened when it
 * is first needed, again when it must be written, and made when there is none.
 *
 * <p>One run at a time may be on its way to its place while the caller goes on. Everything else
 * waits for it first. If it fails, its sectors are changed ones in the cache again, as after any
 * eviction that failed, and the next commit reports why.
 *
 * <p>Thread safety: guarded by the file's lock.
 */
final class PlaceFile {

  private final FileNode node;
  private @Nullable StoreFile file;
  private boolean writable;

  /** Whether sectors in place are not synced. */
  boolean unsynced;

  private @Nullable WriteBehind behind;

  PlaceFile(FileNode node) {
    this.node = node;
  }

  /** Reads in place; answers less than was wanted where the host file ends, or is not there yet. */
  int read(long position, byte[] target, int offset, int wanted) throws IOException {
    settle();
    return node.from.isEmpty() ? 0 : forReading().read(position, target, offset, wanted);
  }

  /** The host file, opened for reading if it was not open. There is one. */
  StoreFile forReading() throws IOException {
    settle();
    StoreFile open = file;
    if (open == null) {
      open = node.volume.openHost(node, node.from, Store.Access.READ);
      file = open;
      writable = false;
    }
    return open;
  }

  /** Writes sectors in place that nothing committed lies under. */
  void write(long position, byte[] source, int offset, int count) throws IOException {
    forWriting().write(position, source, offset, count);
    unsynced = true;
  }

  /**
   * Writes a run of sectors in place that nothing committed lies under, while the caller goes on.
   * The host file is open for writing.
   *
   * @param first the first sector
   * @param count how many
   * @param buffer their ciphertext and entries; it is taken over
   */
  void writeBehind(long first, int count, RunBuffer buffer) {
    StoreFile open = java.util.Objects.requireNonNull(file);
    int bytes = count * node.layout.sectorBytes();
    long position = node.layout.sectorPosition(first);
    WriteBehind next = new WriteBehind(open, position, bytes, buffer, first, count);
    unsynced = true;
    behind = next;
    next.start();
  }

  /** Waits for the run that is on its way. */
  void settle() {
    WriteBehind last = behind;
    if (last != null) {
      behind = null;
      if (last.hasFailed()) {
        try (RunBuffer buffer = last.buffer) {
          if (!node.closed) {
            node.writer.takeBack(last.first, last.count, buffer);
          }
        }
      }
    }
  }

  /** Takes over a host file that is open for reading. */
  void adopt(@Nullable StoreFile open) {
    file = open;
    writable = false;
  }

  /** The host file, opened or made for writing. */
  StoreFile forWriting() throws IOException {
    settle();
    StoreFile open = file;
    if (open != null && writable) {
      return open;
    }
    close();
    if (node.from.isEmpty()) {
      node.from = node.volume.makeTransit(node);
    }
    open = node.volume.openHost(node, node.from, Store.Access.WRITE);
    file = open;
    writable = true;
    return open;
  }

  /** Makes sectors in place durable. */
  void sync() throws IOException {
    settle();
    if (unsynced) {
      forWriting().sync();
      unsynced = false;
    }
  }

  void close() throws IOException {
    settle();
    StoreFile open = file;
    if (open != null) {
      file = null;
      writable = false;
      try {
        open.close();
      } catch (IOException e) {
        throw unsynced ? node.volume.fail(e) : e; // it may be the only report of a sync
      }
    }
  }
}
