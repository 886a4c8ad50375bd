// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

/**
 * The element has no PINs and no master keys yet; see {@link SecureElement#initialize}.
 *
 * <p>Thread safety: immutable.
 */
public final class ElementNotInitializedException extends DeviceException {

  private static final long serialVersionUID = 1L;

  /** Reports a blank element. */
  public ElementNotInitializedException() {
    super("the secure element is not initialised", null);
  }
}
