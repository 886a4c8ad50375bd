// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.keys.KeyFlag;
import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.core.keys.KeyRefusal;
import java.util.Optional;

/**
 * The policy under which a managed key was made does not let the element do what was asked; nothing
 * was done.
 *
 * <p>Thread safety: immutable.
 */
public final class KeyFlagMissingException extends KeyRefusedException {

  private static final long serialVersionUID = 1L;

  /**
   * Reports a refusal.
   *
   * @param refusal with the flag's bit as bound
   */
  public KeyFlagMissingException(KeyRefusal refusal) {
    super(
        key(refusal)
            + " is not used "
            + to(refusal)
            + ": its policy has no "
            + flag(refusal).map(KeyRefusedException::words).orElse("such flag"),
        refusal);
  }

  /**
   * What was asked of the key.
   *
   * @return the operation, or empty if the element does not say
   */
  public Optional<KeyOperation> operation() {
    return refusal().operation();
  }

  /**
   * Which flag it would need.
   *
   * @return the flag, or empty if this release does not know it
   */
  public Optional<KeyFlag> flag() {
    return flag(refusal());
  }

  private static Optional<KeyFlag> flag(KeyRefusal refusal) {
    return known(refusal.bound(), KeyFlag.class, KeyFlag::bit).stream().findFirst();
  }
}
