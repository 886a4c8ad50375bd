// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.share;

import dev.strongroom.file.SecureFileException;

/**
 * A transient file has too many recipients.
 *
 * <p>Thread safety: immutable.
 */
public final class TooManyRecipientsException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final int recipients;
  private final int limit;

  /**
   * Reports it.
   *
   * @param recipients how many it would have
   * @param limit how many it may have
   */
  public TooManyRecipientsException(int recipients, int limit) {
    super(
        recipients
            + " recipients are too many for one file, which has at most "
            + limit
            + "; send it more than once",
        null);
    this.recipients = recipients;
    this.limit = limit;
  }

  /**
   * How many it would have.
   *
   * @return the value
   */
  public int recipients() {
    return recipients;
  }

  /**
   * How many it may have.
   *
   * @return the value
   */
  public int limit() {
    return limit;
  }
}
