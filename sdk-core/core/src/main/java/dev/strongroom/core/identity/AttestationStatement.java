// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.identity;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.crypto.P256;
import java.nio.ByteBuffer;

/**
 * What an element says about itself at one moment.
 *
 * <p>Layout: version u8 = 1 | protocol major and minor version u8 each | length N of the challenge
 * u8 | serial number 16 | element class u16 | capabilities u32 | status 12 | channel key 65 |
 * receipt 16 | version of the trust anchor u32 | challenge N.
 *
 * <p>Thread safety: immutable.
 *
 * @param protocolMajor major version of the element protocol
 * @param protocolMinor minor version
 * @param serialNumber 16 bytes
 * @param elementClass how well it keeps secrets
 * @param capabilities bits as in the answer to SELECT
 * @param status {@value #STATUS_LENGTH} bytes as in the answer to GET DATA
 * @param channelKey its secure channel's key, a point of P-256
 * @param receipt of the secure channel in which it was asked, {@value #RECEIPT_LENGTH} bytes, zeros
 *     outside one
 * @param anchorVersion of its trust anchor, an unsigned 32-bit number; 0 if it has none
 * @param challenge as given, {@value #MIN_CHALLENGE_LENGTH} to {@value #MAX_CHALLENGE_LENGTH} bytes
 */
public record AttestationStatement(
    int protocolMajor,
    int protocolMinor,
    Bytes serialNumber,
    ElementClass elementClass,
    int capabilities,
    Bytes status,
    Bytes channelKey,
    Bytes receipt,
    int anchorVersion,
    Bytes challenge) {

  /** Fewest bytes of a challenge. */
  public static final int MIN_CHALLENGE_LENGTH = 16;

  /** Most bytes of a challenge. */
  public static final int MAX_CHALLENGE_LENGTH = 64;

  /** Length of the status in bytes. */
  public static final int STATUS_LENGTH = 12;

  /** Length of a secure channel's receipt in bytes. */
  public static final int RECEIPT_LENGTH = 16;

  /** Length of a statement without its challenge, in bytes. */
  public static final int FIXED_LENGTH = 123;

  private static final int VERSION = 1;
  private static final int SERIAL_NUMBER_LENGTH = 16;

  /**
   * Checks lengths and ranges.
   *
   * @param protocolMajor as above
   * @param protocolMinor as above
   * @param serialNumber as above
   * @param elementClass as above
   * @param capabilities as above
   * @param status as above
   * @param channelKey as above
   * @param receipt as above
   * @param anchorVersion as above
   * @param challenge as above
   */
  public AttestationStatement {
    if ((protocolMajor & ~0xFF) != 0 || (protocolMinor & ~0xFF) != 0) {
      throw new IllegalArgumentException("a protocol version has two bytes");
    }
    if (serialNumber.length() != SERIAL_NUMBER_LENGTH
        || status.length() != STATUS_LENGTH
        || receipt.length() != RECEIPT_LENGTH) {
      throw new IllegalArgumentException(
          "attestation: serial number, status or receipt of a wrong length");
    }
    P256.requirePublicKey(channelKey);
    requireChallenge(challenge);
  }

  /**
   * Makes sure that bytes have the length of a challenge.
   *
   * @param challenge the bytes
   * @return the same bytes
   * @throws IllegalArgumentException if they are too few or too many
   */
  public static Bytes requireChallenge(Bytes challenge) {
    if (challenge.length() < MIN_CHALLENGE_LENGTH || challenge.length() > MAX_CHALLENGE_LENGTH) {
      throw new IllegalArgumentException(
          "a challenge has 16 to 64 bytes, not " + challenge.length());
    }
    return challenge;
  }

  /**
   * Writes the statement.
   *
   * @return {@value #FIXED_LENGTH} bytes and the challenge
   */
  public Bytes encode() {
    return Bytes.copyOf(
        ByteBuffer.allocate(FIXED_LENGTH + challenge.length())
            .put((byte) VERSION)
            .put((byte) protocolMajor)
            .put((byte) protocolMinor)
            .put((byte) challenge.length())
            .put(serialNumber.toByteArray())
            .putShort((short) elementClass.number())
            .putInt(capabilities)
            .put(status.toByteArray())
            .put(channelKey.toByteArray())
            .put(receipt.toByteArray())
            .putInt(anchorVersion)
            .put(challenge.toByteArray())
            .array());
  }

  /**
   * Reads a statement.
   *
   * @param encoded the statement without its signature
   * @return the statement
   * @throws IllegalArgumentException if it is malformed
   */
  public static AttestationStatement parse(Bytes encoded) {
    FieldReader in = new FieldReader("attestation", encoded);
    int version = in.u8();
    if (version != VERSION) {
      throw in.malformed("version " + version);
    }
    int major = in.u8();
    int minor = in.u8();
    int length = in.u8();
    AttestationStatement statement =
        new AttestationStatement(
            major,
            minor,
            in.bytes(SERIAL_NUMBER_LENGTH),
            new ElementClass(in.u16()),
            in.u32(),
            in.bytes(STATUS_LENGTH),
            in.bytes(P256.PUBLIC_KEY_LENGTH),
            in.bytes(RECEIPT_LENGTH),
            in.u32(),
            in.bytes(length));
    in.end();
    return statement;
  }
}
