// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.keys.KeyRefusal;
import dev.strongroom.core.keys.RefusalReason;
import java.time.Instant;

/**
 * A period of a managed key is over; nothing was done.
 *
 * <p>Thread safety: immutable.
 */
public final class KeyExpiredException extends KeyRefusedException {

  /** The two periods of NIST SP 800-57 Part 1 Rev. 5, 5.3. */
  public enum Period {
    /** In which a key protects. */
    ORIGINATOR_USAGE,
    /** In which a key processes. */
    RECIPIENT_USAGE
  }

  private static final long serialVersionUID = 1L;

  /**
   * Reports a refusal.
   *
   * @param refusal with the end of the period as bound and the time that counts as found
   */
  public KeyExpiredException(KeyRefusal refusal) {
    super(
        key(refusal)
            + (period(refusal) == Period.ORIGINATOR_USAGE
                ? " protects until a minute before "
                : " processes until ")
            + time(refusal.bound())
            + "; now is "
            + time(refusal.found())
            + "; the group's administrator can make a new key",
        refusal);
  }

  /**
   * Which period.
   *
   * @return the one that is over
   */
  public Period period() {
    return period(refusal());
  }

  /**
   * When it ended.
   *
   * @return the time
   */
  public Instant end() {
    return time(refusal().bound());
  }

  /**
   * What time the element went by.
   *
   * @return for the recipient-usage period the signed time alone
   */
  public Instant now() {
    return time(refusal().found());
  }

  private static Period period(KeyRefusal refusal) {
    return refusal.reason() == RefusalReason.ORIGINATOR_PERIOD
        ? Period.ORIGINATOR_USAGE
        : Period.RECIPIENT_USAGE;
  }
}
