// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.transport.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** An input read field by field; behind its end there are zeros without end. */
public final class Fields {

  private final byte[] input;
  private int at;

  /** Reads an input from its beginning. */
  public Fields(byte[] input) {
    this.input = input;
  }

  /** The next byte, 0 to 255. */
  public int u8() {
    return at < input.length ? input[at++] & 0xFF : 0;
  }

  /** The next two bytes, unsigned. */
  public int u16() {
    return u8() << 8 | u8();
  }

  /** As many bytes as the next two say, or there are. */
  public byte[] run() {
    return bytes(u16());
  }

  /** One of several, by the next byte. */
  public <T> T choice(T[] values) {
    return values[u8() % values.length];
  }

  /** All that is left. */
  public byte[] rest() {
    return bytes(input.length - at);
  }

  /** Whether something is left. */
  public boolean hasMore() {
    return at < input.length;
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[Math.min(count, input.length - at)];
    System.arraycopy(input, at, bytes, 0, bytes.length);
    at += bytes.length;
    return bytes;
  }

  /** What {@link #choice} and {@link #rest} read. */
  public static byte[] tagged(Enum<?> choice, byte[] rest) {
    byte[] tag = of(choice);
    byte[] all = Arrays.copyOf(tag, tag.length + rest.length);
    System.arraycopy(rest, 0, all, tag.length, rest.length);
    return all;
  }

  /**
   * What {@link #u8}, {@link #choice} and {@link #run} read: numbers and choices as a byte, arrays
   * with their length.
   */
  @SuppressWarnings("EnumOrdinal") // as choice() counts
  public static byte[] of(Object... fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Object field : fields) {
      if (field instanceof byte[] run) {
        out.write(run.length >>> 8);
        out.write(run.length);
        out.writeBytes(run);
      } else if (field instanceof Enum<?> choice) {
        out.write(choice.ordinal());
      } else {
        out.write((Integer) field);
      }
    }
    return out.toByteArray();
  }
}
