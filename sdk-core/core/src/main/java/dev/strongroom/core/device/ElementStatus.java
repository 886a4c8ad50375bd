// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

/**
 * The part of an element's state that anybody may see.
 *
 * <p>Thread safety: immutable.
 *
 * @param lifeCycle where it stands in its life
 * @param userTriesLeft wrong user PINs that are still allowed; 0 is blocked
 * @param administratorTriesLeft wrong administrator PINs that are still allowed; 0 is blocked for
 *     ever
 * @param generation how often the element's state has been changed, for elements that count it
 */
public record ElementStatus(
    LifeCycle lifeCycle, int userTriesLeft, int administratorTriesLeft, long generation) {

  /**
   * Whether PINs have been set.
   *
   * @return false for a blank element
   */
  public boolean initialized() {
    return lifeCycle != LifeCycle.BLANK;
  }
}
