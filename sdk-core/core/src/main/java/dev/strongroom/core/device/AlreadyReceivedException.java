// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;

/**
 * The element has received this before, or something else to which the sender gave the same
 * counter, or so much from the sender since that it does not remember. Nothing was changed.
 *
 * <p>Thread safety: immutable.
 */
public final class AlreadyReceivedException extends DeviceException {

  private static final long serialVersionUID = 1L;

  private final byte[] received;

  /**
   * Reports what came again.
   *
   * @param received its one-time id
   */
  public AlreadyReceivedException(ReceiveId received) {
    super(
        "the secure element has received number "
            + received.counter()
            + " of sender "
            + received.sender()
            + " before; it can be received once, have it sent again",
        null);
    this.received = received.encode().toByteArray();
  }

  /**
   * What came again.
   *
   * @return its one-time id
   */
  public ReceiveId received() {
    return ReceiveId.parse(Bytes.copyOf(received));
  }
}
