// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A way to write what queries answer.
 *
 * <p>Thread safety: implementations are confined to one thread.
 */
interface Rows {

  /** An answer begins; names may be there several times. */
  void begin(List<String> names);

  /** A row, each value a {@code Long}, {@code Double}, {@code String}, {@code byte[]} or null. */
  void row(List<@Nullable Object> values);

  /** The answer has ended. */
  void end();
}
