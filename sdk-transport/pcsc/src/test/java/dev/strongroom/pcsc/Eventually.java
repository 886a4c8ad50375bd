// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.pcsc;

import java.util.concurrent.Callable;

/** Waits for what other processes do in their own time. */
final class Eventually {

  private static final long PATIENCE_NANOS = 20_000_000_000L;

  private Eventually() {}

  static void holds(Callable<Boolean> condition) throws Exception {
    long start = System.nanoTime();
    while (!condition.call()) {
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        throw new AssertionError("it did not come to pass within 20 s");
      }
      Thread.sleep(20);
    }
  }
}
