// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.testkit;

/**
 * In what elements may differ, declared to {@link ElementContract} instead of being skipped.
 *
 * <p>Thread safety: immutable.
 *
 * @param userTries user PIN tries after a right PIN, 2 to 15
 * @param administratorTries administrator PIN tries after a right PIN, 2 to 15
 */
public record ElementProfile(int userTries, int administratorTries) {

  /**
   * Checks the ranges.
   *
   * @param userTries user PIN tries after a right PIN
   * @param administratorTries administrator PIN tries after a right PIN
   */
  public ElementProfile {
    if (userTries < 2 || userTries > 15 || administratorTries < 2 || administratorTries > 15) {
      throw new IllegalArgumentException("2 to 15 tries");
    }
  }
}
