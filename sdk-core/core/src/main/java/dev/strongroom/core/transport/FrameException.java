// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.transport;

/**
 * Bytes came, but not a well-formed frame, APDU or ATR.
 *
 * <p>Thread safety: immutable.
 */
public final class FrameException extends TransportException {

  private static final long serialVersionUID = 1L;

  /**
   * Reports a frame.
   *
   * @param reason what is wrong with it, without its content
   */
  public FrameException(String reason) {
    super("malformed answer from the secure element: " + reason, null);
  }

  /**
   * Reports a frame that a parser refused.
   *
   * @param reason what is wrong with it, without its content
   * @param cause the parser's error
   */
  public FrameException(String reason, Throwable cause) {
    super("malformed answer from the secure element: " + reason, cause);
  }
}
