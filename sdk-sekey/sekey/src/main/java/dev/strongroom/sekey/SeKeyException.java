// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.core.StrongroomException;
import org.jspecify.annotations.Nullable;

/**
 * Key management says no. What an element refuses is a {@link
 * dev.strongroom.core.device.KeyRefusedException}.
 *
 * <p>Thread safety: immutable.
 */
public abstract class SeKeyException extends StrongroomException {

  private static final long serialVersionUID = 1L;

  /**
   * Made by the subclasses only.
   *
   * @param message what, where, what to do
   * @param cause what was underneath, or null
   */
  protected SeKeyException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
