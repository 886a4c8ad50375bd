// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.transport;

/**
 * A text is no element URI.
 *
 * <p>The text itself is not repeated: it may hold a PIN that must not reach a log.
 *
 * <p>Thread safety: immutable.
 */
public final class InvalidElementUriException extends TransportException {

  private static final long serialVersionUID = 1L;

  /**
   * Reports the text.
   *
   * @param reason what is wrong with it, without its content
   */
  public InvalidElementUriException(String reason) {
    super("not an element URI: " + reason, null);
  }
}
