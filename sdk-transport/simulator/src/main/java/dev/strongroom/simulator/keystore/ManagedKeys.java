// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator.keystore;

import dev.strongroom.core.device.ElementDamagedException;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.simulator.records.RecordIndex;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What an element keeps of its key store while power is on: the table of the moment, the time that
 * was told, and what is left of reserved uses.
 *
 * <p>Thread safety: {@link #table}, {@link #tell} and {@link #now} are thread-safe, without a lock;
 * all else is guarded by the lock of the element application.
 */
public final class ManagedKeys {

  private final UseCounts counts = new UseCounts();
  private final AtomicLong told = new AtomicLong();
  private volatile @Nullable KeyTable table;

  /** Nothing was read yet. */
  public ManagedKeys() {}

  /**
   * The table of the moment.
   *
   * @return null if the records have to be read first
   */
  public @Nullable KeyTable table() {
    return table;
  }

  /**
   * Tells a time; an earlier one than before changes nothing.
   *
   * @param time of the host's clock, or none
   */
  public void tell(ElementTime time) {
    long seconds = time.seconds();
    for (long known = told.get(); seconds > known; known = told.get()) {
      if (told.compareAndSet(known, seconds)) {
        return;
      }
    }
  }

  /**
   * What time it is.
   *
   * @param at whose floor counts
   * @return the greater one of floor and told time
   */
  public ElementTime now(KeyTable at) {
    long seconds = told.get();
    return seconds <= at.floor().seconds() ? at.floor() : new ElementTime(seconds);
  }

  /**
   * The table, out of the records that were read.
   *
   * @param index the records
   * @param floor the signed time
   * @param administration who changes them
   * @return the table
   * @throws ElementDamagedException if a record is malformed
   */
  public KeyTable open(RecordIndex index, ElementTime floor, KeyTable.Administration administration)
      throws ElementDamagedException {
    KeyTable known = table;
    if (known != null && known.index() == index) {
      return known;
    }
    forget();
    KeyTable made = KeyTable.of(index, floor, administration, counts);
    table = made;
    return made;
  }

  /**
   * A change is on persistent memory, and no use that begins from now on is without it.
   *
   * @param index the records
   * @param draft what was changed of them, null if nothing was
   * @param floor the signed time
   * @param administration who changes them
   */
  public void changed(
      RecordIndex index,
      @Nullable StoreDraft draft,
      ElementTime floor,
      KeyTable.Administration administration) {
    if (draft != null) {
      draft.committed();
    }
    KeyTable known = table;
    if (known == null) {
      return;
    }
    if (draft == null && known.index() != index) {
      // Changed by somebody who does not say what.
      forget();
    } else if (draft != null
        || !known.floor().equals(floor)
        || known.administration() != administration) {
      table = known.next(index, draft, floor, administration);
    }
  }

  /** Overwrites what was read; what is reserved stays. */
  public void forget() {
    KeyTable known = table;
    table = null;
    if (known != null) {
      known.close();
    }
  }

  /** Forgets the told time. */
  public void forgetTime() {
    told.set(0);
  }

  /** Power is lost, or all records were erased. */
  public void clear() {
    forget();
    forgetTime();
    counts.clear();
  }
}
