// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which periods and limit of a key become shorter, or of a pre-active key others.
 *
 * <p>Thread safety: immutable.
 *
 * @param activation of a pre-active key, or empty to leave it
 * @param originatorEnd end of the originator-usage period, or empty to leave it
 * @param recipientEnd end of the recipient-usage period, or empty to leave it
 * @param limit most uses that protect, 1 to {@link UsageLimit#MAX}, or empty to leave it
 */
public record KeyShortening(
    Optional<ElementTime> activation,
    Optional<ElementTime> originatorEnd,
    Optional<ElementTime> recipientEnd,
    OptionalLong limit) {

  /** Changes nothing. */
  public static final KeyShortening NONE =
      new KeyShortening(Optional.empty(), Optional.empty(), Optional.empty(), OptionalLong.empty());

  /**
   * Checks the limit.
   *
   * @param activation as above
   * @param originatorEnd as above
   * @param recipientEnd as above
   * @param limit as above
   */
  public KeyShortening {
    if (limit.isPresent()) {
      UsageLimit.requireLimit(limit.getAsLong());
    }
    // The last moment stands for leaving it as it is.
    if (activation.equals(Optional.of(ElementTime.MAX))
        || originatorEnd.equals(Optional.of(ElementTime.MAX))
        || recipientEnd.equals(Optional.of(ElementTime.MAX))) {
      throw new IllegalArgumentException("no period is shortened to end at " + ElementTime.MAX);
    }
  }

  /**
   * Other periods.
   *
   * @param periods activation and ends, none of which is left as it is
   * @return the change, which leaves the limit
   */
  public static KeyShortening to(KeyPeriods periods) {
    return new KeyShortening(
        Optional.of(periods.activation()),
        Optional.of(periods.originatorEnd()),
        Optional.of(periods.recipientEnd()),
        OptionalLong.empty());
  }

  /**
   * The periods of a key after the change.
   *
   * @param present its periods now
   * @return the others, with the same time of destruction
   * @throws IllegalArgumentException if they exclude each other
   */
  public KeyPeriods of(KeyPeriods present) {
    return new KeyPeriods(
        activation.orElse(present.activation()),
        originatorEnd.orElse(present.originatorEnd()),
        recipientEnd.orElse(present.recipientEnd()),
        present.destruction());
  }
}
