// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

/**
 * Where an element stands in its life.
 *
 * <p>BLANK to INITIALIZED by INITIALIZE, or to AWAITING_TWIN when it is to be a twin; from there to
 * INITIALIZED when the other element's master keys have come. WIPE leads back to BLANK.
 *
 * <p>Thread safety: immutable.
 */
public enum LifeCycle {
  /** No PINs, no keys. */
  BLANK(0),
  /** In use. */
  INITIALIZED(1),
  /** With PINs and identity, but without master keys, which those of a twin will be. */
  AWAITING_TWIN(2);

  private final int number;

  LifeCycle(int number) {
    this.number = number;
  }

  /**
   * Its number in the status.
   *
   * @return 0 to 2
   */
  public int number() {
    return number;
  }

  /**
   * The state of a number.
   *
   * @param number 0 to 2
   * @return the state
   * @throws IllegalArgumentException if there is none of that number
   */
  static LifeCycle of(int number) {
    for (LifeCycle each : values()) {
      if (each.number == number) {
        return each;
      }
    }
    throw new IllegalArgumentException("no life cycle state has number " + number);
  }
}
