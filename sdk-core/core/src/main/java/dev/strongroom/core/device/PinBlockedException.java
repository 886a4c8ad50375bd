// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

/**
 * No try is left for a PIN; the right one is refused too.
 *
 * <p>A user's PIN is set anew by the administrator ({@link SecureElement#unblock}), an
 * administrator's PIN by nobody.
 *
 * <p>Thread safety: immutable.
 */
public final class PinBlockedException extends DeviceException {

  private static final long serialVersionUID = 1L;

  private final Role role;

  /**
   * Reports a blocked PIN.
   *
   * @param role whose PIN it is
   */
  public PinBlockedException(Role role) {
    super("the " + role + " PIN is blocked" + remedy(role), null);
    this.role = role;
  }

  /** What can be done about a blocked PIN. */
  static String remedy(Role role) {
    return role == Role.USER ? "; the administrator can set a new one" : " for good";
  }

  /**
   * Whose PIN it is.
   *
   * @return the role
   */
  public Role role() {
    return role;
  }
}
