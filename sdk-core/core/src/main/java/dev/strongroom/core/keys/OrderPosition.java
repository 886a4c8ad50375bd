// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import dev.strongroom.core.Bytes;
import java.util.Optional;

/**
 * Which order an element has applied last.
 *
 * <p>Thread safety: immutable.
 *
 * @param sequence of that order, 0 if there was none; an unsigned 64-bit number
 * @param digest of that order, {@value #DIGEST_LENGTH} bytes; zeros if there was none
 */
public record OrderPosition(long sequence, Bytes digest) {

  /** Length of a digest in bytes. */
  public static final int DIGEST_LENGTH = 32;

  /** Before the first order. */
  public static final OrderPosition START =
      new OrderPosition(0, Bytes.copyOf(new byte[DIGEST_LENGTH]));

  /**
   * Checks the length.
   *
   * @param sequence as above
   * @param digest as above
   */
  public OrderPosition {
    if (digest.length() != DIGEST_LENGTH) {
      throw new IllegalArgumentException("a digest has 32 bytes, not " + digest.length());
    }
  }

  /**
   * The position after an order.
   *
   * @param order the order
   * @return its sequence and digest
   */
  public static OrderPosition after(KeyOrder order) {
    return new OrderPosition(order.head().sequence(), order.digest());
  }

  /**
   * Whether it is this order that was applied last, with whatever signature.
   *
   * @param order the order
   * @return whether nothing is to be done
   */
  public boolean isOf(KeyOrder order) {
    return equals(after(order));
  }

  /**
   * Whether an order is the next one.
   *
   * @param order the order
   * @return why it is not, or empty; empty too if {@link #isOf} it
   */
  Optional<KeyRefusal> refusal(KeyOrder order) {
    long found = order.head().sequence();
    if (isOf(order)) {
      return Optional.empty();
    }
    if (Long.compareUnsigned(found, sequence) <= 0) {
      return Optional.of(KeyRefusal.ofOrder(RefusalReason.ORDER_REPLAYED, sequence, found));
    }
    if (found != sequence + 1) {
      return Optional.of(KeyRefusal.ofOrder(RefusalReason.ORDER_MISSING, sequence + 1, found));
    }
    return order.head().previous().equals(digest)
        ? Optional.empty()
        : Optional.of(KeyRefusal.ofOrder(RefusalReason.ORDER_FORKED, sequence, found));
  }
}
