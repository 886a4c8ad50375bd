// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

/**
 * When a managed key may be used: the two periods of NIST SP 800-57 Part 1 Rev. 5, 5.3, and its
 * end.
 *
 * <p>Thread safety: immutable.
 *
 * @param activation before that it protects nothing; none if from the beginning
 * @param originatorEnd from then on it protects nothing; none if there is no end
 * @param recipientEnd from then on it processes nothing without an acknowledgement; not before
 *     {@code originatorEnd}; none if there is no end
 * @param destruction when it is destroyed; none if that is not scheduled
 */
public record KeyPeriods(
    ElementTime activation,
    ElementTime originatorEnd,
    ElementTime recipientEnd,
    ElementTime destruction) {

  /** Without any limit. */
  public static final KeyPeriods UNLIMITED =
      new KeyPeriods(ElementTime.NONE, ElementTime.NONE, ElementTime.NONE, ElementTime.NONE);

  /**
   * Checks the order.
   *
   * @param activation as above
   * @param originatorEnd as above
   * @param recipientEnd as above
   * @param destruction as above
   */
  public KeyPeriods {
    if (originatorEnd.isSet() && !activation.isBefore(originatorEnd)) {
      throw new IllegalArgumentException(
          "the originator-usage period ends at "
              + originatorEnd
              + ", not after the activation at "
              + activation);
    }
    if (recipientEnd.isSet() && (!originatorEnd.isSet() || recipientEnd.isBefore(originatorEnd))) {
      throw new IllegalArgumentException(
          "the recipient-usage period ends at "
              + recipientEnd
              + ", before the originator-usage period, at "
              + originatorEnd);
    }
  }

  /**
   * The same with another time of destruction.
   *
   * @param at when, or none
   * @return the periods
   */
  public KeyPeriods withDestruction(ElementTime at) {
    return new KeyPeriods(activation, originatorEnd, recipientEnd, at);
  }
}
