// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.vfs;

import dev.strongroom.core.Bytes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The files of this process that are open as databases, or are being made such, by their unique
 * ids: connections of two openings would not know of each other's locks.
 *
 * <p>Thread safety: thread-safe.
 */
public final class OpenDatabases {

  private static final Set<Bytes> OPEN = ConcurrentHashMap.newKeySet();

  private OpenDatabases() {}

  /** Takes a file; answers whether nobody else has it. */
  public static boolean take(Bytes uid) {
    return OPEN.add(uid);
  }

  /** Gives a file back. */
  public static void giveBack(Bytes uid) {
    OPEN.remove(uid);
  }
}
