// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.crypto;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * The key encapsulation mechanisms that {@link Hpke} works with, each with HKDF-SHA256; by their
 * numbers in {@code docs/spec/element-protocol.md}, 2.7. Private keys have {@value
 * #PRIVATE_KEY_LENGTH} bytes in all of them.
 *
 * <p>Thread safety: immutable.
 */
public enum HpkeSuite {
  /** DHKEM(P-256, HKDF-SHA256), RFC 9180, 7.1. */
  P256(1, 0x0010, 65, 65, new DhKem(0x0010, DhGroup.NIST_P256)),
  /** DHKEM(X25519, HKDF-SHA256), RFC 9180, 7.1. */
  X25519(2, 0x0020, 32, 32, new DhKem(0x0020, DhGroup.CURVE25519)),
  /** X-Wing: X25519 with ML-KEM-768, draft-connolly-cfrg-xwing-kem-10. */
  X25519_ML_KEM_768(3, 0x647A, 1120, 1216, new XWing());

  /** Length of a private key in bytes, Nsk. */
  public static final int PRIVATE_KEY_LENGTH = 32;

  private final int code;
  private final int kemId;
  private final int encLength;
  private final int publicKeyLength;

  @SuppressWarnings("ImmutableEnumChecker") // all mechanisms are immutable
  private final Kem kem;

  HpkeSuite(int code, int kemId, int encLength, int publicKeyLength, Kem kem) {
    this.code = code;
    this.kemId = kemId;
    this.encLength = encLength;
    this.publicKeyLength = publicKeyLength;
    this.kem = kem;
  }

  /**
   * Its number in the element protocol.
   *
   * @return 1 to 255
   */
  public int code() {
    return code;
  }

  /**
   * Its number among the KEMs of HPKE.
   *
   * @return the KEM identifier
   */
  public int kemId() {
    return kemId;
  }

  /**
   * Length of an encapsulated key.
   *
   * @return Nenc, in bytes
   */
  public int encLength() {
    return encLength;
  }

  /**
   * Length of a public key.
   *
   * @return Npk, in bytes
   */
  public int publicKeyLength() {
    return publicKeyLength;
  }

  /**
   * The suite of a number.
   *
   * @param code its number in the element protocol
   * @return the suite, or empty if this release does not know it
   */
  public static Optional<HpkeSuite> of(int code) {
    for (HpkeSuite suite : values()) {
      if (suite.code == code) {
        return Optional.of(suite);
      }
    }
    return Optional.empty();
  }

  /**
   * Makes a key pair.
   *
   * @param random where the private key comes from
   * @return the pair, which the caller closes
   */
  public HpkeKeyPair generate(SecureRandom random) {
    return pair(kem.generate(random));
  }

  /**
   * The pair of a private key.
   *
   * @param privateKey {@value #PRIVATE_KEY_LENGTH} bytes, which the pair takes over
   * @return the pair, which the caller closes
   * @throws IllegalArgumentException if it has another length, or is no private key of the suite
   */
  public HpkeKeyPair pair(SecretBytes privateKey) {
    if (privateKey.length() != PRIVATE_KEY_LENGTH) {
      throw new IllegalArgumentException(
          "a private key of HPKE has 32 bytes, not " + privateKey.length());
    }
    return new HpkeKeyPair(this, kem.publicKey(privateKey), privateKey);
  }

  /**
   * Makes sure that bytes are a public key: a point of P-256; for ML-KEM numbers below the modulus
   * (FIPS 203, 7.2).
   *
   * @param publicKey the bytes
   * @return the same bytes
   * @throws IllegalArgumentException if they have another length or are no public key
   */
  public Bytes requirePublicKey(Bytes publicKey) {
    kem.requirePublicKey(requirePublicKeyLength(publicKey));
    return publicKey;
  }

  /**
   * Makes sure that bytes have the length of a public key of this suite.
   *
   * @param publicKey the bytes
   * @return the same bytes
   * @throws IllegalArgumentException if they have another length
   */
  public Bytes requirePublicKeyLength(Bytes publicKey) {
    if (publicKey.length() != publicKeyLength) {
      throw new IllegalArgumentException(
          "a public key of "
              + this
              + " has "
              + publicKeyLength
              + " bytes, not "
              + publicKey.length());
    }
    return publicKey;
  }

  /**
   * Makes sure that bytes have the length of an encapsulated key.
   *
   * @param enc the bytes
   * @return the same bytes
   * @throws IllegalArgumentException if they have another length
   */
  public Bytes requireEncLength(Bytes enc) {
    if (enc.length() != encLength) {
      throw new IllegalArgumentException(
          "an encapsulated key of " + this + " has " + encLength + " bytes, not " + enc.length());
    }
    return enc;
  }

  Kem kem() {
    return kem;
  }
}
