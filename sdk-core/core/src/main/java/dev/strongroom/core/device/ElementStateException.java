// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import org.jspecify.annotations.Nullable;

/**
 * What an element stores is not what it stored, or cannot be stored.
 *
 * <p>Thread safety: immutable.
 */
public abstract class ElementStateException extends DeviceException {

  private static final long serialVersionUID = 1L;

  /**
   * Made by the subclasses only.
   *
   * @param message what is wrong with the state
   * @param cause what was underneath, or null
   */
  protected ElementStateException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
