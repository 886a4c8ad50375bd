// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.crypto;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc7748.X25519;

/**
 * X25519 (RFC 7748, 5) as bytes: scalars and coordinates of 32 bytes, little-endian as there.
 *
 * <p>Thread safety: immutable.
 */
final class Curve25519 {

  static final int LENGTH = X25519.POINT_SIZE;

  private Curve25519() {}

  static SecretBytes generate(SecureRandom random) {
    byte[] scalar = new byte[LENGTH];
    random.nextBytes(scalar);
    return SecretBytes.adopt(scalar);
  }

  static Bytes publicKey(byte[] scalar) {
    byte[] point = new byte[LENGTH];
    X25519.scalarMultBase(scalar, 0, point, 0);
    return Bytes.copyOf(point);
  }

  /**
   * Multiplies; the caller zeroes the result.
   *
   * @throws IllegalArgumentException if the result is zero (RFC 7748, 6.1), so that it does not
   *     depend on the scalar
   */
  static byte[] agree(byte[] scalar, byte[] point) {
    byte[] shared = new byte[LENGTH];
    if (!X25519.calculateAgreement(scalar, 0, point, 0, shared, 0)) {
      Arrays.fill(shared, (byte) 0);
      throw new IllegalArgumentException("X25519 gives zeros with this public key");
    }
    return shared;
  }
}
