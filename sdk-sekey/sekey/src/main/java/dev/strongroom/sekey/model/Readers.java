// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.model;

import java.util.Optional;

/**
 * Who may be able to read what is protected for some members of a group; by number in policies.
 *
 * <p>Thread safety: immutable.
 */
public enum Readers {
  /** Every member of the group. */
  MEMBERS(1),
  /** Those it is for and who protects it, nobody else. */
  RECIPIENTS_ONLY(2);

  private final int number;

  Readers(int number) {
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
  public static Optional<Readers> of(int number) {
    for (Readers each : values()) {
      if (each.number == number) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
