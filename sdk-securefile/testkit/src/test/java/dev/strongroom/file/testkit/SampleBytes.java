// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import java.util.Random;

/** Content for tests, told apart by its seed. */
final class SampleBytes {

  private SampleBytes() {}

  static byte[] of(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed * 0x9E3779B97F4A7C15L + length).nextBytes(bytes);
    return bytes;
  }
}
