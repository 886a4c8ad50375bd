// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.VersionMismatchException;
import dev.strongroom.core.device.VersionSlot;
import dev.strongroom.file.LedgerException;
import dev.strongroom.file.LedgerState;
import dev.strongroom.file.internal.format.v1.FileHeader;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/**
 * The element's version slot beside the ledger on the disk: what the element is known to have, and
 * the step that is under way.
 *
 * <p>The element never goes first: a root is set only when the header that it belongs to is
 * durable. One thread leads; what was written before it began goes with its step, and those who
 * wait for that share it. A step whose outcome is not known stays under way and is asked for again,
 * so the slot has one of the roots that the newest header names.
 *
 * <p>To ask for a step twice is to make it once. So who has waited for another thread's step for a
 * second asks by himself: that thread may be kept from the element by the one that waits here.
 *
 * <p>Thread safety: guarded by the volume's lock, which is given up while the medium and the
 * element are waited for, unless the caller holds it more than once, as the opening of a volume
 * does.
 */
final class LedgerSlot {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Volume volume;
  private final Condition moved;

  /** What the element has, or had before the step that is under way. */
  private VersionSlot acknowledged;

  /** What the element may have already. */
  private @Nullable VersionSlot underWay;

  /** Up to which header the step under way goes. */
  private long underWayThrough;

  private final AtomicLong written = new AtomicLong();
  private volatile long settled;

  /** Threads that ask for the step under way. */
  private int leaders;

  LedgerSlot(Volume volume) {
    this.volume = volume;
    moved = volume.lock.newCondition();
    acknowledged = VersionSlot.none(volume.file.id());
  }

  /** Begins at what the element has. */
  void begin(VersionSlot slot) {
    acknowledged = slot;
    underWay = null;
    settled = written.get();
  }

  /**
   * Begins behind the ledger.
   *
   * @param slot what the element has
   * @param between the root that comes before the ledger's own, or null if that is the next
   */
  void beginBehind(VersionSlot slot, @Nullable Bytes between) {
    begin(slot);
    underWay = between == null ? null : slot.next(between);
    underWayThrough = written.get();
    written();
  }

  /** What the element is known to have. */
  VersionSlot acknowledged() {
    return acknowledged;
  }

  /** Counter that the ledger has when its next header has been set. */
  long nextCounter() {
    return before().counter() + 1;
  }

  private VersionSlot before() {
    VersionSlot step = underWay;
    return step == null ? acknowledged : step;
  }

  /** Says in a header which roots the element may still have. */
  void describe(FileHeader header) {
    header.version = nextCounter();
    header.earlierRoots =
        underWay == null
            ? List.of(acknowledged.root())
            : List.of(underWay.root(), acknowledged.root());
  }

  /** A header has been written to the journal. */
  void written() {
    written.incrementAndGet();
  }

  /** Whether the element does not have the newest header; takes no lock. */
  boolean isBehind() {
    return settled < written.get();
  }

  /** Has the element vouch for all that was written before; makes it durable first. */
  void settle(FileNode ledger) throws IOException {
    volume.lock.lock();
    try {
      long wanted = written.get();
      long patience = PATIENCE_NANOS;
      while (settled < wanted) {
        if (leaders > 0 && patience > 0) {
          try {
            patience = moved.awaitNanos(patience);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            patience = 0;
          }
          continue;
        }
        leaders++;
        try {
          step(ledger);
        } finally {
          leaders--;
          moved.signalAll();
        }
      }
    } finally {
      volume.lock.unlock();
    }
  }

  private void step(FileNode ledger) throws IOException {
    volume.requireOpen();
    VersionSlot next = underWay;
    if (next == null) {
      next = acknowledged.next(ledger.header.signature);
      underWay = next;
      underWayThrough = written.get();
    }
    VersionSlot from = acknowledged;
    volume.commits.syncCountedPlaces();
    long sequence = volume.journal.appendedThrough();
    boolean once = volume.lock.getHoldCount() == 1;
    if (once) {
      volume.lock.unlock();
    }
    VersionMismatchException refusal = null;
    try {
      volume.commits.syncJournal(sequence);
      volume.session.compareAndSetVersion(from, next.root());
    } catch (VersionMismatchException e) {
      refusal = e;
    } finally {
      if (once) {
        volume.lock.lock();
      }
    }
    if (Long.compareUnsigned(acknowledged.counter(), next.counter()) >= 0) {
      return; // another thread has made the same step meanwhile
    }
    if (refusal != null) {
      requireMade(next, refusal);
    }
    acknowledged = next;
    underWay = null;
    settled = underWayThrough;
  }

  /** A refusal means that the step has been made if the slot is where it leads to. */
  private void requireMade(VersionSlot next, VersionMismatchException refusal) throws IOException {
    VersionSlot found = refusal.found().orElseThrow(() -> refusal);
    if (!found.equals(next)) { // or an answer was lost after the step
      throw volume.fail(
          new LedgerException(
              volume.store.toString(),
              LedgerState.FOREIGN,
              next.counter(),
              found.counter(),
              refusal));
    }
  }
}
