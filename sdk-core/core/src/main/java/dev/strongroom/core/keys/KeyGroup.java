// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import dev.strongroom.core.Bytes;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A group as an element keeps it.
 *
 * <p>Layout, {@value KeyRecord#LENGTH} bytes: group id 16 | 20 | bits of the terms u8 | index u16 |
 * least element class u16 | 00 00 | the terms' longest originator-usage period u32, most to the end
 * of the recipient-usage period u32, longest lease u32, most uses u32, most power-ups u16 | the
 * lease's power-ups left u16, number u64, until u32, uses given u32, uses not yet reserved u32 |
 * zeros 16. Without a lease its bytes are zero.
 *
 * <p>Thread safety: immutable.
 *
 * @param id its name
 * @param index where keys find it in this element, 1 to 65535
 * @param terms what an administrator's element holds its host to
 * @param lease what an administered element may protect, or empty if there was none yet
 */
public record KeyGroup(GroupId id, int index, GroupTerms terms, Optional<Lease> lease) {

  private static final int KIND = 0x20;
  private static final int USED = 64;

  /**
   * Checks the index.
   *
   * @param id as above
   * @param index as above
   * @param terms as above
   * @param lease as above
   */
  public KeyGroup {
    if (index < 1 || index > 0xFFFF) {
      throw new IllegalArgumentException("groups have indices from 1 to 65535, not " + index);
    }
  }

  /**
   * The same group with another lease.
   *
   * @param other the lease
   * @return the group
   */
  public KeyGroup withLease(Lease other) {
    return new KeyGroup(id, index, terms, Optional.of(other));
  }

  /**
   * Writes the record.
   *
   * @return {@value KeyRecord#LENGTH} bytes
   */
  public Bytes encode() {
    byte[] encodedTerms = terms.encode().toByteArray();
    ByteBuffer out = ByteBuffer.allocate(KeyRecord.LENGTH);
    out.put(id.bytes().toByteArray()).put((byte) KIND);
    out.put(encodedTerms[0]).putShort((short) index);
    out.put(encodedTerms, 1, 2).putShort((short) 0);
    out.put(encodedTerms, 3, encodedTerms.length - 3);
    lease.ifPresent(
        given ->
            out.putShort((short) given.powerUps())
                .putLong(given.number())
                .putInt(given.until().bits())
                .putInt((int) given.usesGiven())
                .putInt((int) given.usesUnreserved()));
    return Bytes.copyOf(out.array());
  }

  /**
   * Reads a record.
   *
   * @param encoded {@value KeyRecord#LENGTH} bytes
   * @return the group
   * @throws IllegalArgumentException if it is malformed, or no record of a group
   */
  public static KeyGroup parse(Bytes encoded) {
    if (encoded.length() != KeyRecord.LENGTH) {
      throw new IllegalArgumentException("a record has 80 bytes, not " + encoded.length());
    }
    ByteBuffer in = ByteBuffer.wrap(encoded.toByteArray());
    GroupId id = new GroupId(KeyAttributes.bytes(in, GroupId.LENGTH));
    int kind = in.get() & 0xFF;
    if (kind != KIND) {
      throw new IllegalArgumentException(String.format("%02X is no record of a group", kind));
    }
    byte[] terms = new byte[GroupTerms.LENGTH];
    terms[0] = in.get();
    int index = in.getShort() & 0xFFFF;
    in.get(terms, 1, 2);
    int zero = in.getShort();
    in.get(terms, 3, terms.length - 3);
    int powerUps = in.getShort() & 0xFFFF;
    long number = in.getLong();
    ElementTime until = ElementTime.ofBits(in.getInt());
    long usesGiven = Integer.toUnsignedLong(in.getInt());
    long usesUnreserved = Integer.toUnsignedLong(in.getInt());
    KeyGroup group =
        new KeyGroup(
            id,
            index,
            GroupTerms.parse(Bytes.copyOf(terms)),
            number == 0
                ? Optional.empty()
                : Optional.of(new Lease(number, until, usesGiven, usesUnreserved, powerUps)));
    boolean rest =
        zero != 0
            || (number == 0 && (powerUps | usesGiven | usesUnreserved | until.seconds()) != 0);
    for (int i = USED; i < KeyRecord.LENGTH; i++) {
      rest |= encoded.at(i) != 0;
    }
    if (rest) {
      throw new IllegalArgumentException("group " + id + ": bytes that are not zero");
    }
    return group;
  }
}
