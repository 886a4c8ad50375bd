// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

/**
 * An update of the element's trust anchor is not signed by enough of its present and of its new
 * roots, or one of the signatures is wrong. The anchor is the one before.
 *
 * <p>Thread safety: immutable.
 */
public final class TrustAnchorRefusedException extends DeviceException {

  private static final long serialVersionUID = 1L;

  /** Reports an update. */
  public TrustAnchorRefusedException() {
    super(
        "the secure element refuses the new trust anchor: a signature is wrong, or too few of the"
            + " present or of the new roots have signed",
        null);
  }
}
