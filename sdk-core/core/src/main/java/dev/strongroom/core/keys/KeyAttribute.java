// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import java.util.Optional;

/**
 * An attribute that was to be changed as it may not; by number in a refusal.
 *
 * <p>Thread safety: immutable.
 */
public enum KeyAttribute {
  /** Algorithm, usages, flags, group or policy hash: they never change. */
  IMMUTABLE(1),
  /** The activation, of a key that was active. */
  ACTIVATION(2),
  /** The originator-usage period, which gets no longer. */
  ORIGINATOR_PERIOD(3),
  /** The recipient-usage period, which gets no longer. */
  RECIPIENT_PERIOD(4),
  /** The limit, which gets no higher. */
  LIMIT(5),
  /** The time of destruction. */
  DESTRUCTION(6),
  /** What the terms of the group exclude. */
  TERMS(7);

  private final int number;

  KeyAttribute(int number) {
    this.number = number;
  }

  /**
   * Its number.
   *
   * @return 1 to 7
   */
  public int number() {
    return number;
  }

  /**
   * The attribute of a number.
   *
   * @param number as in a refusal
   * @return the attribute, or empty if there is none of that number
   */
  public static Optional<KeyAttribute> of(long number) {
    for (KeyAttribute attribute : values()) {
      if (attribute.number == number) {
        return Optional.of(attribute);
      }
    }
    return Optional.empty();
  }
}
