// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.device.Role;

/**
 * The try counter of one PIN.
 *
 * <p>Thread safety: immutable.
 *
 * @param max tries after a right PIN, 1 to 15
 * @param left tries now, 0 is blocked
 * @param atLogin what was left when the state key was last in use; covered by the prologue's MAC
 */
record Tries(int max, int left, int atLogin) {

  Tries decremented() {
    return new Tries(max, left - 1, atLogin);
  }

  Tries reset() {
    return new Tries(max, max, max);
  }

  /** Records that the state key is in use now. */
  Tries recorded() {
    return new Tries(max, left, left);
  }

  /** More tries than there were can only have been written from outside. */
  boolean isEdited() {
    return left > atLogin || left > max;
  }

  static String describe(Role role) {
    return "the tries left of the " + role + " PIN";
  }
}
