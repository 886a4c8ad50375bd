// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The user attributes of one file: names with values, as records of a header, one each (name length
 * u8 | name | value), or as the content of an attribute stream: magic 8 | count u32 | zero 4, then
 * name length u8 | value length u32 | name | value for each.
 *
 * <p>Thread safety: guarded by the owner's lock.
 */
public final class UserAttributeSet {

  /** Longest name in bytes of UTF-8. */
  public static final int MAX_NAME = 255;

  /** Longest value in bytes. */
  public static final int MAX_VALUE = 65536;

  /** Longest content of an attribute stream in bytes. */
  public static final int MAX_STREAM = 1 << 20;

  /** Type of a record with one attribute. */
  static final int RECORD = 1;

  private static final byte[] MAGIC = {'S', 'R', 'A', 'T', 'T', 'R', 'S', '1'};
  private static final int STREAM_HEAD = 16;
  private static final int STREAM_ENTRY = 5;
  private static final int RECORD_HEAD = Extensions.HEAD + 1;
  private static final int MAX_RECORD_VALUE = 0xFFFF;

  private final TreeMap<String, byte[]> values = new TreeMap<>();

  /**
   * The names.
   *
   * @return in ascending order
   */
  public List<String> names() {
    return new ArrayList<>(values.keySet());
  }

  /**
   * A value.
   *
   * @param name its name
   * @return a copy, or null if there is no such attribute
   */
  public byte @Nullable [] get(String name) {
    byte[] value = values.get(name);
    return value == null ? null : value.clone();
  }

  /**
   * Adds or replaces an attribute.
   *
   * @param name 1 to {@link #MAX_NAME} bytes in UTF-8
   * @param value at most {@link #MAX_VALUE} bytes, copied
   */
  public void put(String name, byte[] value) {
    erase(values.put(name, value.clone()));
  }

  /**
   * Removes an attribute.
   *
   * @param name its name
   * @return whether there was one
   */
  public boolean remove(String name) {
    byte[] value = values.remove(name);
    erase(value);
    return value != null;
  }

  /**
   * Copies the set.
   *
   * @return an equal one that shares nothing
   */
  public UserAttributeSet copy() {
    UserAttributeSet copy = new UserAttributeSet();
    values.forEach(copy::put);
    return copy;
  }

  /** Zeroes all values and forgets them. */
  public void erase() {
    values.values().forEach(UserAttributeSet::erase);
    values.clear();
  }

  private static void erase(byte @Nullable [] value) {
    if (value != null) {
      Arrays.fill(value, (byte) 0);
    }
  }

  // ---- in a header

  /**
   * Whether the attributes can be records of a header.
   *
   * @param room bytes that the header has for them
   * @return whether they fit
   */
  public boolean fitsIntoHeader(int room) {
    return recordBytes() <= room
        && values.values().stream().allMatch(value -> value.length <= MAX_RECORD_VALUE - 256);
  }

  /** Length of the records in bytes. */
  int recordBytes() {
    int bytes = 0;
    for (Map.Entry<String, byte[]> next : values.entrySet()) {
      bytes += RECORD_HEAD + utf8(next.getKey()).length + next.getValue().length;
    }
    return bytes;
  }

  /** Writes the records of a header. */
  void writeRecords(ByteBuffer out) {
    for (Map.Entry<String, byte[]> next : values.entrySet()) {
      byte[] name = utf8(next.getKey());
      byte[] value = next.getValue();
      out.putShort((short) RECORD).putShort((short) (1 + name.length + value.length));
      out.put((byte) name.length).put(name).put(value);
    }
  }

  /** Takes in a record's value; answers what is wrong with it, or null. */
  @Nullable String readRecord(ByteBuffer in) {
    int length = in.hasRemaining() ? in.get() & 0xFF : 0;
    if (length > in.remaining()) {
      return "a user attribute is cut";
    }
    return add(in, length, in.remaining() - length);
  }

  private @Nullable String add(ByteBuffer in, int nameLength, int valueLength) {
    byte[] value = new byte[valueLength];
    try {
      ByteBuffer encoded = in.slice(in.position(), nameLength);
      CharBuffer name = StandardCharsets.UTF_8.newDecoder().decode(encoded);
      in.position(in.position() + nameLength);
      in.get(value);
      if (name.isEmpty() || values.put(name.toString(), value) != null) {
        return "a user attribute has no name, or that of another one";
      }
      return null;
    } catch (CharacterCodingException e) {
      return "the name of a user attribute is not UTF-8";
    }
  }

  // ---- in an attribute stream

  /**
   * Length of an attribute stream with these attributes.
   *
   * @return bytes
   */
  public int streamBytes() {
    int bytes = STREAM_HEAD;
    for (Map.Entry<String, byte[]> next : values.entrySet()) {
      bytes += STREAM_ENTRY + utf8(next.getKey()).length + next.getValue().length;
    }
    return bytes;
  }

  /**
   * Encodes an attribute stream.
   *
   * @return its content
   */
  public byte[] toStream() {
    ByteBuffer out = ByteBuffer.allocate(streamBytes());
    out.put(MAGIC).putInt(values.size()).putInt(0);
    for (Map.Entry<String, byte[]> next : values.entrySet()) {
      byte[] name = utf8(next.getKey());
      out.put((byte) name.length).putInt(next.getValue().length);
      out.put(name).put(next.getValue());
    }
    return out.array();
  }

  /**
   * Decodes an attribute stream.
   *
   * @param content all of it
   * @return the attributes
   * @throws FileHeader.Refused if it is not well-formed
   */
  public static UserAttributeSet ofStream(byte[] content) throws FileHeader.Refused {
    UserAttributeSet set = new UserAttributeSet();
    try {
      ByteBuffer in = ByteBuffer.wrap(content);
      byte[] magic = new byte[MAGIC.length];
      in.get(magic);
      int count = in.getInt();
      if (!Arrays.equals(magic, MAGIC) || in.getInt() != 0) {
        throw new FileHeader.Refused("it has no magic number");
      }
      for (int i = 0; i < count; i++) {
        int nameLength = in.get() & 0xFF;
        int valueLength = in.getInt();
        if (valueLength < 0
            || valueLength > MAX_VALUE
            || nameLength + valueLength > in.remaining()) {
          throw new FileHeader.Refused("a user attribute is cut");
        }
        String problem = set.add(in, nameLength, valueLength);
        if (problem != null) {
          throw new FileHeader.Refused(problem);
        }
      }
      if (count < 0 || in.hasRemaining()) {
        throw new FileHeader.Refused("it has bytes behind its last attribute");
      }
      return set;
    } catch (BufferUnderflowException e) {
      throw new FileHeader.Refused("it is cut");
    }
  }

  private static byte[] utf8(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }
}
