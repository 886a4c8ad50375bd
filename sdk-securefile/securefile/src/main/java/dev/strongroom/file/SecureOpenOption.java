// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import java.nio.file.OpenOption;

/** Options of a secure file beside {@link java.nio.file.StandardOpenOption}. */
public enum SecureOpenOption implements OpenOption {
  /** Only {@link SecureFile#commit()} publishes changes; the last close discards the rest. */
  TRANSACTION,
  /** Closing makes the file's changes durable, as {@link SecureFile#sync()} does. */
  DURABLE_CLOSE
}
