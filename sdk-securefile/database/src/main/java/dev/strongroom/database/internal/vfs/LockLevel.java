// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.vfs;

/**
 * Locks of SQLite on a database file, weakest first; see <a
 * href="https://sqlite.org/lockingv3.html">File Locking And Concurrency</a>.
 */
enum LockLevel {
  /** None. */
  NONE,
  /** May read; many at a time. */
  SHARED,
  /** Means to write; one at a time, beside readers. */
  RESERVED,
  /** Waits for the readers to end; nobody begins to read. */
  PENDING,
  /** Writes; nobody else has any lock. */
  EXCLUSIVE;

  private static final LockLevel[] LEVELS = values();

  /** The level of a number of {@code sqlite3.h}, 0 to 4. */
  static LockLevel of(long number) {
    return LEVELS[(int) number];
  }
}
