// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import java.util.Arrays;
import java.util.Random;

/** What a parser may meet on a damaged medium. */
final class Garbage {

  private Garbage() {}

  /**
   * Random bytes, or a whole structure with its beginning kept and something changed, zeroed, cut
   * or put behind it.
   *
   * @param kept bytes at the beginning that stay in most cases
   */
  static byte[] of(Random random, byte[] whole, int kept) {
    byte[] bytes = whole.clone();
    int from = Math.min(kept, bytes.length - 1);
    switch (random.nextInt(8)) {
      case 0 -> {
        bytes = new byte[random.nextInt(2 * whole.length)];
        random.nextBytes(bytes);
      }
      case 1 -> bytes = Arrays.copyOf(whole, random.nextInt(2 * whole.length));
      case 2 -> {
        byte[] rest = new byte[bytes.length - from];
        random.nextBytes(rest);
        System.arraycopy(rest, 0, bytes, from, rest.length);
      }
      case 3 -> Arrays.fill(bytes, from, bytes.length, (byte) 0);
      case 4 -> Arrays.fill(bytes, from, bytes.length, (byte) 0xFF);
      case 5 -> {
        int to = random.nextInt(bytes.length);
        System.arraycopy(whole, 0, bytes, to, bytes.length - to);
      }
      default -> {
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
      }
    }
    return bytes;
  }
}
