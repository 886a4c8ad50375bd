// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.keys.KeyRefusal;
import dev.strongroom.core.keys.RefusalReason;
import java.util.OptionalInt;

/**
 * An order of an administrator was not applied; nothing was changed.
 *
 * <p>Thread safety: immutable.
 */
public final class OrderRefusedException extends KeyRefusedException {

  private static final long serialVersionUID = 1L;

  /**
   * Reports a refusal.
   *
   * @param refusal with a reason of orders
   */
  public OrderRefusedException(KeyRefusal refusal) {
    super("the order is not applied: " + what(refusal), refusal);
  }

  /**
   * Why.
   *
   * @return one of the reasons of orders
   */
  public RefusalReason reason() {
    return refusal().reason();
  }

  /**
   * Which entry of the order.
   *
   * @return its index from 0, or empty if it is the order as a whole
   */
  public OptionalInt entry() {
    return refusal().entry();
  }

  /**
   * What was expected.
   *
   * @return a sequence, a version of the trust anchor, or the number of a lease, by reason;
   *     unsigned
   */
  public long expected() {
    return refusal().bound();
  }

  /**
   * What there was.
   *
   * @return likewise
   */
  public long found() {
    return refusal().found();
  }

  private static String what(KeyRefusal refusal) {
    String expected = Long.toUnsignedString(refusal.bound());
    String found = Long.toUnsignedString(refusal.found());
    return switch (refusal.reason()) {
      case ORDER_SENDER ->
          "its sender is not certified as administrator under version "
              + expected
              + " of the trust anchor";
      case ORDER_SIGNATURE -> "its signature is wrong";
      case ORDER_RECEIVER -> "it is for another element, or for this one before it was wiped";
      case ORDER_REPLAYED ->
          "it is number " + found + ", and " + expected + " has been applied; look for newer ones";
      case ORDER_MISSING ->
          "it is number " + found + ", and number " + expected + " has to be applied first";
      case ORDER_FORKED ->
          "it is number "
              + found
              + " but follows another order than the element has applied; ask the administrator";
      case ORDER_GROUP -> "entry " + entry(refusal) + " belongs to a group that is not there";
      case ORDER_VALUE ->
          "the value of entry "
              + entry(refusal)
              + " is missing, is another one, or is not for this element";
      case ORDER_LEASE ->
          "entry "
              + entry(refusal)
              + " is lease "
              + found
              + ", older than or another one than lease "
              + expected;
      default -> words(refusal.reason());
    };
  }

  private static String entry(KeyRefusal refusal) {
    return refusal.entry().isPresent() ? String.valueOf(refusal.entry().getAsInt()) : "?";
  }
}
