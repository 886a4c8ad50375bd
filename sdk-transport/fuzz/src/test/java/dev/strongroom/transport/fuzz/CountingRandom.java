// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.transport.fuzz;

import java.security.SecureRandom;

/** The same bytes every time, so that an input does the same every time. */
public final class CountingRandom extends SecureRandom {

  private static final long serialVersionUID = 1L;

  private long state;

  /** Begins with a seed. */
  public CountingRandom(long seed) {
    state = seed;
  }

  @Override
  public synchronized void nextBytes(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      state = state * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
      bytes[i] = (byte) (state >>> 56);
    }
  }
}
