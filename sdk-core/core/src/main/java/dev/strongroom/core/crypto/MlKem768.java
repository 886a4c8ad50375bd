// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.crypto;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import java.util.Arrays;
import org.bouncycastle.crypto.SecretWithEncapsulation;
import org.bouncycastle.crypto.kems.MLKEMExtractor;
import org.bouncycastle.crypto.kems.MLKEMGenerator;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLKEMPublicKeyParameters;

/**
 * ML-KEM-768 (FIPS 203) as bytes: public keys of {@value #PUBLIC_KEY_LENGTH} bytes, ciphertexts of
 * {@value #CIPHERTEXT_LENGTH}, shared secrets of 32, private keys from two seeds of 32.
 *
 * <p>The expanded private key is an object of Bouncy Castle, which cannot be zeroed; it lives for
 * one call.
 *
 * <p>Thread safety: confined.
 */
final class MlKem768 {

  static final int PUBLIC_KEY_LENGTH = 1184;
  static final int CIPHERTEXT_LENGTH = 1088;

  private static final int SEED_LENGTH = 32;
  private static final int MODULUS = 3329;
  private static final int POLYNOMIALS_LENGTH = 1152;

  /**
   * A shared secret and its ciphertext.
   *
   * @param ciphertext {@value MlKem768#CIPHERTEXT_LENGTH} bytes
   * @param sharedSecret 32 bytes, which the caller closes
   */
  record Encapsulation(Bytes ciphertext, SecretBytes sharedSecret) {}

  private final MLKEMPrivateKeyParameters key;

  private MlKem768(MLKEMPrivateKeyParameters key) {
    this.key = key;
  }

  /** KeyGen_internal(d, z), FIPS 203, 6.1. Zeroes the seeds. */
  static MlKem768 of(byte[] d, byte[] z) {
    byte[] seed = Arrays.copyOf(d, 2 * SEED_LENGTH);
    System.arraycopy(z, 0, seed, SEED_LENGTH, SEED_LENGTH);
    try {
      return new MlKem768(new MLKEMPrivateKeyParameters(MLKEMParameters.ml_kem_768, seed));
    } finally {
      Arrays.fill(seed, (byte) 0);
      Arrays.fill(d, (byte) 0);
      Arrays.fill(z, (byte) 0);
    }
  }

  byte[] publicKey() {
    return key.getPublicKey();
  }

  /** Decaps; a ciphertext that is not right gives another secret. */
  SecretBytes decap(byte[] ciphertext) {
    return SecretBytes.adopt(new MLKEMExtractor(key).extractSecret(ciphertext));
  }

  /**
   * Encaps_internal, FIPS 203, 6.2.
   *
   * @param publicKey has passed {@link #requirePublicKey}
   * @param message its randomness, 32 bytes
   */
  static Encapsulation encap(byte[] publicKey, byte[] message) {
    SecretWithEncapsulation made =
        MLKEMGenerator.internalGenerateEncapsulated(
            new MLKEMPublicKeyParameters(MLKEMParameters.ml_kem_768, publicKey), message);
    return new Encapsulation(
        Bytes.copyOf(made.getEncapsulation()), SecretBytes.adopt(made.getSecret()));
  }

  /**
   * The checks of FIPS 203, 7.2: the length, and that all numbers are below the modulus.
   *
   * @throws IllegalArgumentException if a check fails
   */
  static void requirePublicKey(byte[] publicKey) {
    if (publicKey.length != PUBLIC_KEY_LENGTH) {
      throw new IllegalArgumentException(
          "a public key of ML-KEM-768 has 1184 bytes, not " + publicKey.length);
    }
    // ByteEncode12, FIPS 203, 4.2.1: two numbers of 12 bits in three bytes.
    for (int i = 0; i < POLYNOMIALS_LENGTH; i += 3) {
      int first = (publicKey[i] & 0xFF) | (publicKey[i + 1] & 0x0F) << 8;
      int second = (publicKey[i + 1] & 0xF0) >>> 4 | (publicKey[i + 2] & 0xFF) << 4;
      if (first >= MODULUS || second >= MODULUS) {
        throw new IllegalArgumentException(
            "a public key of ML-KEM-768 has a number that is not below the modulus");
      }
    }
  }
}
