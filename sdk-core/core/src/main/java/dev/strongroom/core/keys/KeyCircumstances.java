// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

/**
 * What a decision on a key depends on besides the key.
 *
 * <p>Thread safety: immutable.
 *
 * @param floor the signed time
 * @param now the greater one of the floor and the time that the host has told
 * @param usesLeft how many uses the key's limit leaves, reserved ones that are not used among them;
 *     {@link Long#MAX_VALUE} without limit
 * @param lease how far leases stand before it
 * @param acknowledgement whether the caller knows that the use is exceptional
 */
public record KeyCircumstances(
    ElementTime floor,
    ElementTime now,
    long usesLeft,
    LeaseGate lease,
    Acknowledgement acknowledgement) {

  /** Whether the caller knows that a use is exceptional, and has said why. */
  public enum Acknowledgement {
    /** Nothing was said. */
    NONE,
    /** A reason was given. */
    GIVEN
  }

  /**
   * Checks the times.
   *
   * @param floor as above
   * @param now as above
   * @param usesLeft as above
   * @param lease as above
   * @param acknowledgement as above
   */
  public KeyCircumstances {
    if (now.isBefore(floor)) {
      throw new IllegalArgumentException("it is not " + now + " before the floor " + floor);
    }
    if (usesLeft < 0) {
      throw new IllegalArgumentException(usesLeft + " uses left");
    }
  }
}
