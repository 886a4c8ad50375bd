// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.internal.format.v1.TagPage;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads a run of sectors out of their place and decrypts them: the caller part by part, and beside
 * it every processor that has time, so that a large read is done in a part of the time.
 *
 * <p>Who comes late finds nothing to do, and touches nothing any more.
 *
 * <p>Thread safety: {@link #run} is thread-safe; the rest belongs to the caller, who holds the
 * file's lock until {@link #finish} returns.
 */
final class SharedRun implements Runnable {

  private static final int PART_BYTES = 16 << 10;

  /** To wake somebody for less does not pay. */
  private static final int SHARED_BYTES = 64 << 10;

  /** How long it is waited in vain for others before the processor is left to them. */
  private static final long PATIENCE_NANOS = 50_000;

  private static final long NAP_NANOS = 20_000;

  private final FileNode node;
  private final StoreFile file;
  private final long first;
  private final int count;
  private final byte[] entries;
  private final byte[][] targets;
  private final int offset;
  private final int part;
  private final int parts;
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();
  private int failedAt = Integer.MAX_VALUE; // guarded by this
  private @Nullable Throwable failure; // guarded by this

  /**
   * A run that lies in one piece.
   *
   * @param node the file
   * @param file its host file
   * @param first the first sector
   * @param count how many there are
   * @param entries their entries
   * @param targets takes all of them in one array, or each in one of its own
   * @param offset where in that one array
   */
  SharedRun(
      FileNode node,
      StoreFile file,
      long first,
      int count,
      byte[] entries,
      byte[][] targets,
      int offset) {
    this.node = node;
    this.file = file;
    this.first = first;
    this.count = count;
    this.entries = entries;
    this.targets = targets;
    this.offset = offset;
    int size = node.layout.sectorBytes();
    part = count * size < SHARED_BYTES ? count : Math.max(1, PART_BYTES / size);
    parts = (count + part - 1) / part;
  }

  /**
   * Does all of it, with whoever helps; answers how many sectors from the first on are there in
   * clear.
   *
   * @throws IOException if the first one is not
   */
  int finish() throws IOException {
    for (int helpers = Math.min(parts - 1, SpareProcessors.count()); helpers > 0; helpers--) {
      if (!SpareProcessors.offer(this)) {
        break;
      }
    }
    run();
    long since = System.nanoTime();
    while (done.get() < parts) {
      if (System.nanoTime() - since < PATIENCE_NANOS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(this, NAP_NANOS);
      }
    }
    synchronized (this) {
      if (failedAt > 0) {
        return Math.min(failedAt, count);
      } else if (failure instanceof IOException e) {
        throw e;
      } else if (failure instanceof RuntimeException e) {
        throw e;
      }
      throw new IllegalStateException("decrypting a run of sectors failed", failure);
    }
  }

  @Override
  public void run() {
    for (int next = begun.getAndIncrement(); next < parts; next = begun.getAndIncrement()) {
      int from = next * part;
      try {
        decrypt(from, Math.min(part, count - from));
      } catch (Throwable e) {
        failed(from, e); // an Error too, or what was not decrypted would count as read
      } finally {
        done.incrementAndGet();
      }
    }
  }

  private void decrypt(int from, int sectors) throws IOException {
    int size = node.layout.sectorBytes();
    try (RunBuffer buffer = RunBuffer.take(sectors * size)) {
      long position = node.layout.sectorPosition(first + from);
      int complete = file.read(position, buffer.cipher, 0, sectors * size) / size;
      // From the last to the first, since a tag is put over the beginning of the next sector.
      int failed = -1;
      for (int i = complete - 1; i >= 0; i--) {
        int index = from + i;
        int entryAt = index * TagPage.ENTRY;
        boolean one = targets.length == 1;
        byte[] target = targets[one ? 0 : index];
        int at = one ? offset + index * size : 0;
        if (!node.reader.decrypt(
            first + index, entries, entryAt, buffer.cipher, i * size, target, at)) {
          failed = index;
        }
      }
      if (failed >= 0) {
        failed(failed, node.reader.refused(first + failed, entries, failed * TagPage.ENTRY));
      } else if (complete < sectors) {
        int missing = from + complete;
        failed(missing, node.reader.damaged(first + missing, "the host file ends before it"));
      }
    }
  }

  private synchronized void failed(int index, Throwable reason) {
    if (index < failedAt) {
      failedAt = index;
      failure = reason;
    }
  }
}
