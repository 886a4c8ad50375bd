// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.sekey.policy.Denial;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The policy of a group is against what an administrator asked; no element was asked and nothing
 * was changed. What the rules of keys refuse is a {@link
 * dev.strongroom.core.device.KeyRefusedException}.
 *
 * <p>Thread safety: immutable.
 */
public final class PolicyDeniedException extends SeKeyException {

  private static final long serialVersionUID = 1L;

  /** Why; not serialised, the message has the words. */
  private final transient @Nullable Denial denial;

  /**
   * Reports a denial.
   *
   * @param denial why
   */
  public PolicyDeniedException(Denial denial) {
    super(denial.message(), null);
    this.denial = denial;
  }

  /**
   * Why, with fields.
   *
   * @return the denial; empty if the exception was serialised
   */
  public Optional<Denial> denial() {
    return Optional.ofNullable(denial);
  }
}
