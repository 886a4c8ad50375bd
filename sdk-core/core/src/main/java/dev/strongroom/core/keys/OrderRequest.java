// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import dev.strongroom.core.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What an element is asked to put into an order as one entry. The host names keys; states,
 * attributes and values come from the element's own records.
 *
 * <p>Layout ({@code docs/spec/key-store.md}, 9.1): type u8 | body. Type 1, a key: key id 16 | with
 * value u8, 0 or 1 | limit u32. The other types have the bodies of {@link OrderEntry}.
 *
 * <p>Thread safety: immutable.
 */
public sealed interface OrderRequest {

  /** Type of a request that is about the record of a key. */
  int TYPE_KEY = 1;

  /** Type of a request for a lease. */
  int TYPE_GRANT = 2;

  /** Length of the body of {@link #TYPE_KEY} in bytes. */
  int KEY_LENGTH = KeyId.LENGTH + 1 + Integer.BYTES;

  /** Whether the value of a key goes with its record. */
  enum Value {
    /** The record alone. */
    LEFT_OUT,
    /** With the value, wrapped for the receiver. */
    INCLUDED
  }

  /**
   * The record of a key.
   *
   * @param key which
   * @param value whether the value goes with it
   * @param limit a lower one than the record's, or 0 for that
   */
  record Key(KeyId key, Value value, long limit) implements OrderRequest {

    /**
     * Checks the limit.
     *
     * @param key as above
     * @param value as above
     * @param limit as above
     */
    public Key {
      UsageLimit.requireLimit(limit);
    }
  }

  /**
   * An entry that needs no record of the sender's.
   *
   * @param entry a lease, or the removal of a key or a group
   */
  record Entry(OrderEntry entry) implements OrderRequest {

    /**
     * Checks the kind.
     *
     * @param entry as above
     */
    public Entry {
      if (entry instanceof OrderEntry.Key) {
        throw new IllegalArgumentException("the sender makes the entry of a key, by its id");
      }
    }
  }

  /**
   * Writes it.
   *
   * @return type and body
   */
  default Bytes encode() {
    if (this instanceof Key request) {
      return Bytes.copyOf(
          ByteBuffer.allocate(1 + KEY_LENGTH)
              .put((byte) TYPE_KEY)
              .put(request.key().bytes().toByteArray())
              .put((byte) (request.value() == Value.INCLUDED ? 1 : 0))
              .putInt((int) request.limit())
              .array());
    }
    byte[] entry = ((Entry) this).entry().encode().toByteArray();
    byte[] body = Arrays.copyOfRange(entry, OrderEntry.HEAD_LENGTH, entry.length);
    return Bytes.copyOf(ByteBuffer.allocate(1 + body.length).put(entry[0]).put(body).array());
  }

  /**
   * Reads requests.
   *
   * @param encoded one after the other, and nothing else
   * @return 1 to {@value KeyOrder#MAX_ENTRIES} requests
   * @throws IllegalArgumentException if one is malformed, or there are none or too many
   */
  static List<OrderRequest> parseAll(Bytes encoded) {
    ByteBuffer in = ByteBuffer.wrap(encoded.toByteArray());
    List<OrderRequest> requests = new ArrayList<>();
    while (in.hasRemaining()) {
      requests.add(read(in));
    }
    if (requests.isEmpty() || requests.size() > KeyOrder.MAX_ENTRIES) {
      throw new IllegalArgumentException("1 to 64 requests, not " + requests.size());
    }
    return requests;
  }

  private static OrderRequest read(ByteBuffer in) {
    byte type = in.get();
    int length =
        type == TYPE_KEY ? KEY_LENGTH : type == TYPE_GRANT ? OrderEntry.GRANT_LENGTH : KeyId.LENGTH;
    if (in.remaining() < length) {
      throw new IllegalArgumentException("request: cut short");
    }
    if (type != TYPE_KEY) {
      byte[] entry = new byte[OrderEntry.HEAD_LENGTH + length];
      ByteBuffer.wrap(entry).put(type).putShort((short) length);
      in.get(entry, OrderEntry.HEAD_LENGTH, length);
      return new Entry(OrderEntry.read(ByteBuffer.wrap(entry)));
    }
    KeyId key = new KeyId(KeyAttributes.bytes(in, KeyId.LENGTH));
    int value = in.get();
    if (value != 0 && value != 1) {
      throw new IllegalArgumentException("request: with value " + value);
    }
    return new Key(
        key, value == 1 ? Value.INCLUDED : Value.LEFT_OUT, Integer.toUnsignedLong(in.getInt()));
  }
}
