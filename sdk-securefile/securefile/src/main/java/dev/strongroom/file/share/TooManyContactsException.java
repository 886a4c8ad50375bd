// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.share;

import dev.strongroom.file.SecureFileException;

/**
 * The volume has no room for another contact.
 *
 * <p>Thread safety: immutable.
 */
public final class TooManyContactsException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final int limit;

  /**
   * Reports it.
   *
   * @param limit how many there may be, those that were removed among them
   */
  public TooManyContactsException(int limit) {
    super("the volume has " + limit + " contacts, and takes no more; use another volume", null);
    this.limit = limit;
  }

  /**
   * How many there may be, those that were removed among them.
   *
   * @return the value
   */
  public int limit() {
    return limit;
  }
}
