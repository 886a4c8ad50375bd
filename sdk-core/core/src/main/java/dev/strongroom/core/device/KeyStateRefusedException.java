// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.core.keys.KeyRefusal;
import dev.strongroom.core.keys.KeyState;
import java.util.Optional;

/**
 * The state of a managed key does not permit what was asked of it, not with an acknowledgement
 * either; nothing was done.
 *
 * <p>Thread safety: immutable.
 */
public final class KeyStateRefusedException extends KeyRefusedException {

  private static final long serialVersionUID = 1L;

  /**
   * Reports a refusal.
   *
   * @param refusal with the state of the key
   */
  public KeyStateRefusedException(KeyRefusal refusal) {
    super(key(refusal) + " is " + state(refusal) + " and not used " + to(refusal), refusal);
  }

  /**
   * Where the key is in its life.
   *
   * @return the state, or empty if the element does not say
   */
  public Optional<KeyState> state() {
    return refusal().state();
  }

  /**
   * What was asked of the key.
   *
   * @return the operation, or empty if the element does not say
   */
  public Optional<KeyOperation> operation() {
    return refusal().operation();
  }
}
