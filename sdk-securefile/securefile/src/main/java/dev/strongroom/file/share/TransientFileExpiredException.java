// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.share;

import dev.strongroom.file.SecureFileException;
import java.time.Instant;

/**
 * The sender's time for the transient file has passed.
 *
 * <p>Thread safety: immutable.
 */
public final class TransientFileExpiredException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final String file;
  private final Instant expired;
  private final Instant now;

  /**
   * Reports it.
   *
   * @param file the transient file
   * @param expired when it expired
   * @param now what the clock says
   */
  public TransientFileExpiredException(String file, Instant expired, Instant now) {
    super(
        file
            + ": expired at "
            + expired
            + ", it is "
            + now
            + "; ask for a new one, or receive it nevertheless",
        null);
    this.file = file;
    this.expired = expired;
    this.now = now;
  }

  /**
   * The transient file.
   *
   * @return the value
   */
  public String file() {
    return file;
  }

  /**
   * When it expired.
   *
   * @return the value
   */
  public Instant expired() {
    return expired;
  }

  /**
   * What the clock says.
   *
   * @return the value
   */
  public Instant now() {
    return now;
  }
}
