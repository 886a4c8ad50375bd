// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.model;

import java.util.Optional;

/**
 * What a new member gets of the keys that were there before; by number in databases and policies.
 *
 * <p>Thread safety: immutable.
 */
public enum History {
  /** All keys of the group. */
  ALL(1),
  /** Those that had not stopped to protect when the member came. */
  FROM_JOINING(2);

  private final int number;

  History(int number) {
    this.number = number;
  }

  /**
   * Its number.
   *
   * @return 1 or 2
   */
  public int number() {
    return number;
  }

  /**
   * The choice of a number.
   *
   * @param number as in databases and policies
   * @return the choice, or empty if there is none of that number
   */
  public static Optional<History> of(int number) {
    for (History history : values()) {
      if (history.number == number) {
        return Optional.of(history);
      }
    }
    return Optional.empty();
  }
}
