// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator.keystore;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyRecord;
import java.util.Arrays;
import java.util.List;

/**
 * A managed key with its value, as its one or two records have it. Closing it zeroes the value.
 *
 * <p>Thread safety: thread-safe, as its value is.
 *
 * @param record all but the value
 * @param value as long as the record says; zeros if the key is destroyed
 */
public record KeyMaterial(KeyRecord record, SecretBytes value) implements AutoCloseable {

  /**
   * What is known about it.
   *
   * @return the attributes
   */
  public KeyAttributes attributes() {
    return record.attributes();
  }

  /**
   * The same key with other attributes: reserved blocks are counted anew if the limit is lower, and
   * a destroyed key has a value of zeros.
   *
   * @param attributes of the same id, algorithm and group
   * @return the key, which the caller closes too
   */
  public KeyMaterial with(KeyAttributes attributes) {
    int blocks =
        attributes.limit() == record.attributes().limit()
            ? record.blocks()
            : record.uses().lowered(attributes.limit()).blocks();
    return new KeyMaterial(
        new KeyRecord(attributes, record.groupIndex(), blocks, record.valueLength()),
        attributes.state().isDestroyed() ? zeros(record.valueLength()) : value.copy());
  }

  /**
   * The same key with one more block of its limit reserved.
   *
   * @return the key, which the caller closes too
   */
  public KeyMaterial reserved() {
    return new KeyMaterial(
        new KeyRecord(
            record.attributes(),
            record.groupIndex(),
            record.uses().reserve().blocks(),
            record.valueLength()),
        value.copy());
  }

  static SecretBytes zeros(int length) {
    return SecretBytes.adopt(new byte[length]);
  }

  /** Its records, which the caller zeroes. */
  List<byte[]> encode() {
    byte[] first = Arrays.copyOf(record.encodeHead().toByteArray(), KeyRecord.LENGTH);
    return value.use(
        content -> {
          int head = Math.min(content.length, KeyRecord.VALUE_LENGTH);
          System.arraycopy(content, 0, first, KeyRecord.HEAD_LENGTH, head);
          if (!record.isContinued()) {
            return List.of(first);
          }
          byte[] second =
              Arrays.copyOf(record.encodeContinuationHead().toByteArray(), KeyRecord.LENGTH);
          System.arraycopy(content, head, second, KeyRecord.HEAD_LENGTH, content.length - head);
          return List.of(first, second);
        });
  }

  /** Zeroes the value. */
  @Override
  public void close() {
    value.close();
  }
}
