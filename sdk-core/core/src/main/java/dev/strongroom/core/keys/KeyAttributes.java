// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import dev.strongroom.core.Bytes;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;

/**
 * All that is known about a managed key but its value and what of its limit is used.
 *
 * <p>Layout, {@value #LENGTH} bytes: key id 16 | state u8 | algorithm u8 | usages u8 | flags u8 |
 * group id 16 | limit u32 | activation u32 | end of the originator-usage period u32 | end of the
 * recipient-usage period u32 | time of destruction u32 | policy hash 4.
 *
 * <p>Thread safety: immutable.
 *
 * @param id its name
 * @param state where it is in its life
 * @param algorithm what it computes with
 * @param usages what it is for, as the algorithm permits
 * @param flags what the element lets be done with it
 * @param group whom it belongs to, or empty
 * @param limit most uses that protect, 1 to {@link UsageLimit#MAX}; 0 for none, but not with {@link
 *     KeyUsage#ENCRYPTION}
 * @param periods when it may be used; a time of destruction only in the states that have one
 * @param policyHash the first {@value #POLICY_HASH_LENGTH} bytes of SHA-256 of the policy under
 *     which it was made
 */
public record KeyAttributes(
    KeyId id,
    KeyState state,
    KeyAlgorithm algorithm,
    Set<KeyUsage> usages,
    Set<KeyFlag> flags,
    Optional<GroupId> group,
    long limit,
    KeyPeriods periods,
    Bytes policyHash) {

  /** Length of the encoding in bytes. */
  public static final int LENGTH = 60;

  /** Length of the policy hash in bytes. */
  public static final int POLICY_HASH_LENGTH = 4;

  /**
   * Checks what excludes each other.
   *
   * @param id as above
   * @param state as above
   * @param algorithm as above
   * @param usages as above
   * @param flags as above
   * @param group as above
   * @param limit as above
   * @param periods as above
   * @param policyHash as above
   */
  public KeyAttributes {
    usages = Bits.copy(usages, KeyUsage.class);
    flags = Bits.copy(flags, KeyFlag.class);
    if (!algorithm.permits(usages)) {
      throw new IllegalArgumentException("a key of " + algorithm + " is not for " + usages);
    }
    UsageLimit.requireLimit(limit);
    if (limit == 0 && usages.contains(KeyUsage.ENCRYPTION)) {
      throw new IllegalArgumentException("a key that encrypts has a limit (SP 800-38D, 8.3)");
    }
    if (periods.destruction().isSet()
        && (state == KeyState.PRE_ACTIVE || state == KeyState.ACTIVE)) {
      throw new IllegalArgumentException("no destruction is scheduled for a key that is " + state);
    }
    if (policyHash.length() != POLICY_HASH_LENGTH) {
      throw new IllegalArgumentException("a policy hash has 4 bytes, not " + policyHash.length());
    }
  }

  /**
   * The same key in another state.
   *
   * @param other the state
   * @return the attributes
   */
  public KeyAttributes withState(KeyState other) {
    return new KeyAttributes(
        id, other, algorithm, usages, flags, group, limit, periods, policyHash);
  }

  /**
   * The same key with other periods.
   *
   * @param other the periods
   * @return the attributes
   */
  public KeyAttributes withPeriods(KeyPeriods other) {
    return new KeyAttributes(id, state, algorithm, usages, flags, group, limit, other, policyHash);
  }

  /**
   * The same key with another limit.
   *
   * @param other most uses that protect
   * @return the attributes
   */
  public KeyAttributes withLimit(long other) {
    return new KeyAttributes(
        id, state, algorithm, usages, flags, group, other, periods, policyHash);
  }

  /**
   * Writes the attributes.
   *
   * @return {@value #LENGTH} bytes
   */
  public Bytes encode() {
    ByteBuffer out = ByteBuffer.allocate(LENGTH);
    out.put(id.bytes().toByteArray());
    out.put((byte) state.number()).put((byte) algorithm.number());
    out.put((byte) KeyUsage.bits(usages)).put((byte) KeyFlag.bits(flags));
    out.put(group.map(GroupId::bytes).orElse(NO_GROUP).toByteArray());
    putLimitAndPeriods(out);
    return Bytes.copyOf(out.array());
  }

  /**
   * Reads attributes.
   *
   * @param encoded {@value #LENGTH} bytes
   * @return the attributes
   * @throws IllegalArgumentException if they are malformed or exclude each other
   */
  public static KeyAttributes parse(Bytes encoded) {
    if (encoded.length() != LENGTH) {
      throw new IllegalArgumentException(
          "attributes of a key have 60 bytes, not " + encoded.length());
    }
    ByteBuffer in = ByteBuffer.wrap(encoded.toByteArray());
    KeyId id = new KeyId(bytes(in, KeyId.LENGTH));
    KeyState state = state(in.get() & 0xFF);
    KeyAlgorithm algorithm = algorithm(in.get() & 0xFF);
    Set<KeyUsage> usages = KeyUsage.of(in.get() & 0xFF);
    Set<KeyFlag> flags = KeyFlag.of(in.get() & 0xFF);
    Bytes group = bytes(in, GroupId.LENGTH);
    return new KeyAttributes(
        id,
        state,
        algorithm,
        usages,
        flags,
        group.equals(NO_GROUP) ? Optional.empty() : Optional.of(new GroupId(group)),
        Integer.toUnsignedLong(in.getInt()),
        periods(in),
        bytes(in, POLICY_HASH_LENGTH));
  }

  private static final Bytes NO_GROUP = Bytes.copyOf(new byte[GroupId.LENGTH]);

  /** Limit, four times and policy hash, which records have in the same order. */
  void putLimitAndPeriods(ByteBuffer out) {
    out.putInt((int) limit);
    out.putInt(periods.activation().bits());
    out.putInt(periods.originatorEnd().bits());
    out.putInt(periods.recipientEnd().bits());
    out.putInt(periods.destruction().bits());
    out.put(policyHash.toByteArray());
  }

  static KeyPeriods periods(ByteBuffer in) {
    return new KeyPeriods(
        ElementTime.ofBits(in.getInt()),
        ElementTime.ofBits(in.getInt()),
        ElementTime.ofBits(in.getInt()),
        ElementTime.ofBits(in.getInt()));
  }

  static KeyState state(int number) {
    return KeyState.of(number)
        .orElseThrow(() -> new IllegalArgumentException("no state has number " + number));
  }

  static KeyAlgorithm algorithm(int number) {
    return KeyAlgorithm.of(number)
        .orElseThrow(() -> new IllegalArgumentException("no algorithm has number " + number));
  }

  static Bytes bytes(ByteBuffer in, int length) {
    byte[] part = new byte[length];
    in.get(part);
    return Bytes.copyOf(part);
  }
}
