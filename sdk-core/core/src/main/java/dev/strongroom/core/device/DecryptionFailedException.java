// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

/**
 * What the element was to open does not open: encrypted to another element, for another use, or
 * changed on the way.
 *
 * <p>Thread safety: immutable.
 */
public final class DecryptionFailedException extends DeviceException {

  private static final long serialVersionUID = 1L;

  /** Reports a ciphertext. */
  public DecryptionFailedException() {
    super(
        "the secure element cannot open this: it is for another element or another use, or it was"
            + " changed",
        null);
  }
}
