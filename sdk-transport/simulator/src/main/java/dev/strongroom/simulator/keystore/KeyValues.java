// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator.keystore;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.Kdf;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * Values of managed keys, and what comes of them by their algorithm; {@code
 * docs/spec/key-store.md}, 2.5, 2.6 and 9.2.
 *
 * <p>Thread safety: stateless.
 */
public final class KeyValues {

  private static final int LEAST_HMAC = 16;
  private static final int HMAC_LENGTH = 32;
  private static final int LABEL_LENGTH = 16;
  private static final int OUTPUT_BITS = 256;

  /** What is derived from a value, so that it serves no two constructions. */
  public enum Derivation {
    /** Wraps file keys. */
    FILE_KEY("ManagedFileKey"),
    /** Wraps data keys. */
    DATA_KEY("ManagedDataKey"),
    /** Shows that the value is there. */
    PROOF("ManagedKeyProof");

    private final String label;

    Derivation(String label) {
      this.label = label;
    }
  }

  private KeyValues() {}

  /**
   * Draws a value.
   *
   * @param algorithm of the key
   * @param random where it comes from
   * @return the value, which the caller closes
   */
  public static SecretBytes generate(KeyAlgorithm algorithm, SecureRandom random) {
    return switch (algorithm) {
      case EC_P256 -> EcCurve.P256.generate(random);
      case EC_P384 -> EcCurve.P384.generate(random);
      default -> {
        byte[] value = new byte[algorithm.valueLength()];
        random.nextBytes(value);
        yield SecretBytes.adopt(value);
      }
    };
  }

  /**
   * Takes a value from outside.
   *
   * @param algorithm of the key
   * @param value what it is to be; HMAC keys of other lengths are filled up with zeros
   * @return a copy in the length of the algorithm, or empty if it is no value of it
   */
  public static Optional<SecretBytes> accept(KeyAlgorithm algorithm, SecretBytes value) {
    int length = value.length();
    return switch (algorithm) {
      case HMAC_SHA_256, HMAC_SHA_384, HMAC_SHA_512 ->
          length < LEAST_HMAC || length > KeyAlgorithm.LONG_HMAC_LENGTH
              ? Optional.empty()
              : Optional.of(filled(value));
      case EC_P256 -> accept(EcCurve.P256, algorithm, value);
      case EC_P384 -> accept(EcCurve.P384, algorithm, value);
      default -> length == algorithm.valueLength() ? Optional.of(value.copy()) : Optional.empty();
    };
  }

  private static Optional<SecretBytes> accept(
      EcCurve curve, KeyAlgorithm algorithm, SecretBytes value) {
    return value.length() == algorithm.valueLength() && curve.isPrivateKey(value)
        ? Optional.of(value.copy())
        : Optional.empty();
  }

  private static SecretBytes filled(SecretBytes value) {
    byte[] filled =
        new byte[value.length() <= HMAC_LENGTH ? HMAC_LENGTH : KeyAlgorithm.LONG_HMAC_LENGTH];
    value.copyTo(filled, 0);
    return SecretBytes.adopt(filled);
  }

  /**
   * The public key of a private one.
   *
   * @param algorithm of the key
   * @param value of the key
   * @return 04 | X | Y, 32 bytes for Ed25519 and X25519, or empty if there is none
   */
  public static Optional<Bytes> publicKey(KeyAlgorithm algorithm, SecretBytes value) {
    return switch (algorithm) {
      case EC_P256 -> Optional.of(EcCurve.P256.publicKey(value));
      case EC_P384 -> Optional.of(EcCurve.P384.publicKey(value));
      case ED25519 -> {
        byte[] point = new byte[Ed25519.PUBLIC_KEY_SIZE];
        yield value.use(
            seed -> {
              Ed25519.generatePublicKey(seed, 0, point, 0);
              return Optional.of(Bytes.copyOf(point));
            });
      }
      case X25519 -> {
        byte[] point = new byte[X25519.POINT_SIZE];
        yield value.use(
            scalar -> {
              X25519.scalarMultBase(scalar, 0, point, 0);
              return Optional.of(Bytes.copyOf(point));
            });
      }
      default -> Optional.empty();
    };
  }

  /**
   * Signs.
   *
   * @param algorithm of the key
   * @param value of the key
   * @param message the digest for ECDSA, the message for Ed25519
   * @return the signature, or empty if the digest has another length than the curve
   */
  public static Optional<Bytes> sign(KeyAlgorithm algorithm, SecretBytes value, byte[] message) {
    return switch (algorithm) {
      case EC_P256 -> sign(EcCurve.P256, value, message);
      case EC_P384 -> sign(EcCurve.P384, value, message);
      case ED25519 -> {
        byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
        yield value.use(
            seed -> {
              Ed25519.sign(seed, 0, message, 0, message.length, signature, 0);
              return Optional.of(Bytes.copyOf(signature));
            });
      }
      default -> throw new IllegalArgumentException(algorithm + " does not sign");
    };
  }

  private static Optional<Bytes> sign(EcCurve curve, SecretBytes value, byte[] digest) {
    return digest.length == curve.digestLength()
        ? Optional.of(curve.sign(value, digest))
        : Optional.empty();
  }

  /**
   * Agrees on a secret.
   *
   * @param algorithm of the key
   * @param value of the key
   * @param publicKey the other side's
   * @return the secret, which the caller closes, or empty if the other is no point or gives zeros
   */
  public static Optional<SecretBytes> agree(
      KeyAlgorithm algorithm, SecretBytes value, Bytes publicKey) {
    return switch (algorithm) {
      case EC_P256 -> EcCurve.P256.agree(value, publicKey);
      case EC_P384 -> EcCurve.P384.agree(value, publicKey);
      case X25519 -> agree(value, publicKey);
      default -> throw new IllegalArgumentException(algorithm + " agrees on nothing");
    };
  }

  private static Optional<SecretBytes> agree(SecretBytes scalar, Bytes point) {
    if (point.length() != X25519.POINT_SIZE) {
      return Optional.empty();
    }
    byte[] shared = new byte[X25519.POINT_SIZE];
    boolean given =
        scalar.use(
            content -> X25519.calculateAgreement(content, 0, point.toByteArray(), 0, shared, 0));
    if (!given) {
      Arrays.fill(shared, (byte) 0);
      return Optional.empty();
    }
    return Optional.of(SecretBytes.adopt(shared));
  }

  /**
   * Derives a key: HMAC-SHA256(value, u32 1 | label 16 | key id | u32 256), NIST SP 800-108.
   *
   * @param value of the managed key
   * @param derivation what for
   * @param id of the managed key
   * @return 32 bytes, which the caller closes
   */
  public static SecretBytes derive(SecretBytes value, Derivation derivation, KeyId id) {
    byte[] label = derivation.label.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer input = ByteBuffer.allocate(4 + LABEL_LENGTH + KeyId.LENGTH + 4);
    input.putInt(1).put(Arrays.copyOf(label, LABEL_LENGTH));
    input.put(id.bytes().toByteArray()).putInt(OUTPUT_BITS);
    return SecretBytes.adopt(mac(value, input.array()));
  }

  /**
   * HMAC-SHA256.
   *
   * @param key of any length
   * @param message all of it
   * @return 32 bytes
   */
  public static byte[] mac(SecretBytes key, byte[] message) {
    return key.use(
        content -> {
          Kdf kdf = Kdf.current();
          try {
            return kdf.under(content).authenticate(message);
          } finally {
            kdf.forget();
          }
        });
  }
}
