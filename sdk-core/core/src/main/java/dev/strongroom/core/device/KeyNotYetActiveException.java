// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.keys.KeyRefusal;
import java.time.Instant;

/**
 * The activation of a managed key has not come; nothing was done.
 *
 * <p>Thread safety: immutable.
 */
public final class KeyNotYetActiveException extends KeyRefusedException {

  private static final long serialVersionUID = 1L;

  /**
   * Reports a refusal.
   *
   * @param refusal with the activation as bound and the time that counts as found
   */
  public KeyNotYetActiveException(KeyRefusal refusal) {
    super(
        key(refusal)
            + " protects from "
            + time(refusal.bound())
            + " on; now is "
            + time(refusal.found()),
        refusal);
  }

  /**
   * From when on it protects.
   *
   * @return the time
   */
  public Instant activation() {
    return time(refusal().bound());
  }

  /**
   * What time the element went by.
   *
   * @return the time
   */
  public Instant now() {
    return time(refusal().found());
  }
}
