// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.keys.KeyRefusal;
import java.time.Instant;
import java.util.Optional;

/**
 * The lease that an element has for the group of a managed key is over, or there is none: it
 * protects nothing with the keys of the group until the next one, and processes on.
 *
 * <p>Thread safety: immutable.
 */
public final class LeaseOverException extends KeyRefusedException {

  /** What may be used up of a lease. */
  public enum Part {
    /** Its time, or it was never there. */
    TIME,
    /** Its uses. */
    USES,
    /** Its power cycles. */
    POWER_UPS
  }

  private static final long serialVersionUID = 1L;

  /**
   * Reports a refusal.
   *
   * @param refusal with the end, or the uses, as bound
   */
  public LeaseOverException(KeyRefusal refusal) {
    super(key(refusal) + ": " + what(refusal) + "; get the administrator's newest orders", refusal);
  }

  /**
   * What is used up.
   *
   * @return the part
   */
  public Part part() {
    return part(refusal());
  }

  /**
   * When it ended.
   *
   * @return the time, or empty if there is no lease, or something else of it is used up
   */
  public Optional<Instant> until() {
    return until(refusal());
  }

  private static Optional<Instant> until(KeyRefusal refusal) {
    return part(refusal) == Part.TIME && refusal.bound() != 0
        ? Optional.of(time(refusal.bound()))
        : Optional.empty();
  }

  private static Part part(KeyRefusal refusal) {
    return switch (refusal.reason()) {
      case LEASE_USES -> Part.USES;
      case LEASE_POWER_UPS -> Part.POWER_UPS;
      default -> Part.TIME;
    };
  }

  private static String what(KeyRefusal refusal) {
    return switch (part(refusal)) {
      case TIME ->
          until(refusal)
              .map(end -> "the lease of its group ended at " + end)
              .orElse("its group has no lease in this element");
      case USES ->
          "the lease of its group gave "
              + Long.toUnsignedString(refusal.bound())
              + " uses, none is left";
      case POWER_UPS -> "the lease of its group has no power cycle left";
    };
  }
}
