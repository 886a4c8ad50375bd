// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.selection;

import dev.strongroom.core.keys.KeyAlgorithm;

/**
 * How strong algorithms are: NIST SP 800-57 Part 1 Rev. 5, 5.6.1.1, Tables 2 and 3; RFC 8032, 8.5
 * and RFC 7748, 7 for the curves that it does not have. HMAC of equal strength goes by the length
 * of the hash.
 *
 * <p>Thread safety: stateless.
 */
final class AlgorithmStrength {

  private AlgorithmStrength() {}

  /** A rank; higher is stronger, equal is as strong. */
  static int of(KeyAlgorithm algorithm) {
    return switch (algorithm) {
      case AES_128, EC_P256, ED25519, X25519 -> 128;
      case AES_192, EC_P384 -> 192;
      case AES_256, HMAC_SHA_256 -> 256;
      case HMAC_SHA_384 -> 384;
      case HMAC_SHA_512 -> 512;
    };
  }
}
