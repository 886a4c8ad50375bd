// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.keys.ElementTime;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What goes with each use of a managed key: what time it is, and why, if the use is exceptional.
 *
 * <p>Layout on the wire: {@code docs/spec/key-store.md}, 9: time u32 | length u8, 0 or 32 |
 * acknowledgement.
 *
 * <p>Thread safety: immutable.
 *
 * @param time what the host's clock says; {@link ElementTime#NONE} tells nothing
 * @param acknowledgement SHA-256 of the reason in words, {@value
 *     KeyStoreProtocol#ACKNOWLEDGEMENT_LENGTH} bytes; null if the use is an ordinary one
 */
public record KeyUseHead(ElementTime time, @Nullable Bytes acknowledgement) {

  /** Tells no time and acknowledges nothing. */
  public static final KeyUseHead NONE = new KeyUseHead(ElementTime.NONE, null);

  /**
   * Checks the length.
   *
   * @param time as above
   * @param acknowledgement as above
   */
  public KeyUseHead {
    if (acknowledgement != null
        && acknowledgement.length() != KeyStoreProtocol.ACKNOWLEDGEMENT_LENGTH) {
      throw new IllegalArgumentException(
          "an acknowledgement has 32 bytes, SHA-256 of the reason, not "
              + acknowledgement.length());
    }
  }

  int length() {
    return Integer.BYTES + 1 + (acknowledgement == null ? 0 : acknowledgement.length());
  }

  void put(ByteBuffer data) {
    data.putInt((int) time.seconds());
    if (acknowledgement == null) {
      data.put((byte) 0);
    } else {
      data.put((byte) acknowledgement.length()).put(acknowledgement.toByteArray());
    }
  }

  /**
   * Takes a head from the data of a command.
   *
   * @param data whose position moves behind the head
   * @return the head
   * @throws IllegalArgumentException if it is malformed
   */
  public static KeyUseHead read(ByteBuffer data) {
    try {
      ElementTime time = KeyStoreTime.read(data);
      int length = data.get() & 0xFF;
      if (length == 0) {
        return new KeyUseHead(time, null);
      }
      byte[] acknowledgement = new byte[length];
      data.get(acknowledgement);
      return new KeyUseHead(time, Bytes.copyOf(acknowledgement));
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("head: cut short", e);
    }
  }
}
