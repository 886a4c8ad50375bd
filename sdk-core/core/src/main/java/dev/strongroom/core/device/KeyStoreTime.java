// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.keys.ElementTime;
import java.nio.ByteBuffer;

/**
 * What time it is for an element's key store.
 *
 * <p>Layout, {@value #LENGTH} bytes: floor u32 | now u32.
 *
 * <p>Thread safety: immutable.
 *
 * @param floor the signed time, which never goes back
 * @param now the greater one of the floor and what has been told since power was on
 */
public record KeyStoreTime(ElementTime floor, ElementTime now) {

  /** Length of the encoding in bytes. */
  public static final int LENGTH = 8;

  /**
   * Writes it.
   *
   * @return {@value #LENGTH} bytes
   */
  public Bytes encode() {
    return Bytes.copyOf(
        ByteBuffer.allocate(LENGTH)
            .putInt((int) floor.seconds())
            .putInt((int) now.seconds())
            .array());
  }

  /**
   * Reads it.
   *
   * @param encoded {@value #LENGTH} bytes
   * @return the same
   * @throws IllegalArgumentException if it has another length
   */
  public static KeyStoreTime parse(Bytes encoded) {
    if (encoded.length() != LENGTH) {
      throw new IllegalArgumentException("two times of " + encoded.length() + " bytes, not 8");
    }
    ByteBuffer in = ByteBuffer.wrap(encoded.toByteArray());
    return new KeyStoreTime(read(in), read(in));
  }

  static ElementTime read(ByteBuffer in) {
    return new ElementTime(Integer.toUnsignedLong(in.getInt()));
  }
}
