// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.model;

import java.util.Optional;

/**
 * Where the keys of a group are worked with; by number in policies.
 *
 * <p>Thread safety: immutable.
 */
public enum Resource {
  /** Inside the element, every operation. */
  ELEMENT(1),
  /** On the host too, by keys that an element has wrapped or agreed on. */
  HOST(2);

  private final int number;

  Resource(int number) {
    this.number = number;
  }

  /**
   * Its number.
   *
   * @return from 1
   */
  public int number() {
    return number;
  }

  /**
   * The value of a number.
   *
   * @param number as in policies
   * @return the value, or empty if there is none of that number
   */
  public static Optional<Resource> of(int number) {
    for (Resource each : values()) {
      if (each.number == number) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
