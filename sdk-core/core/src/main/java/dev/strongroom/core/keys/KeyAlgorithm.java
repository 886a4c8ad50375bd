// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a managed key computes with; by number in records.
 *
 * <p>Thread safety: immutable.
 */
public enum KeyAlgorithm {
  /** AES with 128 bits, FIPS 197. */
  AES_128(0x01, 16, Family.AES),
  /** AES with 192 bits, FIPS 197. */
  AES_192(0x02, 24, Family.AES),
  /** AES with 256 bits, FIPS 197. */
  AES_256(0x03, 32, Family.AES),
  /** HMAC with SHA-256, FIPS 198-1. */
  HMAC_SHA_256(0x11, 32, Family.HMAC),
  /** HMAC with SHA-384, FIPS 198-1. */
  HMAC_SHA_384(0x12, 32, Family.HMAC),
  /** HMAC with SHA-512, FIPS 198-1. */
  HMAC_SHA_512(0x13, 32, Family.HMAC),
  /** ECDSA or ECDH on P-256, FIPS 186-5 and NIST SP 800-186. */
  EC_P256(0x21, 32, Family.EC),
  /** ECDSA or ECDH on P-384, FIPS 186-5 and NIST SP 800-186. */
  EC_P384(0x22, 48, Family.EC),
  /** Ed25519, RFC 8032. */
  ED25519(0x31, 32, Family.EDWARDS),
  /** X25519, RFC 7748. */
  X25519(0x32, 32, Family.MONTGOMERY);

  private enum Family {
    AES,
    HMAC,
    EC,
    EDWARDS,
    MONTGOMERY
  }

  /** Length of the value of an HMAC key that was imported with more than 32 bytes. */
  public static final int LONG_HMAC_LENGTH = 64;

  private final int number;
  private final int valueLength;
  private final Family family;

  KeyAlgorithm(int number, int valueLength, Family family) {
    this.number = number;
    this.valueLength = valueLength;
    this.family = family;
  }

  /**
   * Its number in records.
   *
   * @return 1 to 255
   */
  public int number() {
    return number;
  }

  /**
   * Length of the value of a key that an element makes.
   *
   * @return in bytes: the key, the private key, or the seed of Ed25519
   */
  public int valueLength() {
    return valueLength;
  }

  /**
   * Whether a value may have a length.
   *
   * @param length in bytes
   * @return true for {@link #valueLength()}, and {@value #LONG_HMAC_LENGTH} of HMAC
   */
  public boolean hasValueLength(int length) {
    return length == valueLength || (family == Family.HMAC && length == LONG_HMAC_LENGTH);
  }

  /**
   * Whether there is a public key.
   *
   * @return false for AES and HMAC
   */
  public boolean isAsymmetric() {
    return family != Family.AES && family != Family.HMAC;
  }

  /**
   * Whether a key of this algorithm may be for something. Encryption and key wrapping use the same
   * value in two ways, and exclude each other; a private key has one use.
   *
   * @param usages all that it would be for
   * @return whether this can be
   */
  public boolean permits(Set<KeyUsage> usages) {
    return switch (family) {
      case AES ->
          !usages.isEmpty()
              && EnumSet.of(
                      KeyUsage.ENCRYPTION,
                      KeyUsage.KEY_WRAPPING,
                      KeyUsage.FILE_KEYS,
                      KeyUsage.DATA_KEYS)
                  .containsAll(usages)
              && !(usages.contains(KeyUsage.ENCRYPTION) && usages.contains(KeyUsage.KEY_WRAPPING));
      case HMAC -> usages.equals(EnumSet.of(KeyUsage.MAC));
      case EC ->
          usages.equals(EnumSet.of(KeyUsage.SIGNATURE))
              || usages.equals(EnumSet.of(KeyUsage.KEY_AGREEMENT));
      case EDWARDS -> usages.equals(EnumSet.of(KeyUsage.SIGNATURE));
      case MONTGOMERY -> usages.equals(EnumSet.of(KeyUsage.KEY_AGREEMENT));
    };
  }

  /**
   * The algorithm of a number.
   *
   * @param number as in records
   * @return the algorithm, or empty if this release does not know it
   */
  public static Optional<KeyAlgorithm> of(int number) {
    for (KeyAlgorithm algorithm : values()) {
      if (algorithm.number == number) {
        return Optional.of(algorithm);
      }
    }
    return Optional.empty();
  }
}
