// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.P256;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The two key pairs of an element's identity on P-256: private 32 | public 65 of the signing key,
 * the same of the agreement key.
 *
 * <p>Thread safety: thread-safe.
 *
 * @param signing signs
 * @param agreement opens what is encrypted to the element
 */
record IdentityKeys(P256.Pair signing, P256.Pair agreement) implements AutoCloseable {

  static final int LENGTH = 2 * (P256.PRIVATE_KEY_LENGTH + P256.PUBLIC_KEY_LENGTH);

  static IdentityKeys generate(SecureRandom random) {
    return new IdentityKeys(P256.generate(random), P256.generate(random));
  }

  IdentityKeys copy() {
    return new IdentityKeys(
        new P256.Pair(signing.publicKey(), signing.privateKey().copy()),
        new P256.Pair(agreement.publicKey(), agreement.privateKey().copy()));
  }

  /** The keys as bytes, which the caller zeroes. */
  byte[] encode() {
    byte[] encoded = new byte[LENGTH];
    put(signing, encoded, 0);
    put(agreement, encoded, LENGTH / 2);
    return encoded;
  }

  static IdentityKeys parse(byte[] encoded) {
    if (encoded.length != LENGTH) {
      throw new IllegalArgumentException("the identity keys have a wrong length");
    }
    return new IdentityKeys(take(encoded, 0), take(encoded, LENGTH / 2));
  }

  @Override
  public void close() {
    signing.close();
    agreement.close();
  }

  private static void put(P256.Pair pair, byte[] target, int at) {
    pair.privateKey().copyTo(target, at);
    pair.publicKey().copyTo(target, at + P256.PRIVATE_KEY_LENGTH);
  }

  private static P256.Pair take(byte[] encoded, int at) {
    byte[] secret = Arrays.copyOfRange(encoded, at, at + P256.PRIVATE_KEY_LENGTH);
    Bytes publicKey = Bytes.copyOf(encoded, at + P256.PRIVATE_KEY_LENGTH, P256.PUBLIC_KEY_LENGTH);
    return new P256.Pair(publicKey, SecretBytes.adopt(secret));
  }
}
