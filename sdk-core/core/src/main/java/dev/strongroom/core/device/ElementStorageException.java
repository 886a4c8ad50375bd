// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import org.jspecify.annotations.Nullable;

/**
 * The element could not read or write its own storage; its state is the one before the command.
 *
 * <p>Thread safety: immutable.
 */
public final class ElementStorageException extends ElementStateException {

  private static final long serialVersionUID = 1L;

  /**
   * Reports a failed read or write.
   *
   * @param detail what failed, in words
   * @param cause the error of the storage, or null
   */
  public ElementStorageException(String detail, @Nullable Throwable cause) {
    super("the secure element's storage failed: " + detail, cause);
  }
}
