// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.keys.KeyRefusal;
import dev.strongroom.core.keys.KeyState;
import java.util.Optional;

/**
 * No transition leads a managed key from its state to the one wanted; nothing was changed.
 *
 * <p>Thread safety: immutable.
 */
public final class KeyTransitionRefusedException extends KeyRefusedException {

  private static final long serialVersionUID = 1L;

  /**
   * Reports a refusal.
   *
   * @param refusal with both states
   */
  public KeyTransitionRefusedException(KeyRefusal refusal) {
    super(
        key(refusal)
            + " is "
            + state(refusal)
            + " and does not become "
            + refusal.target().map(KeyRefusedException::words).orElse("another"),
        refusal);
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
   * Where it was to go.
   *
   * @return the state, or empty if the element does not say
   */
  public Optional<KeyState> target() {
    return refusal().target();
  }
}
