// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

/**
 * What an administered element may still protect with the keys of one group. Not a state of keys:
 * when it is over they process on, and the next lease opens them again.
 *
 * <p>Thread safety: immutable.
 *
 * @param number rises with each lease of the group; an unsigned 64-bit number, not 0
 * @param until it ends then; {@link ElementTime#MAX} is without end
 * @param usesGiven how many uses it gave, 0 to 2^32 - 2; {@link #UNLIMITED_USES}
 * @param usesUnreserved how many of them are not reserved yet; {@link #UNLIMITED_USES} together
 *     with {@code usesGiven}
 * @param powerUps in how many power cycles it can still be used, 0 to 65534; {@link
 *     #UNLIMITED_POWER_UPS}
 */
public record Lease(
    long number, ElementTime until, long usesGiven, long usesUnreserved, int powerUps) {

  /** Uses without number. */
  public static final long UNLIMITED_USES = 0xFFFF_FFFFL;

  /** Power cycles without number. */
  public static final int UNLIMITED_POWER_UPS = 0xFFFF;

  /**
   * Checks the ranges.
   *
   * @param number as above
   * @param until as above
   * @param usesGiven as above
   * @param usesUnreserved as above
   * @param powerUps as above
   */
  public Lease {
    if (number == 0) {
      throw new IllegalArgumentException("leases count from 1");
    }
    if (usesGiven < 0 || usesGiven > UNLIMITED_USES) {
      throw new IllegalArgumentException("a lease of " + usesGiven + " uses");
    }
    if (usesUnreserved < 0
        || usesUnreserved > usesGiven
        || (usesGiven == UNLIMITED_USES && usesUnreserved != UNLIMITED_USES)) {
      throw new IllegalArgumentException(usesUnreserved + " uses left of a lease of " + usesGiven);
    }
    if (powerUps < 0 || powerUps > UNLIMITED_POWER_UPS) {
      throw new IllegalArgumentException("a lease of " + powerUps + " power cycles");
    }
  }

  /**
   * A lease of which nothing is used.
   *
   * @param number as above
   * @param until as above
   * @param uses how many it gives
   * @param powerUps as above
   * @return the lease
   */
  public static Lease of(long number, ElementTime until, long uses, int powerUps) {
    return new Lease(number, until, uses, uses, powerUps);
  }

  /**
   * Whether it gives what another one gives, as far as that is known when some of it is used.
   *
   * @param other the other one
   * @return whether both end at the same time and give the same uses
   */
  public boolean gives(Lease other) {
    return until.equals(other.until) && usesGiven == other.usesGiven;
  }

  /**
   * How many uses are reserved at once.
   *
   * @return uses, fewer if fewer are left; 0 if none is
   */
  public long nextBlock() {
    return Math.min(usesUnreserved, UsageLimit.blockSize(usesGiven));
  }

  /**
   * One block less.
   *
   * @return the lease to be stored before the first use of the block
   */
  public Lease reserve() {
    return usesGiven == UNLIMITED_USES
        ? this
        : new Lease(number, until, usesGiven, usesUnreserved - nextBlock(), powerUps);
  }

  /**
   * One power cycle less.
   *
   * @return the lease to be stored before its first use in a power cycle
   * @throws IllegalStateException if none is left
   */
  public Lease powerUp() {
    if (powerUps == UNLIMITED_POWER_UPS) {
      return this;
    }
    if (powerUps == 0) {
      throw new IllegalStateException("lease " + number + " has no power cycle left");
    }
    return new Lease(number, until, usesGiven, usesUnreserved, powerUps - 1);
  }
}
