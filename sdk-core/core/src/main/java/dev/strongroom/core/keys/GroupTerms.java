// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.identity.ElementClass;
import java.nio.ByteBuffer;

/**
 * What an administrator's element holds its host to for the keys of one group.
 *
 * <p>Layout, {@value #LENGTH} bytes: bits u8 (0: keys may be imported) | least element class u16 |
 * longest originator-usage period u32 | most from there to the end of the recipient-usage period
 * u32 | longest lease u32 | most uses of a lease u32 | most power-ups of a lease u16.
 *
 * <p>Thread safety: immutable.
 *
 * @param imports whether keys may be brought from outside
 * @param leastClass a member's element is of this class or a better one
 * @param originatorSeconds longest originator-usage period; {@link #UNLIMITED}
 * @param recipientSeconds most seconds that the recipient-usage period ends later; {@link
 *     #UNLIMITED}
 * @param leaseSeconds longest lease; {@link #UNLIMITED}
 * @param leaseUses most uses that protect in a lease; {@link #UNLIMITED}
 * @param leasePowerUps most power cycles of a lease; {@link Lease#UNLIMITED_POWER_UPS}
 */
public record GroupTerms(
    Imports imports,
    ElementClass leastClass,
    long originatorSeconds,
    long recipientSeconds,
    long leaseSeconds,
    long leaseUses,
    int leasePowerUps) {

  /** Whether keys of a group may be brought from outside. */
  public enum Imports {
    /** They are made in an element. */
    REFUSED,
    /** They may come from anywhere. */
    PERMITTED
  }

  /** Length of the encoding in bytes. */
  public static final int LENGTH = 21;

  /** No bound. */
  public static final long UNLIMITED = 0xFFFF_FFFFL;

  /** What an element has that only applies orders. */
  public static final GroupTerms NONE =
      new GroupTerms(Imports.REFUSED, ElementClass.UNKNOWN, 0, 0, 0, 0, 0);

  /**
   * Checks the ranges.
   *
   * @param imports as above
   * @param leastClass as above
   * @param originatorSeconds as above
   * @param recipientSeconds as above
   * @param leaseSeconds as above
   * @param leaseUses as above
   * @param leasePowerUps as above
   */
  public GroupTerms {
    requireU32(originatorSeconds);
    requireU32(recipientSeconds);
    requireU32(leaseSeconds);
    requireU32(leaseUses);
    if (leasePowerUps < 0 || leasePowerUps > 0xFFFF) {
      throw new IllegalArgumentException("a lease of " + leasePowerUps + " power cycles");
    }
  }

  private static void requireU32(long value) {
    if (value < 0 || value > UNLIMITED) {
      throw new IllegalArgumentException("terms of a group have 32 bits, not " + value);
    }
  }

  /**
   * Whether a key that is active may have periods.
   *
   * @param periods of the key
   * @return false if one is longer, or has no end or no beginning where that is limited
   */
  public boolean permit(KeyPeriods periods) {
    return within(periods.activation(), periods.originatorEnd(), originatorSeconds)
        && within(periods.originatorEnd(), periods.recipientEnd(), recipientSeconds);
  }

  private static boolean within(ElementTime from, ElementTime to, long most) {
    return most == UNLIMITED
        || (from.isSet() && to.isSet() && to.seconds() - from.seconds() <= most);
  }

  /**
   * Whether a member may be given a lease.
   *
   * @param lease what the member is to get
   * @param floor the signed time
   * @return false if it gives more or ends later
   */
  public boolean permit(Lease lease, ElementTime floor) {
    return (leaseSeconds == UNLIMITED
            || (lease.until().seconds() <= floor.seconds() + leaseSeconds
                && !lease.until().equals(ElementTime.MAX)))
        && lease.usesGiven() <= leaseUses
        && lease.powerUps() <= leasePowerUps;
  }

  /**
   * Writes the terms.
   *
   * @return {@value #LENGTH} bytes
   */
  public Bytes encode() {
    return Bytes.copyOf(
        ByteBuffer.allocate(LENGTH)
            .put((byte) (imports == Imports.PERMITTED ? 1 : 0))
            .putShort((short) leastClass.number())
            .putInt((int) originatorSeconds)
            .putInt((int) recipientSeconds)
            .putInt((int) leaseSeconds)
            .putInt((int) leaseUses)
            .putShort((short) leasePowerUps)
            .array());
  }

  /**
   * Reads terms.
   *
   * @param encoded {@value #LENGTH} bytes
   * @return the terms
   * @throws IllegalArgumentException if they are malformed
   */
  public static GroupTerms parse(Bytes encoded) {
    if (encoded.length() != LENGTH) {
      throw new IllegalArgumentException("terms of a group have 21 bytes, not " + encoded.length());
    }
    ByteBuffer in = ByteBuffer.wrap(encoded.toByteArray());
    int bits = in.get() & 0xFF;
    if (bits > 1) {
      throw new IllegalArgumentException(
          String.format("terms of a group: bits %02X are not known", bits & ~1));
    }
    return new GroupTerms(
        bits == 1 ? Imports.PERMITTED : Imports.REFUSED,
        new ElementClass(in.getShort() & 0xFFFF),
        Integer.toUnsignedLong(in.getInt()),
        Integer.toUnsignedLong(in.getInt()),
        Integer.toUnsignedLong(in.getInt()),
        Integer.toUnsignedLong(in.getInt()),
        in.getShort() & 0xFFFF);
  }
}
