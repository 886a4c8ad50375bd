// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.core.Bytes;
import dev.strongroom.sekey.model.UserId;

/**
 * The signature of an envelope is not by whom it names as its sender; nothing was given out.
 *
 * <p>Thread safety: immutable.
 */
public final class EnvelopeSignatureException extends SeKeyException {

  private static final long serialVersionUID = 1L;

  /** Id of the sender. */
  private final byte[] sender;

  /**
   * Reports an envelope.
   *
   * @param sender whom it names
   */
  public EnvelopeSignatureException(UserId sender) {
    super(
        "the signature of an envelope is not by user "
            + sender
            + ", whom it names; do not trust it",
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
