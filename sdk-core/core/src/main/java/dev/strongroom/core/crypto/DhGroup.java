// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.crypto;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import java.security.SecureRandom;

/**
 * The groups of DHKEM (RFC 9180, 4.1 and 7.1).
 *
 * <p>Thread safety: immutable.
 */
enum DhGroup {
  NIST_P256 {
    @Override
    SecretBytes generate(SecureRandom random) {
      return P256.generate(random).privateKey();
    }

    @Override
    Bytes publicKey(SecretBytes privateKey) {
      return P256.pair(privateKey).publicKey();
    }

    @Override
    void requirePublicKey(Bytes publicKey) {
      P256.requirePublicKey(publicKey);
    }

    @Override
    byte[] agree(SecretBytes mine, Bytes other) {
      return P256.agree(mine, other);
    }
  },
  CURVE25519 {
    @Override
    SecretBytes generate(SecureRandom random) {
      return Curve25519.generate(random);
    }

    @Override
    Bytes publicKey(SecretBytes privateKey) {
      return privateKey.use(Curve25519::publicKey);
    }

    @Override
    void requirePublicKey(Bytes publicKey) {
      // Any 32 bytes are a coordinate (RFC 7748, 5); what they give is checked by the agreement.
    }

    @Override
    byte[] agree(SecretBytes mine, Bytes other) {
      return mine.use(key -> Curve25519.agree(key, other.toByteArray()));
    }
  };

  abstract SecretBytes generate(SecureRandom random);

  abstract Bytes publicKey(SecretBytes privateKey);

  abstract void requirePublicKey(Bytes publicKey);

  /** The shared secret of the group, which the caller zeroes. */
  abstract byte[] agree(SecretBytes mine, Bytes other);
}
