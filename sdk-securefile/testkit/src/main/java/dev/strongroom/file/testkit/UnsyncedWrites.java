// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * What the files of a store held where they have been changed since their last sync, so that a
 * failed one can drop the changes.
 *
 * <p>Thread safety: guarded by itself, and each file's part by that.
 */
final class UnsyncedWrites {

  private final Map<String, Pending> files = new HashMap<>();
  private volatile boolean remembering;

  /** Remembers changes from now on. */
  void remember() {
    remembering = true;
  }

  synchronized Pending of(String name) {
    return files.computeIfAbsent(name, any -> new Pending());
  }

  synchronized void moved(String from, String to) {
    Pending moved = files.remove(from);
    if (moved == null) {
      files.remove(to);
    } else {
      files.put(to, moved);
    }
  }

  /** What was at a place before a change, and how long the file was. */
  private record Before(long size, long position, byte[] bytes) {}

  /** The changes of one file. */
  final class Pending {

    private final Deque<Before> changes = new ArrayDeque<>(); // guarded by this

    synchronized void beforeWrite(StoreFile file, long position, int length) throws IOException {
      if (remembering) {
        keep(file, position, length);
      }
    }

    synchronized void beforeTruncate(StoreFile file, long size) throws IOException {
      if (remembering) {
        keep(file, size, Math.toIntExact(Math.max(0, file.size() - size)));
      }
    }

    private void keep(StoreFile file, long position, int length) throws IOException {
      byte[] bytes = new byte[length];
      int read = file.read(position, bytes, 0, length);
      changes.push(new Before(file.size(), position, Arrays.copyOf(bytes, Math.max(0, read))));
    }

    synchronized void synced() {
      changes.clear();
    }

    /** Brings back what was there at the last sync. */
    synchronized void drop(StoreFile file) throws IOException {
      for (Before before : changes) {
        file.truncate(before.size());
        file.write(before.position(), before.bytes(), 0, before.bytes().length);
      }
      changes.clear();
    }
  }
}
