// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.model;

import java.util.Optional;

/**
 * Whether a group has new keys; by number in databases.
 *
 * <p>Thread safety: immutable.
 */
public enum GroupState {
  /** Keys are made, and protect. */
  OPEN(1),
  /** No key is made, and none protects; what was protected can be processed. */
  RETIRED(2);

  private final int number;

  GroupState(int number) {
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
  public static Optional<GroupState> of(int number) {
    for (GroupState state : values()) {
      if (state.number == number) {
        return Optional.of(state);
      }
    }
    return Optional.empty();
  }
}
