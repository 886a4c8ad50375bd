// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.keys.KeyAlgorithm;

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
   * Reports an HPKE suite.
   *
   * @param suite what it has no key for
   */
  public UnsupportedCapabilityException(HpkeSuite suite) {
    super("the secure element has no key of the HPKE suite " + suite, null);
    this.capability = Capability.IDENTITY;
  }

  /**
   * Reports an algorithm of managed keys.
   *
   * @param algorithm what it does not compute with
   */
  public UnsupportedCapabilityException(KeyAlgorithm algorithm) {
    super("the secure element does not have the algorithm " + algorithm, null);
    this.capability = Capability.KEY_STORE;
  }

  /**
   * What is missing.
   *
   * @return the capability; {@link Capability#IDENTITY} if only a key of an HPKE suite is, {@link
   *     Capability#KEY_STORE} if only an algorithm is
   */
  public Capability capability() {
    return capability;
  }
}
