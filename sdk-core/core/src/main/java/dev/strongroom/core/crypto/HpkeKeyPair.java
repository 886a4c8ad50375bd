// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.crypto;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;

/**
 * A key pair of a receiver, made by {@link HpkeSuite#generate} or {@link HpkeSuite#pair}.
 *
 * <p>Thread safety: thread-safe, as its secret is.
 *
 * @param suite which keys they are
 * @param publicKey as long as the suite says
 * @param privateKey {@value HpkeSuite#PRIVATE_KEY_LENGTH} bytes
 */
public record HpkeKeyPair(HpkeSuite suite, Bytes publicKey, SecretBytes privateKey)
    implements AutoCloseable {

  /**
   * Checks the lengths.
   *
   * @param suite as above
   * @param publicKey as above
   * @param privateKey as above
   */
  public HpkeKeyPair {
    if (publicKey.length() != suite.publicKeyLength()
        || privateKey.length() != HpkeSuite.PRIVATE_KEY_LENGTH) {
      throw new IllegalArgumentException("a key pair of a wrong length for " + suite);
    }
  }

  /**
   * A pair on P-256 as a pair of {@link HpkeSuite#P256}, with the same secret.
   *
   * @param pair the pair
   * @return the same keys; closing either closes both
   */
  public static HpkeKeyPair of(P256.Pair pair) {
    return new HpkeKeyPair(HpkeSuite.P256, pair.publicKey(), pair.privateKey());
  }

  /**
   * The same keys with a secret of its own.
   *
   * @return a copy, which the caller closes
   */
  public HpkeKeyPair copy() {
    return new HpkeKeyPair(suite, publicKey, privateKey.copy());
  }

  /** Zeroes the private key. */
  @Override
  public void close() {
    privateKey.close();
  }
}
