// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import java.time.Duration;

/**
 * How long data keys are kept in the host's memory, so that not every envelope costs the element a
 * command. A use of a kept key is not counted by the element.
 *
 * <p>Thread safety: immutable.
 *
 * @param keys how many at most; the one that was not used for longest goes
 * @param age how long since the element gave it
 * @param uses how many uses of one key
 * @param bytes how many bytes one key may protect
 */
public record DataKeyLimits(int keys, Duration age, long uses, long bytes) {

  /** No key is kept: each use is a command. */
  public static final DataKeyLimits NONE = new DataKeyLimits(0, Duration.ZERO, 1, Long.MAX_VALUE);

  /** 128 keys, five minutes, 10,000 uses, 1 GiB. */
  public static final DataKeyLimits DEFAULT =
      new DataKeyLimits(128, Duration.ofMinutes(5), 10_000, 1L << 30);

  /**
   * Checks the ranges.
   *
   * @param keys as above
   * @param age as above
   * @param uses as above
   * @param bytes as above
   */
  public DataKeyLimits {
    if (keys < 0 || age.isNegative() || uses < 1 || bytes < 1) {
      throw new IllegalArgumentException("limits of data keys are positive");
    }
  }
}
