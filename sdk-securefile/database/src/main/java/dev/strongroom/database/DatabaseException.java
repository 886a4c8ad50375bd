// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import dev.strongroom.core.StrongroomException;
import org.jspecify.annotations.Nullable;

/**
 * A secure database cannot be opened. What goes wrong in an open one is a {@link
 * java.sql.SQLException}, with the failure underneath as its cause.
 *
 * <p>Thread safety: immutable.
 */
public abstract class DatabaseException extends StrongroomException {

  private static final long serialVersionUID = 1L;

  /**
   * Made by the subclasses only.
   *
   * @param message what, where, what to do
   * @param cause what was underneath, or null
   */
  protected DatabaseException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
