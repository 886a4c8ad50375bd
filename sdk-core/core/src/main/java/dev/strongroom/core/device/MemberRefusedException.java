// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.identity.ElementClass;
import dev.strongroom.core.keys.KeyRefusal;

/**
 * A key or lease does not go to an element, because that is not certified for the group, or of too
 * low a class; nothing was sent.
 *
 * <p>Thread safety: immutable.
 */
public final class MemberRefusedException extends KeyRefusedException {

  private static final long serialVersionUID = 1L;

  /**
   * Reports a refusal.
   *
   * @param refusal with the least class as bound and the class of the element as found
   */
  public MemberRefusedException(KeyRefusal refusal) {
    super(
        "the other element does not get "
            + key(refusal)
            + ": it is not certified for the group, or its class is lower than "
            + elementClass(refusal.bound()),
        refusal);
  }

  /**
   * What an element has to be at least.
   *
   * @return the class
   */
  public ElementClass leastClass() {
    return elementClass(refusal().bound());
  }

  /**
   * What the element is.
   *
   * @return the class
   */
  public ElementClass elementClass() {
    return elementClass(refusal().found());
  }

  private static ElementClass elementClass(long number) {
    return new ElementClass((int) number & 0xFFFF);
  }
}
