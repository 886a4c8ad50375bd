// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import java.util.Optional;

/**
 * Why the rules of the key store refuse; by number in the answer to READ REFUSAL.
 *
 * <p>Thread safety: immutable.
 */
public enum RefusalReason {
  /** The key is not for this. */
  USAGE(1),
  /** Not in this state. */
  STATE(2),
  /** The key is going to be destroyed. */
  DESTRUCTION_SCHEDULED(3),
  /** Its activation has not come. */
  NOT_YET_ACTIVE(4),
  /** Its originator-usage period is over. */
  ORIGINATOR_PERIOD(5),
  /** Its recipient-usage period is over. */
  RECIPIENT_PERIOD(6),
  /** Its limit is used up. */
  LIMIT(7),
  /** There is no lease, or its time is over. */
  LEASE_TIME(8),
  /** The uses of the lease are used up. */
  LEASE_USES(9),
  /** The power cycles of the lease are used up. */
  LEASE_POWER_UPS(10),
  /** The use is exceptional and has to be acknowledged. */
  ACKNOWLEDGEMENT(12),
  /** The key does not have the flag that is needed. */
  FLAG(13),
  /** No transition leads there. */
  TRANSITION(20),
  /** An attribute may not be so, or change so. */
  ATTRIBUTE(21),
  /** The element is administered: it changes by orders. */
  ADMINISTERED(22),
  /** The receiver is no member, or its element of too low a class. */
  MEMBER(23),
  /** The sender of an order is not certified as administrator. */
  ORDER_SENDER(30),
  /** The signature of an order is wrong. */
  ORDER_SIGNATURE(31),
  /** An order is for another element. */
  ORDER_RECEIVER(32),
  /** An order came before. */
  ORDER_REPLAYED(33),
  /** An order before this one is missing. */
  ORDER_MISSING(34),
  /** An order follows another one than was applied. */
  ORDER_FORKED(35),
  /** A key of an order belongs to a group that is not there. */
  ORDER_GROUP(36),
  /** A value is missing, is another one, does not unwrap, or should not be there. */
  ORDER_VALUE(37),
  /** A lease of an order is older than the present one. */
  ORDER_LEASE(38);

  private final int number;

  RefusalReason(int number) {
    this.number = number;
  }

  /**
   * Its number.
   *
   * @return 1 to 255
   */
  public int number() {
    return number;
  }

  /**
   * Whether an order was refused as such.
   *
   * @return true for the reasons from 30 on
   */
  public boolean isOfOrders() {
    return number >= ORDER_SENDER.number;
  }

  /**
   * The reason of a number.
   *
   * @param number as in a refusal
   * @return the reason, or empty if this release does not know it
   */
  public static Optional<RefusalReason> of(int number) {
    for (RefusalReason reason : values()) {
      if (reason.number == number) {
        return Optional.of(reason);
      }
    }
    return Optional.empty();
  }
}
