// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.model;

import java.util.Optional;

/**
 * Whether an exceptional use of a key may be had; by number in policies.
 *
 * <p>Thread safety: immutable.
 */
public enum Treatment {
  /** Never. */
  REFUSED(1),
  /** By who says why, which goes into the audit log. */
  WITH_ACKNOWLEDGEMENT(2);

  private final int number;

  Treatment(int number) {
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
  public static Optional<Treatment> of(int number) {
    for (Treatment each : values()) {
      if (each.number == number) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
