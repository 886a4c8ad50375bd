// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.model;

import java.util.Optional;

/**
 * Whether what a key has protected may be taken over to another one, inside the element; by number
 * in policies.
 *
 * <p>Thread safety: immutable.
 */
public enum Rewrapping {
  /** It may not. */
  REFUSED(1),
  /** It may, in any state that still processes. */
  PERMITTED(2);

  private final int number;

  Rewrapping(int number) {
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
  public static Optional<Rewrapping> of(int number) {
    for (Rewrapping each : values()) {
      if (each.number == number) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
