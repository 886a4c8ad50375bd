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
 * <p>Thread safety: guarded by the file's lock.
 */
final class PlaceFile {

  private final FileNode node;
  private @Nullable StoreFile file;
  private boolean writable;

  /** Whether sectors in place are not synced. */
  boolean unsynced;

  PlaceFile(FileNode node) {
    this.node = node;
  }

  /** Reads in place; answers less than was wanted where the host file ends, or is not there yet. */
  int read(long position, byte[] target, int offset, int wanted) throws IOException {
    StoreFile open = file;
    if (open == null) {
      if (node.from.isEmpty()) {
        return 0;
      }
      open = node.volume.openHost(node, node.from, Store.Access.READ);
      file = open;
      writable = false;
    }
    return open.read(position, target, offset, wanted);
  }

  /** Writes sectors in place that nothing committed lies under. */
  void write(long position, byte[] source, int offset, int count) throws IOException {
    forWriting().write(position, source, offset, count);
    unsynced = true;
  }

  /** Takes over a host file that is open for reading. */
  void adopt(@Nullable StoreFile open) {
    file = open;
    writable = false;
  }

  /** The host file, opened or made for writing. */
  StoreFile forWriting() throws IOException {
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
    if (unsynced) {
      forWriting().sync();
      unsynced = false;
    }
  }

  void close() throws IOException {
    StoreFile open = file;
    if (open != null) {
      file = null;
      writable = false;
      open.close();
    }
  }
}
