// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.model;

import java.util.Optional;

/**
 * Whether a user takes part; by number in databases.
 *
 * <p>Thread safety: immutable.
 */
public enum UserState {
  /** As a member of groups. */
  ACTIVE(1),
  /** Gets nothing more, and is no recipient. */
  BLOCKED(2);

  private final int number;

  UserState(int number) {
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
   * The state of a number.
   *
   * @param number as in databases
   * @return the state, or empty if there is none of that number
   */
  public static Optional<UserState> of(int number) {
    for (UserState state : values()) {
      if (state.number == number) {
        return Optional.of(state);
      }
    }
    return Optional.empty();
  }
}
