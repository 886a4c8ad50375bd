// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.keys.KeyRefusal;
import java.time.Instant;

/**
 * A managed key is going to be destroyed and is not used any more; the administrator can cancel
 * that before its time.
 *
 * <p>Thread safety: immutable.
 */
public final class DestructionScheduledException extends KeyRefusedException {

  private static final long serialVersionUID = 1L;

  /**
   * Reports a refusal.
   *
   * @param refusal with the time of destruction as bound
   */
  public DestructionScheduledException(KeyRefusal refusal) {
    super(
        key(refusal)
            + " is destroyed at "
            + time(refusal.bound())
            + "; until then the administrator can cancel that",
        refusal);
  }

  /**
   * When it is destroyed.
   *
   * @return the time
   */
  public Instant at() {
    return time(refusal().bound());
  }
}
