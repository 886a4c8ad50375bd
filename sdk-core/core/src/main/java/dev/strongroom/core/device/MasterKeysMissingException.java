// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

/**
 * The element has no master keys: it waits for those of a twin ({@link
 * ElementSession#importSecret}), or it has been wiped.
 *
 * <p>Thread safety: immutable.
 */
public final class MasterKeysMissingException extends DeviceException {

  private static final long serialVersionUID = 1L;

  /** Reports an element without keys. */
  public MasterKeysMissingException() {
    super("the secure element has no master keys: it is blank, or waits for those of a twin", null);
  }
}
