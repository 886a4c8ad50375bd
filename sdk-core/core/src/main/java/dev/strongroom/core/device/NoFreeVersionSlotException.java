// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

/**
 * Every version slot of the element vouches for another volume. The administrator can release one
 * ({@link SecureElement#releaseVersion}).
 *
 * <p>Thread safety: immutable.
 */
public final class NoFreeVersionSlotException extends DeviceException {

  private static final long serialVersionUID = 1L;

  /** Reports a full element. */
  public NoFreeVersionSlotException() {
    super("the secure element has no free version slot; the administrator can release one", null);
  }
}
