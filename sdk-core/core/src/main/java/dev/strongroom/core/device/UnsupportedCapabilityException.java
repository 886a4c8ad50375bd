// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

/**
 * The element cannot do what a caller needs.
 *
 * <p>Thread safety: immutable.
 */
public final class UnsupportedCapabilityException extends DeviceException {

  private static final long serialVersionUID = 1L;

  private final Capability capability;

  /**
   * Reports a capability.
   *
   * @param capability what is missing
   */
  public UnsupportedCapabilityException(Capability capability) {
    super("the secure element does not have the capability " + capability, null);
    this.capability = capability;
  }

  /**
   * What is missing.
   *
   * @return the capability
   */
  public Capability capability() {
    return capability;
  }
}
