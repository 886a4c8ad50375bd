// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import java.nio.ByteBuffer;

/**
 * What names something that is to be received once: sender 16 | counter u64 | id 16, big-endian;
 * {@code docs/spec/element-protocol.md}, 2.11.
 *
 * <p>Thread safety: immutable.
 *
 * @param sender {@value #SENDER_LENGTH} bytes, which the sender chose for itself
 * @param counter how many the sender has sent to this receiver, from 1
 * @param id {@value #ID_LENGTH} bytes
 */
public record ReceiveId(Bytes sender, long counter, Bytes id) {

  /** Length of a sender in bytes. */
  public static final int SENDER_LENGTH = 16;

  /** Length of an id in bytes. */
  public static final int ID_LENGTH = 16;

  /** Length of all of it in bytes. */
  public static final int LENGTH = SENDER_LENGTH + Long.BYTES + ID_LENGTH;

  /**
   * Checks lengths and range.
   *
   * @param sender as above
   * @param counter as above
   * @param id as above
   */
  public ReceiveId {
    requireSender(sender);
    if (id.length() != ID_LENGTH) {
      throw new IllegalArgumentException("a one-time id has 16 bytes, not " + id.length());
    }
    if (counter < 1) {
      throw new IllegalArgumentException(
          "a sender counts from 1 to 2^63-1, not " + Long.toUnsignedString(counter));
    }
  }

  /**
   * Makes sure that bytes have the length of a sender.
   *
   * @param sender the bytes
   * @return the same bytes
   * @throws IllegalArgumentException if they have another length
   */
  public static Bytes requireSender(Bytes sender) {
    if (sender.length() != SENDER_LENGTH) {
      throw new IllegalArgumentException("a sender has 16 bytes, not " + sender.length());
    }
    return sender;
  }

  /**
   * Writes it.
   *
   * @return {@value #LENGTH} bytes
   */
  public Bytes encode() {
    return Bytes.copyOf(
        ByteBuffer.allocate(LENGTH)
            .put(sender.toByteArray())
            .putLong(counter)
            .put(id.toByteArray())
            .array());
  }

  /**
   * Reads it.
   *
   * @param encoded {@value #LENGTH} bytes
   * @return the id
   * @throws IllegalArgumentException if the length is wrong or the counter out of range
   */
  public static ReceiveId parse(Bytes encoded) {
    if (encoded.length() != LENGTH) {
      throw new IllegalArgumentException("a one-time id has 40 bytes, not " + encoded.length());
    }
    byte[] all = encoded.toByteArray();
    return new ReceiveId(
        Bytes.copyOf(all, 0, SENDER_LENGTH),
        ByteBuffer.wrap(all).getLong(SENDER_LENGTH),
        Bytes.copyOf(all, SENDER_LENGTH + Long.BYTES, ID_LENGTH));
  }
}
