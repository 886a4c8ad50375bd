// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;

/**
 * The element's receive register has no such sender, or nothing of it that has begun under the
 * given one-time id.
 *
 * <p>Thread safety: immutable.
 */
public final class ReceiveNotFoundException extends DeviceException {

  private static final long serialVersionUID = 1L;

  private final byte[] sender;

  /**
   * Reports a sender.
   *
   * @param sender {@value ReceiveId#SENDER_LENGTH} bytes
   */
  public ReceiveNotFoundException(Bytes sender) {
    super("the receive register of the secure element has no sender " + sender, null);
    this.sender = sender.toByteArray();
  }

  /**
   * Reports a one-time id.
   *
   * @param id what has not begun
   */
  public ReceiveNotFoundException(ReceiveId id) {
    super(
        "the secure element has not begun to receive number "
            + id.counter()
            + " of sender "
            + id.sender()
            + " with this one-time id",
        null);
    this.sender = id.sender().toByteArray();
  }

  /**
   * Whose register entry was asked for.
   *
   * @return {@value ReceiveId#SENDER_LENGTH} bytes
   */
  public Bytes sender() {
    return Bytes.copyOf(sender);
  }
}
