// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import java.util.Set;

/**
 * What the element lets be done with a managed key beyond its usages, and where it came from; by
 * bit number in records. Never changes in a key's life.
 *
 * <p>Thread safety: immutable.
 */
public enum KeyFlag {
  /** Suspended, it may process with an acknowledgement. */
  SUSPENDED_PROCESSING(0),
  /** Compromised, it may process with an acknowledgement. */
  COMPROMISED_PROCESSING(1),
  /** After its recipient-usage period it may process with an acknowledgement. */
  LATE_PROCESSING(2),
  /** It may go to certified members of its group. */
  DISTRIBUTION(3),
  /** The host may get keys that it protects, or secrets that it agrees on. */
  HOST_KEYS(4),
  /** What it has protected may be rewrapped to another key. */
  REWRAP(5),
  /** It was not made in an element; said by the element, never by a host. */
  IMPORTED(6);

  private final int bit;

  KeyFlag(int bit) {
    this.bit = bit;
  }

  /**
   * Its place in records.
   *
   * @return bit number, 0 for the least significant
   */
  public int bit() {
    return bit;
  }

  /**
   * Flags as bits.
   *
   * @param flags what a key has
   * @return a bit for each
   */
  public static int bits(Set<KeyFlag> flags) {
    return Bits.of(flags, KeyFlag::bit);
  }

  /**
   * Flags out of bits.
   *
   * @param bits as in records
   * @return what a key has
   * @throws IllegalArgumentException if a bit is not known
   */
  public static Set<KeyFlag> of(int bits) {
    return Bits.set(bits, KeyFlag.class, KeyFlag::bit);
  }
}
