// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.core.Bytes;
import dev.strongroom.sekey.model.UserId;

/**
 * An envelope was to be rewrapped whose signature would no longer be right; nothing was done.
 *
 * <p>Thread safety: immutable.
 */
public final class SignedEnvelopeException extends SeKeyException {

  private static final long serialVersionUID = 1L;

  /** Id of the sender. */
  private final byte[] sender;

  /**
   * Reports an envelope.
   *
   * @param sender whom it names
   */
  public SignedEnvelopeException(UserId sender) {
    super(
        "an envelope that user " + sender + " signed cannot be rewrapped; open it and make another",
        null);
    this.sender = sender.bytes().toByteArray();
  }

  /**
   * Whom the envelope names as its sender.
   *
   * @return the user's id
   */
  public UserId sender() {
    return new UserId(Bytes.copyOf(sender));
  }
}
