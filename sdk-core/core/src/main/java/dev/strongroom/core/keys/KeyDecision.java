// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import java.util.Set;

/**
 * What the rules say.
 *
 * <p>Thread safety: immutable.
 */
public sealed interface KeyDecision {

  /**
   * It may be done.
   *
   * <p>Thread safety: immutable.
   *
   * @param acknowledged the flags without which it might not, each of which an audit log notes;
   *     none for what is not exceptional
   */
  record Permitted(Set<KeyFlag> acknowledged) implements KeyDecision {

    /**
     * Copies the set.
     *
     * @param acknowledged as above
     */
    public Permitted {
      acknowledged = Bits.copy(acknowledged, KeyFlag.class);
    }
  }

  /**
   * It may not be done.
   *
   * <p>Thread safety: immutable.
   *
   * @param refusal why
   */
  record Refused(KeyRefusal refusal) implements KeyDecision {}
}
