// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.fuzz;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** An input read field by field; behind its end there are zeros without end. */
public final class Fields {

  private static final int PAGE = 4096;

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

  /** The next four bytes. */
  public int i32() {
    return u16() << 16 | u16();
  }

  /** The next eight bytes. */
  public long i64() {
    return (long) i32() << 32 | (i32() & 0xFFFFFFFFL);
  }

  /** The next so many bytes. */
  public byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    int there = Math.min(count, input.length - at);
    System.arraycopy(input, at, bytes, 0, there);
    at += there;
    return bytes;
  }

  /** As many bytes as the next two say, or there are. */
  public byte[] run() {
    int length = u16();
    return bytes(Math.min(length, input.length - at));
  }

  /** All that is left. */
  public byte[] rest() {
    return bytes(input.length - at);
  }

  /** Whether something is left. */
  public boolean hasMore() {
    return at < input.length;
  }

  /** A page of which only the beginning, up to its last byte that is not zero, is in the input. */
  public byte[] page() {
    return Arrays.copyOf(run(), PAGE);
  }

  /** What {@link #page} reads as this page. */
  public static byte[] ofPage(byte[] page) {
    int used = page.length;
    while (used > 0 && page[used - 1] == 0) {
      used--;
    }
    return ofRun(Arrays.copyOf(page, used));
  }

  /** What {@link #run} reads as these bytes. */
  public static byte[] ofRun(byte[] bytes) {
    return ByteBuffer.allocate(2 + bytes.length).putShort((short) bytes.length).put(bytes).array();
  }
}
