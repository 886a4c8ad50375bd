// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.audit;

import java.util.Optional;

/**
 * What an entry is about; by number in entries.
 *
 * <p>Thread safety: immutable.
 */
public enum AuditAct {
  /** The log begins. */
  LOG_BEGUN(1),
  /** A user was added. */
  USER_ADDED(2),
  /** Name or element of a user changed. */
  USER_CHANGED(3),
  /** A user was blocked. */
  USER_BLOCKED(4),
  /** A user takes part again. */
  USER_UNBLOCKED(5),
  /** A group was added. */
  GROUP_ADDED(6),
  /** Name or policy of a group changed. */
  GROUP_CHANGED(7),
  /** A group was retired. */
  GROUP_RETIRED(8),
  /** A user came into a group. */
  MEMBER_ADDED(9),
  /** A user left a group. */
  MEMBER_REMOVED(10),
  /** A key was made in the element. */
  KEY_MADE(11),
  /** A key was brought from outside. */
  KEY_IMPORTED(12),
  /** A key changed its state. */
  KEY_STATE(13),
  /** Periods or limit of a key changed. */
  KEY_SHORTENED(14),
  /** The destruction of a key was scheduled. */
  DESTRUCTION_SCHEDULED(15),
  /** The destruction of a key was cancelled. */
  DESTRUCTION_CANCELLED(16),
  /** A key was used, or was to be. */
  KEY_USED(17),
  /** An order was made for a user. */
  ORDER_ISSUED(18),
  /** An order was applied. */
  ORDER_APPLIED(19),
  /** The signed time was moved. */
  FLOOR_MOVED(20),
  /** A key could not be replaced. */
  ROTATION_STALLED(21);

  private final int number;

  AuditAct(int number) {
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
  public static Optional<AuditAct> of(int number) {
    for (AuditAct each : values()) {
      if (each.number == number) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
