// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.keys.KeyFlag;
import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.core.keys.KeyRefusal;
import java.util.Optional;
import java.util.Set;

/**
 * What was asked of a managed key is exceptional: it can be done if the caller acknowledges that
 * and says why.
 *
 * <p>Thread safety: immutable.
 */
public final class AcknowledgementNeededException extends KeyRefusedException {

  private static final long serialVersionUID = 1L;

  /**
   * Reports a refusal.
   *
   * @param refusal with the flags that allow it as bound
   */
  public AcknowledgementNeededException(KeyRefusal refusal) {
    super(
        key(refusal)
            + " is used "
            + to(refusal)
            + " only with an acknowledgement, for "
            + list(exceptions(refusal)),
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
   * What has to be acknowledged.
   *
   * @return the flags of the key by which it is allowed at all
   */
  public Set<KeyFlag> exceptions() {
    return exceptions(refusal());
  }

  private static Set<KeyFlag> exceptions(KeyRefusal refusal) {
    return known(refusal.bound(), KeyFlag.class, KeyFlag::bit);
  }
}
