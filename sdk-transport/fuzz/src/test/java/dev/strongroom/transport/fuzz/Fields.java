// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.transport.fuzz;

import java.io.ByteArrayOutputStream;

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

  /** Writes what {@link #u8} and {@link #run} read: numbers as a byte, arrays with their length. */
  public static byte[] of(Object... fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Object field : fields) {
      if (field instanceof byte[] run) {
        out.write(run.length >>> 8);
        out.write(run.length);
        out.writeBytes(run);
      } else {
        out.write((Integer) field);
      }
    }
    return out.toByteArray();
  }
}
