// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import dev.strongroom.core.Bytes;
import java.nio.ByteBuffer;

/**
 * What an element tells about a key in its store.
 *
 * <p>Layout, {@value #LENGTH} bytes: attributes {@value KeyAttributes#LENGTH} | blocks u16.
 *
 * <p>Thread safety: immutable.
 *
 * @param attributes all but the value
 * @param blocks how many blocks of its limit are reserved, and so gone for good
 */
public record StoredKey(KeyAttributes attributes, int blocks) {

  /** Length of the encoding in bytes. */
  public static final int LENGTH = KeyAttributes.LENGTH + Short.BYTES;

  /**
   * Checks the blocks.
   *
   * @param attributes as above
   * @param blocks as above
   */
  public StoredKey {
    UsageLimit.requireBlocks(attributes.limit(), blocks);
  }

  /**
   * How far the limit is used.
   *
   * @return limit and blocks
   */
  public UsageLimit uses() {
    return new UsageLimit(attributes.limit(), blocks);
  }

  /**
   * Writes it.
   *
   * @return {@value #LENGTH} bytes
   */
  public Bytes encode() {
    return Bytes.copyOf(
        ByteBuffer.allocate(LENGTH)
            .put(attributes.encode().toByteArray())
            .putShort((short) blocks)
            .array());
  }

  /**
   * Reads it.
   *
   * @param encoded {@value #LENGTH} bytes
   * @return the same
   * @throws IllegalArgumentException if it is malformed
   */
  public static StoredKey parse(Bytes encoded) {
    if (encoded.length() != LENGTH) {
      throw new IllegalArgumentException("a key: " + encoded.length() + " bytes, not " + LENGTH);
    }
    ByteBuffer in = ByteBuffer.wrap(encoded.toByteArray());
    return new StoredKey(
        KeyAttributes.parse(KeyAttributes.bytes(in, KeyAttributes.LENGTH)), in.getShort() & 0xFFFF);
  }
}
