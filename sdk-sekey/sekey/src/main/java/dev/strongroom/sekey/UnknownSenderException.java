// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.core.Bytes;
import dev.strongroom.sekey.model.UserId;

/**
 * An envelope names a sender whom nobody here knows, or who has no element: whether the signature
 * is right cannot be told; nothing was given out.
 *
 * <p>Thread safety: immutable.
 */
public final class UnknownSenderException extends SeKeyException {

  private static final long serialVersionUID = 1L;

  /** Id of the sender. */
  private final byte[] sender;

  /**
   * Reports an envelope.
   *
   * @param sender whom it names
   */
  public UnknownSenderException(UserId sender) {
    super(
        "the sender of an envelope, user "
            + sender
            + ", is not known here; open it in a way that accepts unknown senders",
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
