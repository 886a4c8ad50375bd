// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.vfs;

/**
 * A statement would lead out of the secure database.
 *
 * <p>Thread safety: immutable.
 */
public final class StatementRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  StatementRefusedException(String message) {
    super(message);
  }
}
