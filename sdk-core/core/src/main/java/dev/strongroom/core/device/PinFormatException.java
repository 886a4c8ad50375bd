// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

/**
 * A PIN is shorter or longer than its role allows; no try was used.
 *
 * <p>Thread safety: immutable.
 */
public final class PinFormatException extends DeviceException {

  private static final long serialVersionUID = 1L;

  private final Role role;

  /**
   * Reports a PIN, not even its length.
   *
   * @param role whose PIN it is
   */
  public PinFormatException(Role role) {
    super(
        "the "
            + role
            + " PIN has "
            + role.minPinLength()
            + " to "
            + role.maxPinLength()
            + " characters",
        null);
    this.role = role;
  }

  /**
   * Whose PIN it is.
   *
   * @return the role, which knows the limits
   */
  public Role role() {
    return role;
  }
}
