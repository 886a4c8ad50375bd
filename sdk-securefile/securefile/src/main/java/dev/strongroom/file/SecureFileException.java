// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import dev.strongroom.core.StrongroomException;
import org.jspecify.annotations.Nullable;

/**
 * A secure file or volume cannot be used as asked.
 *
 * <p>Thread safety: immutable.
 */
public abstract class SecureFileException extends StrongroomException {

  private static final long serialVersionUID = 1L;

  /**
   * Made by the subclasses only.
   *
   * @param message what, where, which value, which limit, what to do
   * @param cause what was underneath, or null
   */
  protected SecureFileException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
