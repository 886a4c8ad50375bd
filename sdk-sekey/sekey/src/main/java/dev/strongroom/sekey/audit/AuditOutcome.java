// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.audit;

import java.util.Optional;

/**
 * What became of an act; by number in entries.
 *
 * <p>Thread safety: immutable.
 */
public enum AuditOutcome {
  /** It was done. */
  DONE(1),
  /** It was refused. */
  REFUSED(2),
  /** It was exceptional, and done because somebody said why. */
  ACKNOWLEDGED(3);

  private final int number;

  AuditOutcome(int number) {
    this.number = number;
  }

  /**
   * Its number in entries.
   *
   * @return from 1
   */
  public int number() {
    return number;
  }

  /**
   * The value of a number.
   *
   * @param number as in entries
   * @return the value, or empty if this release does not know it
   */
  public static Optional<AuditOutcome> of(int number) {
    for (AuditOutcome each : values()) {
      if (each.number == number) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
