// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.identity.IdentitySignature;
import dev.strongroom.core.identity.SignaturePurpose;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.Comparator;

/**
 * What an element says of its position among the orders, and of all that it keeps, in answer to a
 * challenge; signed with {@link SignaturePurpose#ORDER_POSITION}.
 *
 * <p>Layout: version u8 = 1 | length of the challenge u8 | version of the trust anchor u32 | serial
 * number 16 | sequence u64 | digest 32 | floor u32 | number of keys u32 | number of groups u16 |
 * state root 32 | challenge.
 *
 * <p>Thread safety: immutable.
 *
 * @param anchorVersion of its trust anchor; an unsigned 32-bit number
 * @param serialNumber its own, 16 bytes
 * @param position the order applied last
 * @param floor its signed time
 * @param keys how many it keeps, destroyed ones among them
 * @param groups how many it keeps
 * @param stateRoot {@link #stateRoot} of them, 32 bytes
 * @param challenge {@value #MIN_CHALLENGE} to {@value #MAX_CHALLENGE} bytes of who asked
 */
public record OrderReceipt(
    int anchorVersion,
    Bytes serialNumber,
    OrderPosition position,
    ElementTime floor,
    int keys,
    int groups,
    Bytes stateRoot,
    Bytes challenge) {

  /** Shortest challenge in bytes. */
  public static final int MIN_CHALLENGE = 16;

  /** Longest challenge in bytes. */
  public static final int MAX_CHALLENGE = 64;

  private static final int VERSION = 1;
  private static final int FIXED_LENGTH = 104;
  private static final int SERIAL_NUMBER_LENGTH = 16;
  private static final int ROOT_LENGTH = 32;

  /**
   * Checks lengths.
   *
   * @param anchorVersion as above
   * @param serialNumber as above
   * @param position as above
   * @param floor as above
   * @param keys as above
   * @param groups as above
   * @param stateRoot as above
   * @param challenge as above
   */
  public OrderReceipt {
    if (serialNumber.length() != SERIAL_NUMBER_LENGTH || stateRoot.length() != ROOT_LENGTH) {
      throw new IllegalArgumentException("receipt: serial number or root of a wrong length");
    }
    if (challenge.length() < MIN_CHALLENGE || challenge.length() > MAX_CHALLENGE) {
      throw new IllegalArgumentException(
          "a challenge has 16 to 64 bytes, not " + challenge.length());
    }
    if (keys < 0 || groups < 0 || groups > 0xFFFF) {
      throw new IllegalArgumentException("receipt: " + keys + " keys, " + groups + " groups");
    }
  }

  /**
   * One number for all that an element keeps: SHA-256 of the attributes of all keys, followed by
   * group id 16 | lease number u64 | until u32 | uses given u32 of all groups, both by ascending
   * id; zeros for a group without lease.
   *
   * @param keys what is known of all keys, in any order
   * @param groups all groups, in any order
   * @return 32 bytes
   */
  public static Bytes stateRoot(Collection<KeyAttributes> keys, Collection<KeyGroup> groups) {
    MessageDigest digest = OrderHead.sha256();
    keys.stream()
        .sorted(Comparator.comparing(KeyAttributes::id))
        .forEach(key -> digest.update(key.encode().toByteArray()));
    groups.stream()
        .sorted(Comparator.comparing(KeyGroup::id))
        .forEach(
            group -> {
              ByteBuffer out = ByteBuffer.allocate(GroupId.LENGTH + 16);
              out.put(group.id().bytes().toByteArray());
              group
                  .lease()
                  .ifPresent(
                      lease ->
                          out.putLong(lease.number())
                              .putInt(lease.until().bits())
                              .putInt((int) lease.usesGiven()));
              digest.update(out.array());
            });
    return Bytes.copyOf(digest.digest());
  }

  /**
   * Verifies who says it.
   *
   * @param signingKey of the element
   * @param signature {@value IdentitySignature#LENGTH} bytes
   * @return whether it is that key's signature
   */
  public boolean isSignedBy(Bytes signingKey, Bytes signature) {
    return IdentitySignature.verifies(
        signingKey, SignaturePurpose.ORDER_POSITION, encode().toByteArray(), signature);
  }

  /**
   * Writes the statement.
   *
   * @return 104 bytes and the challenge
   */
  public Bytes encode() {
    return Bytes.copyOf(
        ByteBuffer.allocate(FIXED_LENGTH + challenge.length())
            .put((byte) VERSION)
            .put((byte) challenge.length())
            .putInt(anchorVersion)
            .put(serialNumber.toByteArray())
            .putLong(position.sequence())
            .put(position.digest().toByteArray())
            .putInt(floor.bits())
            .putInt(keys)
            .putShort((short) groups)
            .put(stateRoot.toByteArray())
            .put(challenge.toByteArray())
            .array());
  }

  /**
   * Reads a statement; the signature is not verified.
   *
   * @param encoded the statement and nothing else
   * @return the statement
   * @throws IllegalArgumentException if it is malformed, or of another version
   */
  public static OrderReceipt parse(Bytes encoded) {
    ByteBuffer in = ByteBuffer.wrap(encoded.toByteArray());
    if (in.remaining() < FIXED_LENGTH) {
      throw new IllegalArgumentException("receipt: cut short");
    }
    int version = in.get() & 0xFF;
    int challengeLength = in.get() & 0xFF;
    if (version != VERSION || encoded.length() != FIXED_LENGTH + challengeLength) {
      throw new IllegalArgumentException(
          "receipt: version " + version + ", " + encoded.length() + " bytes");
    }
    return new OrderReceipt(
        in.getInt(),
        KeyAttributes.bytes(in, SERIAL_NUMBER_LENGTH),
        new OrderPosition(in.getLong(), KeyAttributes.bytes(in, OrderPosition.DIGEST_LENGTH)),
        ElementTime.ofBits(in.getInt()),
        in.getInt(),
        in.getShort() & 0xFFFF,
        KeyAttributes.bytes(in, ROOT_LENGTH),
        KeyAttributes.bytes(in, challengeLength));
  }
}
