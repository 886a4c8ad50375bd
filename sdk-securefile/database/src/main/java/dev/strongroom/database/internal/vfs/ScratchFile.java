// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.vfs;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file that dies with the process: its beginning in memory, the rest encrypted on the host under
 * a key that is nowhere else.
 *
 * <p>Thread safety: thread-safe.
 */
final class ScratchFile implements VfsFile, Closeable {

  private static final int CHUNK = 64 << 10;

  private final ScratchFiles place;
  private final int memoryBytes;

  /** The beginning, in whole chunks; a chunk that is missing reads as zeros. */
  private final List<byte[]> chunks = new ArrayList<>(); // guarded by this

  private @Nullable EncryptedSpill spill; // guarded by this
  private long size; // guarded by this

  ScratchFile(ScratchFiles place) {
    this.place = place;
    memoryBytes = (place.memoryBytes() + CHUNK - 1) / CHUNK * CHUNK;
  }

  @Override
  public synchronized int read(long position, byte[] target, int length) throws IOException {
    int total = (int) Math.max(0, Math.min(length, size - position));
    for (int done = 0; done < total; ) {
      long at = position + done;
      int part;
      if (at < memoryBytes) {
        int within = (int) (at % CHUNK);
        part = Math.min(total - done, CHUNK - within);
        int index = (int) (at / CHUNK);
        if (index < chunks.size()) {
          System.arraycopy(chunks.get(index), within, target, done, part);
        } else {
          Arrays.fill(target, done, done + part, (byte) 0);
        }
      } else {
        part = total - done;
        spill().read(at - memoryBytes, target, done, part);
      }
      done += part;
    }
    return total;
  }

  @Override
  public synchronized void write(long position, byte[] source, int length) throws IOException {
    for (int done = 0; done < length; ) {
      long at = position + done;
      int part;
      if (at < memoryBytes) {
        int within = (int) (at % CHUNK);
        part = Math.min(length - done, CHUNK - within);
        System.arraycopy(source, done, chunk((int) (at / CHUNK)), within, part);
      } else {
        part = length - done;
        spill().write(at - memoryBytes, source, done, part);
      }
      done += part;
    }
    size = Math.max(size, position + length);
  }

  @Override
  public synchronized void truncate(long newSize) throws IOException {
    if (newSize < size) {
      // The first chunk stays: a journal is filled and emptied by every commit.
      int keep = (int) Math.min(chunks.size(), Math.max(1, (newSize + CHUNK - 1) / CHUNK));
      for (byte[] dropped : chunks.subList(keep, chunks.size())) {
        Arrays.fill(dropped, (byte) 0);
      }
      chunks.subList(keep, chunks.size()).clear();
      if (newSize < (long) chunks.size() * CHUNK) {
        long start = (long) (keep - 1) * CHUNK;
        int end = (int) Math.min(CHUNK, size - start);
        Arrays.fill(chunks.get(keep - 1), (int) (newSize - start), end, (byte) 0);
      }
      if (spill != null) {
        if (newSize <= memoryBytes) {
          spill.close();
          spill = null;
        } else {
          spill.truncate(newSize - memoryBytes);
        }
      }
    }
    size = newSize;
  }

  @Override
  public synchronized long size() {
    return size;
  }

  @Override
  public void close() throws IOException {
    truncate(0);
  }

  private byte[] chunk(int index) {
    while (chunks.size() <= index) {
      chunks.add(new byte[CHUNK]);
    }
    return chunks.get(index);
  }

  private EncryptedSpill spill() throws IOException {
    EncryptedSpill open = spill;
    if (open == null) {
      open = new EncryptedSpill(place.directory());
      spill = open;
    }
    return open;
  }
}
