// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import java.nio.file.OpenOption;

/**
 * Options of a secure file beside {@link java.nio.file.StandardOpenOption}.
 *
 * <p>Thread safety: immutable.
 */
public enum SecureOpenOption implements OpenOption {
  /** Only {@link SecureFile#commit()} publishes changes; the last close discards the rest. */
  TRANSACTION,
  /** Closing makes the file's changes durable, as {@link SecureFile#sync()} does. */
  DURABLE_CLOSE,
  /** The file is opened even if its last sector is damaged, which is refused otherwise. */
  FORCE_OPEN,
  /**
   * A write goes on where it meets damage. Overwriting a sector as a whole purifies it; of a sector
   * that is written in part the rest is filled with zeros, and the sector is marked, see {@link
   * SecureFile#partlyPurified()}. Where a page of the integrity tree is damaged, the sectors that
   * it covers can be written; those that are not are still refused.
   */
  FORCE_WRITE
}
