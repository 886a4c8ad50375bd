// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.vfs;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who has which lock on one database. Within the process only: the volume that the database lies in
 * is open in one process at a time.
 *
 * <p>Thread safety: thread-safe.
 */
final class LockTable {

  private final Map<Object, LockLevel> held = new HashMap<>(); // guarded by this
  private @Nullable Object writer; // has RESERVED or more; guarded by this

  /**
   * Takes a lock, or keeps a stronger one. Refused on the way to EXCLUSIVE, PENDING is kept, as
   * SQLite expects, so that no new readers come.
   *
   * @return whether it was given
   */
  synchronized boolean acquire(Object holder, LockLevel level) {
    LockLevel has = level(holder);
    if (has.compareTo(level) >= 0) {
      return true;
    }
    boolean othersWrite = writer != null && writer != holder;
    if (level == LockLevel.SHARED) {
      if (othersWrite && level(writer).compareTo(LockLevel.PENDING) >= 0) {
        return false;
      }
      held.put(holder, LockLevel.SHARED);
      return true;
    }
    if (othersWrite) {
      return false;
    }
    writer = holder;
    boolean alone = held.size() == (has == LockLevel.NONE ? 0 : 1);
    LockLevel given = level == LockLevel.EXCLUSIVE && !alone ? LockLevel.PENDING : level;
    held.put(holder, given);
    return given == level;
  }

  /** Goes back to SHARED or to nothing. */
  synchronized void release(Object holder, LockLevel level) {
    if (level(holder).compareTo(level) <= 0) {
      return;
    }
    if (writer == holder) {
      writer = null;
    }
    if (level == LockLevel.NONE) {
      held.remove(holder);
    } else {
      held.put(holder, level);
    }
  }

  /** The lock that somebody has. */
  synchronized LockLevel level(@Nullable Object holder) {
    return held.getOrDefault(holder, LockLevel.NONE);
  }

  /** Whether anybody has RESERVED or more. */
  synchronized boolean isReserved() {
    return writer != null;
  }
}
