// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.model;

import java.util.Optional;

/**
 * What becomes of a key whose recipient-usage period is over; by number in policies.
 *
 * <p>Thread safety: immutable.
 */
public enum PeriodEnd {
  /** It stays. */
  KEPT(1),
  /** Its destruction is scheduled. */
  DESTROYED(2);

  private final int number;

  PeriodEnd(int number) {
    this.number = number;
  }

  /**
   * Its number.
   *
   * @return from 1
   */
  public int number() {
    return number;
  }

  /**
   * The value of a number.
   *
   * @param number as in policies
   * @return the value, or empty if there is none of that number
   */
  public static Optional<PeriodEnd> of(int number) {
    for (PeriodEnd each : values()) {
      if (each.number == number) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
