// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

/**
 * The element has its PINs and master keys; they are made once in its life.
 *
 * <p>Thread safety: immutable.
 */
public final class ElementAlreadyInitializedException extends DeviceException {

  private static final long serialVersionUID = 1L;

  /** Reports an element in use. */
  public ElementAlreadyInitializedException() {
    super("the secure element is initialised already; its keys are kept", null);
  }
}
