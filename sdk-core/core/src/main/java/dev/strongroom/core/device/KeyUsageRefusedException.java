// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.core.keys.KeyRefusal;
import dev.strongroom.core.keys.KeyUsage;
import java.util.Optional;
import java.util.Set;

/**
 * A managed key is not for what was asked of it; nothing was done.
 *
 * <p>Thread safety: immutable.
 */
public final class KeyUsageRefusedException extends KeyRefusedException {

  private static final long serialVersionUID = 1L;

  /**
   * Reports a refusal.
   *
   * @param refusal with the usages of the key as bound
   */
  public KeyUsageRefusedException(KeyRefusal refusal) {
    super(key(refusal) + " is for " + list(usages(refusal)) + ", not " + to(refusal), refusal);
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
   * What the key is for.
   *
   * @return its usages
   */
  public Set<KeyUsage> usages() {
    return usages(refusal());
  }

  private static Set<KeyUsage> usages(KeyRefusal refusal) {
    return known(refusal.bound(), KeyUsage.class, KeyUsage::bit);
  }
}
