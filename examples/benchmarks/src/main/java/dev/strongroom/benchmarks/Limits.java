// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import dev.strongroom.workloads.GcmSpeed;
import java.util.Locale;

/**
 * What this machine allows, measured in the same run.
 *
 * @param gcm AES-256-GCM on one processor
 * @param processors how many there are
 *     <p>Thread safety: immutable.
 */
record Limits(GcmSpeed gcm, int processors) {

  private static final double SECTORS_PER_MEBIBYTE = 256;
  private static final int ROUNDS = 20;

  /** Measures, for as long as suits a part of the full sizes. */
  static Limits measure(double part) {
    int rounds = (int) Math.ceil(ROUNDS * Math.min(1, part));
    return new Limits(GcmSpeed.measure(rounds), Runtime.getRuntime().availableProcessors());
  }

  /** Microseconds that AES-GCM takes to encrypt a MiB. */
  double encryptMicros() {
    return 1e6 / gcm.encrypt();
  }

  /** Microseconds that AES-GCM takes to decrypt a MiB. */
  double decryptMicros() {
    return 1e6 / gcm.decrypt();
  }

  /**
   * What a sequential write comes to when it takes plain's time and AES-GCM's on all processors.
   */
  String write(double plain) {
    return atBest(plain, gcm.encrypt() * processors);
  }

  /** What a sequential read comes to when it takes plain's time and AES-GCM's on all processors. */
  String read(double plain) {
    return atBest(plain, gcm.decrypt() * processors);
  }

  /** What a random read comes to when it takes plain's time and that of one AES-GCM sector. */
  String randomRead(double plain) {
    return atBest(plain, gcm.decrypt() * SECTORS_PER_MEBIBYTE);
  }

  private static String atBest(double plain, double cipher) {
    if (Double.isNaN(plain)) {
      return "";
    }
    double rate = 1 / (1 / plain + 1 / cipher);
    return String.format(Locale.ROOT, "%s (%.2f P)", Figure.text(rate), rate / plain);
  }
}
