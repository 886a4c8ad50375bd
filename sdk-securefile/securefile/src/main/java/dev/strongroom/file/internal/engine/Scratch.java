// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.internal.format.v1.Names;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The scratch file: final ciphertext of sectors that had to leave memory before their commit, or
 * whose commit is too large for the journal.
 *
 * <p>A slot has the size of one sector. Slots that a record names are freed by the checkpoint.
 *
 * <p>Thread safety: thread-safe.
 */
final class Scratch {

  private final Store store;
  private final boolean readOnly;
  private final Map<Integer, ArrayDeque<Long>> free = new HashMap<>(); // guarded by this
  private @Nullable StoreFile file; // guarded by this
  private long end; // guarded by this
  private boolean unsynced; // guarded by this
  private boolean nameUnsynced; // guarded by this

  Scratch(Store store, boolean readOnly) {
    this.store = store;
    this.readOnly = readOnly;
  }

  /** Writes the ciphertext of sectors into slots of their own; answers their addresses. */
  synchronized long[] add(byte[] source, int bytes, int count) throws IOException {
    long[] addresses = new long[count];
    for (int i = 0; i < count; i++) {
      addresses[i] = allocate(bytes);
    }
    try {
      unsynced = true;
      for (int from = 0, to; from < count; from = to) {
        to = from + 1;
        while (to < count && addresses[to] == addresses[to - 1] + bytes) {
          to++;
        }
        open().write(addresses[from], source, from * bytes, (to - from) * bytes);
      }
      return addresses;
    } catch (IOException e) {
      for (long address : addresses) {
        release(address, bytes);
      }
      throw e;
    }
  }

  private long allocate(int bytes) {
    ArrayDeque<Long> slots = free.get(bytes);
    if (slots != null && !slots.isEmpty()) {
      return slots.remove();
    }
    long address = end;
    end += bytes;
    return address;
  }

  synchronized void release(long address, int bytes) {
    free.computeIfAbsent(bytes, size -> new ArrayDeque<>()).add(address);
  }

  /** Reads ciphertext; answers less than was wanted when the file is cut or missing. */
  synchronized int read(long address, byte[] target, int offset, int length) throws IOException {
    try {
      return open().read(address, target, offset, length);
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  synchronized void sync() throws IOException {
    if (unsynced && file != null) {
      file.sync();
      if (nameUnsynced) {
        store.syncDirectory("");
        nameUnsynced = false;
      }
      unsynced = false;
    }
  }

  /** Gives the space back; for when no record and no file needs it any more. */
  synchronized void clear() throws IOException {
    free.clear();
    if (end > 0 && file != null) {
      file.truncate(0);
    }
    end = 0;
    unsynced = false;
  }

  /** Keeps new slots away from those that records of an earlier process name. */
  synchronized void reserveUpTo(long address) {
    end = Math.max(end, address);
  }

  synchronized void close() throws IOException {
    if (file != null) {
      file.close();
      file = null;
    }
  }

  private StoreFile open() throws IOException {
    StoreFile current = file;
    if (current == null) {
      nameUnsynced = !readOnly && !store.exists(Names.SCRATCH);
      current = store.open(Names.SCRATCH, readOnly ? Store.Access.READ : Store.Access.CREATE);
      file = current;
    }
    return current;
  }
}
