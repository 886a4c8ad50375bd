// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.StrongroomException;
import org.jspecify.annotations.Nullable;

/**
 * The element was reached and said no.
 *
 * <p>Thread safety: immutable.
 */
public abstract class DeviceException extends StrongroomException {

  private static final long serialVersionUID = 1L;

  /**
   * Made by the subclasses only.
   *
   * @param message what the element refused and why
   * @param cause what was underneath, or null
   */
  protected DeviceException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
