// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import java.util.Optional;

/**
 * Where a managed key is in its life: the states of NIST SP 800-57 Part 1 Rev. 5, 7, and KMIP's
 * last one. Numbers are those of KMIP's State; {@link #SUSPENDED}, which KMIP does not have, stands
 * behind them.
 *
 * <p>What may be done in a state is in {@link KeyRules}, what leads from one to another in {@link
 * KeyTransition}.
 *
 * <p>Thread safety: immutable.
 */
public enum KeyState {
  /** Made, not yet to be used. */
  PRE_ACTIVE(1),
  /** Protects and processes. */
  ACTIVE(2),
  /** Processes only, for good. */
  DEACTIVATED(3),
  /** Somebody else may know it. */
  COMPROMISED(4),
  /** Its value is erased. */
  DESTROYED(5),
  /** Its value is erased, and somebody else may have known it. */
  DESTROYED_COMPROMISED(6),
  /** Not to be used for the time being. */
  SUSPENDED(7);

  private final int number;

  KeyState(int number) {
    this.number = number;
  }

  /**
   * Its number in records and commands.
   *
   * @return 1 to 7
   */
  public int number() {
    return number;
  }

  /**
   * Whether there is no value any more.
   *
   * @return true for the two destroyed states
   */
  public boolean isDestroyed() {
    return this == DESTROYED || this == DESTROYED_COMPROMISED;
  }

  /**
   * The state of a number.
   *
   * @param number as in records
   * @return the state, or empty if there is none of that number
   */
  public static Optional<KeyState> of(int number) {
    for (KeyState state : values()) {
      if (state.number == number) {
        return Optional.of(state);
      }
    }
    return Optional.empty();
  }
}
