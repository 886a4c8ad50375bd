// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.transport;

import dev.strongroom.core.StrongroomException;
import org.jspecify.annotations.Nullable;

/**
 * The element was not reached, or its answer was not.
 *
 * <p>Thread safety: immutable.
 */
public abstract class TransportException extends StrongroomException {

  private static final long serialVersionUID = 1L;

  /**
   * Made by the subclasses only.
   *
   * @param message what failed, on which way to which element
   * @param cause what was underneath, or null
   */
  protected TransportException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
