// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import dev.strongroom.core.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * A managed key as an element keeps it, but for the value, which stands behind it in its memory.
 *
 * <p>Layout, {@value #HEAD_LENGTH} of {@value #LENGTH} bytes: key id 16 | 10 or, with a
 * continuation, 90, and the state u8 | algorithm u8 | usages u8 | flags u8 | index of the group u16
 * | blocks reserved u16 | limit u32 | activation u32 | end of the originator-usage period u32 | end
 * of the recipient-usage period u32 | time of destruction u32 | policy hash 4 | value 32. A longer
 * value goes on in a record of its own: continuation id 16 | 30 | zeros 15 | key id 16 | rest of
 * the value 32.
 *
 * <p>Thread safety: immutable.
 *
 * @param attributes what is known about the key
 * @param groupIndex where the group stands in this element, 1 to 65535; 0 without a group
 * @param blocks how many blocks of the limit are reserved
 * @param valueLength of the value, as the algorithm permits
 */
public record KeyRecord(KeyAttributes attributes, int groupIndex, int blocks, int valueLength) {

  /** Length of a record in bytes. */
  public static final int LENGTH = 80;

  /** Where the value begins. */
  public static final int HEAD_LENGTH = 48;

  /** How many bytes of a value one record holds. */
  public static final int VALUE_LENGTH = LENGTH - HEAD_LENGTH;

  /** Where a record says what it is. */
  static final int KIND_OFFSET = 16;

  private static final int KIND = 0x10;
  private static final int KIND_CONTINUED = 0x90;
  private static final int KIND_CONTINUATION = 0x30;
  private static final byte[] LABEL =
      "Strongroom key continuation\0".getBytes(StandardCharsets.US_ASCII);

  /**
   * Checks what belongs together.
   *
   * @param attributes as above
   * @param groupIndex as above
   * @param blocks as above
   * @param valueLength as above
   */
  public KeyRecord {
    if (groupIndex < 0
        || groupIndex > 0xFFFF
        || attributes.group().isPresent() != (groupIndex != 0)) {
      throw new IllegalArgumentException(
          "index " + groupIndex + " of the group of key " + attributes.id());
    }
    if (!attributes.algorithm().hasValueLength(valueLength)) {
      throw new IllegalArgumentException(
          "a value of " + attributes.algorithm() + " with " + valueLength + " bytes");
    }
    UsageLimit checked = new UsageLimit(attributes.limit(), blocks);
    blocks = checked.blocks();
  }

  /**
   * What is used of the limit.
   *
   * @return limit and blocks
   */
  public UsageLimit uses() {
    return new UsageLimit(attributes.limit(), blocks);
  }

  /**
   * Whether there is a second record with the rest of the value.
   *
   * @return true for values over {@value #VALUE_LENGTH} bytes
   */
  public boolean isContinued() {
    return valueLength > VALUE_LENGTH;
  }

  /**
   * Writes what stands before the value.
   *
   * @return {@value #HEAD_LENGTH} bytes
   */
  public Bytes encodeHead() {
    ByteBuffer out = ByteBuffer.allocate(HEAD_LENGTH);
    out.put(attributes.id().bytes().toByteArray());
    out.put((byte) ((isContinued() ? KIND_CONTINUED : KIND) | attributes.state().number()));
    out.put((byte) attributes.algorithm().number());
    out.put((byte) KeyUsage.bits(attributes.usages()));
    out.put((byte) KeyFlag.bits(attributes.flags()));
    out.putShort((short) groupIndex).putShort((short) blocks);
    attributes.putLimitAndPeriods(out);
    return Bytes.copyOf(out.array());
  }

  /**
   * Writes what stands before the rest of the value in a second record.
   *
   * @return {@value #HEAD_LENGTH} bytes
   * @throws IllegalStateException if there is none
   */
  public Bytes encodeContinuationHead() {
    if (!isContinued()) {
      throw new IllegalStateException("key " + attributes.id() + " has one record");
    }
    ByteBuffer out = ByteBuffer.allocate(HEAD_LENGTH);
    out.put(continuationId(attributes.id()).toByteArray()).put((byte) KIND_CONTINUATION);
    out.position(HEAD_LENGTH - KeyId.LENGTH);
    out.put(attributes.id().bytes().toByteArray());
    return Bytes.copyOf(out.array());
  }

  /**
   * Reads what stands before the value.
   *
   * @param head {@value #HEAD_LENGTH} bytes
   * @param groups the id of the group of an index, or empty if there is none
   * @return the record
   * @throws IllegalArgumentException if it is malformed, no record of a key, or its group is not
   *     there
   */
  public static KeyRecord parseHead(Bytes head, IntFunction<Optional<GroupId>> groups) {
    if (head.length() != HEAD_LENGTH) {
      throw new IllegalArgumentException("the head of a record has 48 bytes, not " + head.length());
    }
    ByteBuffer in = ByteBuffer.wrap(head.toByteArray());
    KeyId id = new KeyId(KeyAttributes.bytes(in, KeyId.LENGTH));
    int kind = in.get() & 0xFF;
    if ((kind & 0xF0) != KIND && (kind & 0xF0) != KIND_CONTINUED) {
      throw new IllegalArgumentException(String.format("%02X is no record of a key", kind));
    }
    KeyState state = KeyAttributes.state(kind & 0xF);
    KeyAlgorithm algorithm = KeyAttributes.algorithm(in.get() & 0xFF);
    Set<KeyUsage> usages = KeyUsage.of(in.get() & 0xFF);
    Set<KeyFlag> flags = KeyFlag.of(in.get() & 0xFF);
    int index = in.getShort() & 0xFFFF;
    int blocks = in.getShort() & 0xFFFF;
    Optional<GroupId> group = index == 0 ? Optional.empty() : groups.apply(index);
    if (index != 0 && group.isEmpty()) {
      throw new IllegalArgumentException("key " + id + ": no group has index " + index);
    }
    long limit = Integer.toUnsignedLong(in.getInt());
    KeyPeriods periods = KeyAttributes.periods(in);
    Bytes policyHash = KeyAttributes.bytes(in, KeyAttributes.POLICY_HASH_LENGTH);
    KeyRecord record =
        new KeyRecord(
            new KeyAttributes(
                id, state, algorithm, usages, flags, group, limit, periods, policyHash),
            index,
            blocks,
            valueLength(algorithm, (kind & 0xF0) == KIND_CONTINUED));
    if (record.isContinued() != ((kind & 0xF0) == KIND_CONTINUED)) {
      throw new IllegalArgumentException("key " + id + ": " + algorithm + " in one record");
    }
    return record;
  }

  private static int valueLength(KeyAlgorithm algorithm, boolean continued) {
    return continued && algorithm.hasValueLength(KeyAlgorithm.LONG_HMAC_LENGTH)
        ? KeyAlgorithm.LONG_HMAC_LENGTH
        : algorithm.valueLength();
  }

  /**
   * What the second record of a key is called.
   *
   * @param key the key
   * @return 16 bytes: the first ones of SHA-256 of ASCII {@code Strongroom key continuation} | 00 |
   *     key id
   */
  public static Bytes continuationId(KeyId key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(LABEL);
      return Bytes.copyOf(digest.digest(key.bytes().toByteArray()), 0, KeyId.LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
