// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The element has received this before, or something else to which the sender gave the same
 * counter, or so much from the sender since that it does not remember. Nothing was changed.
 *
 * <p>Thread safety: immutable.
 */
public final class AlreadyReceivedException extends DeviceException {

  private static final long serialVersionUID = 1L;

  private final byte[] received;
  private final @Nullable String senderName;

  /**
   * Reports what came again.
   *
   * @param received its one-time id
   */
  public AlreadyReceivedException(ReceiveId received) {
    this(received, "sender " + received.sender(), null);
  }

  /**
   * Reports what came again from a sender who is known.
   *
   * @param received its one-time id
   * @param senderName what the sender is called here
   */
  public AlreadyReceivedException(ReceiveId received, String senderName) {
    this(received, "\"" + senderName + "\"", senderName);
  }

  private AlreadyReceivedException(ReceiveId received, String sender, @Nullable String senderName) {
    super(
        "the secure element has received number "
            + received.counter()
            + " of "
            + sender
            + " before; it can be received once, have it sent again",
        null);
    this.received = received.encode().toByteArray();
    this.senderName = senderName;
  }

  /**
   * What came again.
   *
   * @return its one-time id
   */
  public ReceiveId received() {
    return ReceiveId.parse(Bytes.copyOf(received));
  }

  /**
   * What the sender is called by who received it.
   *
   * @return a name, or empty if the sender is known by its number only
   */
  public Optional<String> senderName() {
    return Optional.ofNullable(senderName);
  }
}
