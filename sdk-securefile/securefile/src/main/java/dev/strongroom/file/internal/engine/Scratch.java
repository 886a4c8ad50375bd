// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.internal.format.v1.Names;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The scratch file: final ciphertext of sectors that had to leave memory before their commit, or
 * whose commit is too large for the journal; and what the process keeps there for itself, which no
 * record names.
 *
 * <p>A slot has the size of one sector, or another multiple of a block of {@value #BLOCK} bytes.
 * Slots that a record names are freed by the checkpoint. What is free is one bit a block, since a
 * large transaction frees all that it had at once.
 *
 * <p>Thread safety: thread-safe.
 */
final class Scratch {

  static final int BLOCK = 4096;

  /** A file that has grown longer is cut when nobody needs it, rather than only at the close. */
  private static final long KEPT_BYTES = 64 << 20;

  private final Store store;
  private final boolean readOnly;
  private final BitSet free = new BitSet(); // guarded by this; blocks below the end
  private final BitSet garbage = new BitSet(); // guarded by this; free after the checkpoint
  private int lowest; // guarded by this; no block below it is free
  private @Nullable StoreFile file; // guarded by this
  private int end; // guarded by this; in blocks
  private boolean unsynced; // guarded by this
  private boolean nameUnsynced; // guarded by this

  Scratch(Store store, boolean readOnly) {
    this.store = store;
    this.readOnly = readOnly;
  }

  /** The block at an address. */
  static int block(long address) {
    return (int) (address / BLOCK);
  }

  /** Writes the ciphertext of sectors into slots of their own; answers their addresses. */
  synchronized long[] add(byte[] source, int bytes, int count) throws IOException {
    long[] addresses = new long[count];
    int made = 0;
    try {
      for (; made < count; made++) {
        addresses[made] = reserve(bytes);
      }
      for (int from = 0, to; from < count; from = to) {
        to = from + 1;
        while (to < count && addresses[to] == addresses[to - 1] + bytes) {
          to++;
        }
        write(addresses[from], source, from * bytes, (to - from) * bytes);
      }
      return addresses;
    } catch (IOException e) {
      for (int i = 0; i < made; i++) {
        release(addresses[i], bytes);
      }
      throw e;
    }
  }

  /** A slot of so many bytes, a multiple of a block. */
  synchronized long reserve(int bytes) throws IOException {
    int blocks = bytes / BLOCK;
    int at = free.nextSetBit(lowest);
    lowest = at < 0 ? end : at;
    while (at >= 0) {
      int run = 1;
      while (run < blocks && free.get(at + run)) {
        run++;
      }
      if (run == blocks) {
        free.clear(at, at + blocks);
        return (long) at * BLOCK;
      }
      at = free.nextSetBit(at + run);
    }
    if (end > Integer.MAX_VALUE - blocks) {
      throw new IOException(
          "the file " + Names.SCRATCH + " has reached its limit of 8 TiB; commit more often");
    }
    long address = (long) end * BLOCK;
    end += blocks;
    return address;
  }

  /** Writes into a slot. */
  synchronized void write(long address, byte[] source, int offset, int length) throws IOException {
    unsynced = true;
    open().write(address, source, offset, length);
  }

  synchronized void release(long address, int bytes) {
    int at = block(address);
    free.set(at, at + bytes / BLOCK);
    lowest = Math.min(lowest, at);
  }

  /** Gives all slots back whose blocks are set. */
  synchronized void release(BitSet blocks) {
    free.or(blocks);
    int first = blocks.nextSetBit(0);
    lowest = first < 0 ? lowest : Math.min(lowest, first);
  }

  /** Gives a slot back that a record may name, and so the next checkpoint needs. */
  synchronized void releaseAtCheckpoint(long address, int bytes) {
    int at = block(address);
    garbage.set(at, at + bytes / BLOCK);
  }

  /** After a checkpoint only what waits for a commit needs its slots. */
  synchronized void checkpointed() throws IOException {
    release(garbage);
    garbage.clear();
    if (free.cardinality() == end && (long) end * BLOCK > KEPT_BYTES) {
      clear();
    }
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
    garbage.clear();
    lowest = 0;
    if (end > 0 && file != null) {
      file.truncate(0);
    }
    end = 0;
    unsynced = false;
  }

  /** Keeps new slots away from those that records of an earlier process name. */
  synchronized void reserveUpTo(long address) {
    end = Math.max(end, block(address + BLOCK - 1));
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
