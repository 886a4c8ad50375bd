// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.core.keys.KeyState;
import java.util.Set;

/**
 * What became of verifying a signature.
 *
 * <p>Thread safety: immutable.
 */
public sealed interface Verification {

  /** What speaks against a signature that is right. */
  enum Doubt {
    /** The key's state does not permit to process: it may have been made by somebody else. */
    STATE,
    /** The key is going to be destroyed. */
    DESTRUCTION_SCHEDULED,
    /** The key's recipient-usage period is over. */
    PERIOD_OVER
  }

  /**
   * It is right, and nothing speaks against it.
   *
   * <p>Thread safety: immutable.
   */
  record Valid() implements Verification {}

  /**
   * It is right, and something speaks against its key.
   *
   * <p>Thread safety: immutable.
   *
   * @param state of the key
   * @param doubts what speaks against it, at least one
   */
  record ValidWithDoubts(KeyState state, Set<Doubt> doubts) implements Verification {

    /**
     * Copies the set.
     *
     * @param state as above
     * @param doubts as above
     */
    public ValidWithDoubts {
      doubts = Set.copyOf(doubts);
    }
  }

  /**
   * It is not right: another message, another key, or no signature at all.
   *
   * <p>Thread safety: immutable.
   */
  record Invalid() implements Verification {}
}
