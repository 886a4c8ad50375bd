// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

/**
 * A PIN was wrong.
 *
 * <p>Thread safety: immutable.
 */
public final class AuthenticationFailedException extends DeviceException {

  private static final long serialVersionUID = 1L;

  private final Role role;
  private final int attemptsRemaining;

  /**
   * Reports a wrong PIN.
   *
   * @param role whose PIN was tried
   * @param attemptsRemaining how many tries are left
   */
  public AuthenticationFailedException(Role role, int attemptsRemaining) {
    super("wrong " + role + " PIN; " + outcome(role, attemptsRemaining), null);
    this.role = role;
    this.attemptsRemaining = attemptsRemaining;
  }

  private static String outcome(Role role, int attemptsRemaining) {
    if (attemptsRemaining == 0) {
      return "it is blocked now" + PinBlockedException.remedy(role);
    }
    return attemptsRemaining + (attemptsRemaining == 1 ? " try is left" : " tries are left");
  }

  /**
   * Whose PIN was tried.
   *
   * @return the role
   */
  public Role role() {
    return role;
  }

  /**
   * How many wrong PINs are still allowed.
   *
   * @return 0 when the PIN is blocked now
   */
  public int attemptsRemaining() {
    return attemptsRemaining;
  }
}
