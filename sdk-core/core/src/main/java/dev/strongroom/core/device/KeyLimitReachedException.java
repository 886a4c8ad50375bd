// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.keys.KeyRefusal;

/**
 * A managed key has protected as often as it may; it processes on.
 *
 * <p>Thread safety: immutable.
 */
public final class KeyLimitReachedException extends KeyRefusedException {

  private static final long serialVersionUID = 1L;

  /**
   * Reports a refusal.
   *
   * @param refusal with the limit as bound
   */
  public KeyLimitReachedException(KeyRefusal refusal) {
    super(
        key(refusal)
            + " has protected "
            + Long.toUnsignedString(refusal.bound())
            + " times, which is its limit; the group's administrator can make a new key",
        refusal);
  }

  /**
   * How often it may protect.
   *
   * @return uses; those that were reserved and lost with power count
   */
  public long limit() {
    return refusal().bound();
  }
}
