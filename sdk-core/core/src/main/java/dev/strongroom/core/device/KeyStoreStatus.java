// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.keys.ElementTime;
import java.nio.ByteBuffer;

/**
 * How an element's key store is, from its answer to READ STORE.
 *
 * <p>Layout, {@value #LENGTH} bytes: capacity u32 | records u32 | floor u32 | now u32 | administers
 * itself u8, 0 or 1.
 *
 * <p>Thread safety: immutable.
 *
 * @param capacity records that fit, each of 80 bytes; a key takes one or two, a group one
 * @param records records that are there
 * @param floor the signed time
 * @param now the greater one of the floor and what has been told since power was on
 * @param administration who changes its records
 */
public record KeyStoreStatus(
    long capacity,
    long records,
    ElementTime floor,
    ElementTime now,
    Administration administration) {

  /** Who changes the records of an element. */
  public enum Administration {
    /** Orders alone. */
    BY_ORDERS,
    /** Whoever logs in. */
    BY_ITSELF
  }

  /** Length of the encoding in bytes. */
  public static final int LENGTH = 17;

  /**
   * Writes it.
   *
   * @return {@value #LENGTH} bytes
   */
  public Bytes encode() {
    return Bytes.copyOf(
        ByteBuffer.allocate(LENGTH)
            .putInt((int) capacity)
            .putInt((int) records)
            .putInt((int) floor.seconds())
            .putInt((int) now.seconds())
            .put((byte) (administration == Administration.BY_ITSELF ? 1 : 0))
            .array());
  }

  /**
   * Reads it.
   *
   * @param encoded {@value #LENGTH} bytes
   * @return the same
   * @throws IllegalArgumentException if it is malformed
   */
  public static KeyStoreStatus parse(Bytes encoded) {
    if (encoded.length() != LENGTH) {
      throw new IllegalArgumentException(
          "a key store's status of " + encoded.length() + " bytes, not 17");
    }
    ByteBuffer in = ByteBuffer.wrap(encoded.toByteArray());
    return new KeyStoreStatus(
        Integer.toUnsignedLong(in.getInt()),
        Integer.toUnsignedLong(in.getInt()),
        KeyStoreTime.read(in),
        KeyStoreTime.read(in),
        in.get() == 0 ? Administration.BY_ORDERS : Administration.BY_ITSELF);
  }
}
