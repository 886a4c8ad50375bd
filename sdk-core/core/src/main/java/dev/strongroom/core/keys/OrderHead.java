// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.crypto.P256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The place of an order: from whom, for whom, and after what. The values in it are wrapped for this
 * place alone.
 *
 * <p>Layout, {@value #LENGTH} bytes: version of the trust anchor u32 | sender's serial number 16 |
 * sender's signing key 65 | receiver's serial number 16 | SHA-256 of the receiver's signing key and
 * agreement key 32 | sequence u64 | previous 32 | time u32.
 *
 * <p>Thread safety: immutable.
 *
 * @param anchorVersion of the trust anchor under which sender and receiver know each other; an
 *     unsigned 32-bit number
 * @param sender serial number, 16 bytes
 * @param senderKey signing key, a point of P-256
 * @param receiver serial number, 16 bytes
 * @param receiverKeys {@link #digestOf} its keys, 32 bytes
 * @param sequence from 1; an unsigned 64-bit number
 * @param previous digest of the order before it, 32 bytes; zeros if there is none
 * @param time the sender's floor
 */
public record OrderHead(
    int anchorVersion,
    Bytes sender,
    Bytes senderKey,
    Bytes receiver,
    Bytes receiverKeys,
    long sequence,
    Bytes previous,
    ElementTime time) {

  /** Length of the encoding in bytes. */
  public static final int LENGTH = 177;

  private static final int SERIAL_NUMBER_LENGTH = 16;
  private static final int DIGEST_LENGTH = 32;
  private static final byte[] INFO = "Strongroom order\0".getBytes(StandardCharsets.US_ASCII);

  /**
   * Checks lengths.
   *
   * @param anchorVersion as above
   * @param sender as above
   * @param senderKey as above
   * @param receiver as above
   * @param receiverKeys as above
   * @param sequence as above
   * @param previous as above
   * @param time as above
   */
  public OrderHead {
    if (sender.length() != SERIAL_NUMBER_LENGTH || receiver.length() != SERIAL_NUMBER_LENGTH) {
      throw new IllegalArgumentException("order: a serial number has 16 bytes");
    }
    P256.requirePublicKey(senderKey);
    if (receiverKeys.length() != DIGEST_LENGTH || previous.length() != DIGEST_LENGTH) {
      throw new IllegalArgumentException("order: a digest has 32 bytes");
    }
    if (sequence == 0) {
      throw new IllegalArgumentException("orders count from 1");
    }
  }

  /**
   * How an order names the keys of its receiver, which a wipe replaces.
   *
   * @param signingKey a point of P-256
   * @param agreementKey a point of P-256
   * @return SHA-256 of both, 32 bytes
   */
  public static Bytes digestOf(Bytes signingKey, Bytes agreementKey) {
    MessageDigest digest = sha256();
    digest.update(signingKey.toByteArray());
    return Bytes.copyOf(digest.digest(agreementKey.toByteArray()));
  }

  /**
   * The info of the HPKE context in which values are wrapped.
   *
   * @return ASCII {@code Strongroom order} | 00 | the head
   */
  public byte[] info() {
    return ByteBuffer.allocate(INFO.length + LENGTH).put(INFO).put(encode().toByteArray()).array();
  }

  /**
   * Writes the head.
   *
   * @return {@value #LENGTH} bytes
   */
  public Bytes encode() {
    return Bytes.copyOf(
        ByteBuffer.allocate(LENGTH)
            .putInt(anchorVersion)
            .put(sender.toByteArray())
            .put(senderKey.toByteArray())
            .put(receiver.toByteArray())
            .put(receiverKeys.toByteArray())
            .putLong(sequence)
            .put(previous.toByteArray())
            .putInt(time.bits())
            .array());
  }

  static OrderHead read(ByteBuffer in) {
    return new OrderHead(
        in.getInt(),
        KeyAttributes.bytes(in, SERIAL_NUMBER_LENGTH),
        KeyAttributes.bytes(in, P256.PUBLIC_KEY_LENGTH),
        KeyAttributes.bytes(in, SERIAL_NUMBER_LENGTH),
        KeyAttributes.bytes(in, DIGEST_LENGTH),
        in.getLong(),
        KeyAttributes.bytes(in, DIGEST_LENGTH),
        ElementTime.ofBits(in.getInt()));
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
