// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.policy;

import dev.strongroom.core.keys.KeyFlag;
import java.util.Set;

/**
 * Whether something may be done.
 *
 * <p>Thread safety: immutable.
 */
public sealed interface Decision {

  /** Nothing more is needed. */
  Permit PERMITTED = new Permit(Set.of(), 0);

  /**
   * It may be done.
   *
   * <p>Thread safety: immutable.
   *
   * @param acknowledged the flags of the key without which it might not, to be noted in the audit
   *     log; none for what is not exceptional
   * @param approvals how many other administrators have to approve
   */
  record Permit(Set<KeyFlag> acknowledged, int approvals) implements Decision {

    /**
     * Copies the set.
     *
     * @param acknowledged as above
     * @param approvals as above
     */
    public Permit {
      acknowledged = Set.copyOf(acknowledged);
    }
  }

  /**
   * It may not be done.
   *
   * <p>Thread safety: immutable.
   *
   * @param denial why
   */
  record Deny(Denial denial) implements Decision {}
}
