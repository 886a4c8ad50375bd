// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.crypto.AesKeyWrap;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * One change that an order makes: type u8 | length u16 | body.
 *
 * <p>Thread safety: immutable.
 */
public sealed interface OrderEntry {

  /** Length of what stands before the body, in bytes. */
  int HEAD_LENGTH = 3;

  /** Length of the body of a lease in bytes. */
  int GRANT_LENGTH = 34;

  /**
   * A key as it stands in the sender, body: attributes 60 | wrapped value, or nothing.
   *
   * <p>Thread safety: immutable.
   *
   * @param attributes what the sender has
   * @param wrapped the value under a key for this entry, 8 bytes longer than it is; or empty
   */
  record Key(KeyAttributes attributes, Optional<Bytes> wrapped) implements OrderEntry {

    /**
     * Checks the length of the value.
     *
     * @param attributes as above
     * @param wrapped as above
     */
    public Key {
      if (wrapped.isPresent()
          && !attributes.algorithm().hasValueLength(wrapped.get().length() - AesKeyWrap.OVERHEAD)) {
        throw new IllegalArgumentException(
            "order: a wrapped value of " + wrapped.get().length() + " bytes");
      }
    }
  }

  /**
   * A lease, of which nothing is used, body: group id 16 | number u64 | until u32 | uses u32 |
   * power-ups u16.
   *
   * <p>Thread safety: immutable.
   *
   * @param group which group it is for
   * @param lease what it gives
   */
  record Grant(GroupId group, Lease lease) implements OrderEntry {

    /**
     * Makes sure that it is whole.
     *
     * @param group as above
     * @param lease as above
     */
    public Grant {
      if (lease.usesUnreserved() != lease.usesGiven()) {
        throw new IllegalArgumentException("order: a lease of which something is used");
      }
    }
  }

  /**
   * A key is erased, body: key id 16.
   *
   * <p>Thread safety: immutable.
   *
   * @param key which one
   */
  record RemoveKey(KeyId key) implements OrderEntry {}

  /**
   * A group is erased with all its keys, body: group id 16.
   *
   * <p>Thread safety: immutable.
   *
   * @param group which one
   */
  record RemoveGroup(GroupId group) implements OrderEntry {}

  /**
   * Writes the entry.
   *
   * @return type, length and body
   */
  default Bytes encode() {
    ByteBuffer out = ByteBuffer.allocate(HEAD_LENGTH + bodyLength());
    out.put((byte) type()).putShort((short) bodyLength());
    if (this instanceof Key key) {
      out.put(key.attributes().encode().toByteArray());
      key.wrapped().ifPresent(value -> out.put(value.toByteArray()));
    } else if (this instanceof Grant grant) {
      Lease lease = grant.lease();
      out.put(grant.group().bytes().toByteArray()).putLong(lease.number());
      out.putInt(lease.until().bits()).putInt((int) lease.usesGiven());
      out.putShort((short) lease.powerUps());
    } else if (this instanceof RemoveKey removed) {
      out.put(removed.key().bytes().toByteArray());
    } else if (this instanceof RemoveGroup removed) {
      out.put(removed.group().bytes().toByteArray());
    }
    return Bytes.copyOf(out.array());
  }

  /**
   * Its type.
   *
   * @return 1 to 4
   */
  default int type() {
    if (this instanceof Key) {
      return 1;
    }
    if (this instanceof Grant) {
      return 2;
    }
    return this instanceof RemoveKey ? 3 : 4;
  }

  private int bodyLength() {
    if (this instanceof Key key) {
      return KeyAttributes.LENGTH + key.wrapped().map(Bytes::length).orElse(0);
    }
    return this instanceof Grant ? GRANT_LENGTH : KeyId.LENGTH;
  }

  /**
   * Reads the next entry.
   *
   * @param in stands at its type
   * @return the entry
   * @throws IllegalArgumentException if it is malformed
   * @throws java.nio.BufferUnderflowException if it is cut short
   */
  static OrderEntry read(ByteBuffer in) {
    int type = in.get() & 0xFF;
    Bytes body = KeyAttributes.bytes(in, in.getShort() & 0xFFFF);
    ByteBuffer fields = ByteBuffer.wrap(body.toByteArray());
    OrderEntry entry =
        switch (type) {
          case 1 -> readKey(fields);
          case 2 ->
              new Grant(
                  new GroupId(KeyAttributes.bytes(fields, GroupId.LENGTH)), readLease(fields));
          case 3 -> new RemoveKey(new KeyId(KeyAttributes.bytes(fields, KeyId.LENGTH)));
          case 4 -> new RemoveGroup(new GroupId(KeyAttributes.bytes(fields, GroupId.LENGTH)));
          default -> throw new IllegalArgumentException("order: no entry has type " + type);
        };
    if (fields.hasRemaining()) {
      throw new IllegalArgumentException(
          "order: an entry of type " + type + " with " + body.length() + " bytes");
    }
    return entry;
  }

  private static Key readKey(ByteBuffer fields) {
    KeyAttributes attributes =
        KeyAttributes.parse(KeyAttributes.bytes(fields, KeyAttributes.LENGTH));
    return new Key(
        attributes,
        fields.hasRemaining()
            ? Optional.of(KeyAttributes.bytes(fields, fields.remaining()))
            : Optional.empty());
  }

  private static Lease readLease(ByteBuffer fields) {
    return Lease.of(
        fields.getLong(),
        ElementTime.ofBits(fields.getInt()),
        Integer.toUnsignedLong(fields.getInt()),
        fields.getShort() & 0xFFFF);
  }
}
