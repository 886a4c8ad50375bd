// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;

/**
 * A random generator for each thread (Hash_DRBG, NIST SP 800-90A), seeded by the platform.
 *
 * <p>The platform's own generator has one lock for the whole process. A generator is seeded anew
 * before use once it is a second old, so that copies of a running process have no more than a
 * second's numbers in common.
 *
 * <p>Thread safety: confined; {@link #current()} gives each thread its own.
 */
final class ThreadRandom {

  private static final long SEED_LIFE = Duration.ofSeconds(1).toNanos();
  private static final ThreadLocal<ThreadRandom> CURRENT =
      ThreadLocal.withInitial(ThreadRandom::new);

  private final SecureRandom generator;
  private long seededAt;

  private ThreadRandom() {
    try {
      generator = SecureRandom.getInstance("DRBG");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has DRBG", e);
    }
    // The first use seeds it.
    seededAt = System.nanoTime();
  }

  static SecureRandom current() {
    ThreadRandom random = CURRENT.get();
    long now = System.nanoTime();
    if (now - random.seededAt > SEED_LIFE) {
      random.generator.reseed();
      random.seededAt = now;
    }
    return random.generator;
  }
}
