// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.crypto;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import org.bouncycastle.crypto.agreement.ECDHBasicAgreement;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.util.BigIntegers;

/**
 * The curve P-256 (NIST SP 800-186, 3.2.1.3; secp256r1) as bytes: public keys of {@value
 * #PUBLIC_KEY_LENGTH} bytes, 04 | X | Y, private keys of {@value #PRIVATE_KEY_LENGTH} bytes,
 * signatures by ECDSA with SHA-256 of {@value #SIGNATURE_LENGTH} bytes, R | S (IEEE P1363); all
 * big-endian.
 *
 * <p>Private numbers become objects that cannot be zeroed; they live for one call. Bouncy Castle,
 * because the JDK 17 takes several times as long.
 *
 * <p>Thread safety: immutable.
 */
public final class P256 {

  /** Length of a public key in bytes. */
  public static final int PUBLIC_KEY_LENGTH = 65;

  /** Length of a private key in bytes. */
  public static final int PRIVATE_KEY_LENGTH = 32;

  /** Length of a signature in bytes. */
  public static final int SIGNATURE_LENGTH = 64;

  private static final int FIELD_LENGTH = 32;
  private static final byte UNCOMPRESSED = 0x04;
  private static final ECDomainParameters DOMAIN =
      new ECDomainParameters(CustomNamedCurves.getByName("secp256r1"));
  private static final ECParameterSpec PARAMETERS = parameters();

  /**
   * A key pair as bytes.
   *
   * <p>Thread safety: thread-safe, as its secret is.
   *
   * @param publicKey {@value P256#PUBLIC_KEY_LENGTH} bytes
   * @param privateKey {@value P256#PRIVATE_KEY_LENGTH} bytes
   */
  public record Pair(Bytes publicKey, SecretBytes privateKey) implements AutoCloseable {

    /** Zeroes the private key. */
    @Override
    public void close() {
      privateKey.close();
    }
  }

  private P256() {}

  /**
   * Makes a key pair.
   *
   * @param random where the private key comes from
   * @return the pair, which the caller closes
   */
  public static Pair generate(SecureRandom random) {
    ECKeyPairGenerator generator = new ECKeyPairGenerator();
    generator.init(new ECKeyGenerationParameters(DOMAIN, random));
    var pair = generator.generateKeyPair();
    return new Pair(
        encode(((ECPublicKeyParameters) pair.getPublic()).getQ()),
        SecretBytes.adopt(field(((ECPrivateKeyParameters) pair.getPrivate()).getD())));
  }

  /**
   * The pair of a private key.
   *
   * @param privateKey {@value #PRIVATE_KEY_LENGTH} bytes, which the pair takes over
   * @return the pair, which the caller closes
   * @throws IllegalArgumentException if the number is not between 1 and the order of the curve
   */
  public static Pair pair(SecretBytes privateKey) {
    ECPoint point = DOMAIN.getG().multiply(number(privateKey).getD());
    return new Pair(encode(point.normalize()), privateKey);
  }

  /**
   * Makes sure that bytes are a public key.
   *
   * @param publicKey the bytes
   * @return the same bytes
   * @throws IllegalArgumentException if they have another length or form, or are no point of the
   *     curve
   */
  public static Bytes requirePublicKey(Bytes publicKey) {
    point(publicKey);
    return publicKey;
  }

  /**
   * The platform's form of a public key.
   *
   * @param publicKey {@value #PUBLIC_KEY_LENGTH} bytes
   * @return the key
   * @throws IllegalArgumentException if it is no point of the curve
   */
  public static ECPublicKey publicKey(Bytes publicKey) {
    try {
      ECPoint point = point(publicKey).getQ();
      var coordinates =
          new java.security.spec.ECPoint(
              point.getAffineXCoord().toBigInteger(), point.getAffineYCoord().toBigInteger());
      return (ECPublicKey)
          KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(coordinates, PARAMETERS));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has P-256", e);
    }
  }

  /**
   * The platform's form of a private key.
   *
   * @param privateKey {@value #PRIVATE_KEY_LENGTH} bytes
   * @return the key, which cannot be zeroed: not to be kept
   */
  public static PrivateKey privateKey(SecretBytes privateKey) {
    try {
      BigInteger number = number(privateKey).getD();
      return KeyFactory.getInstance("EC").generatePrivate(new ECPrivateKeySpec(number, PARAMETERS));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has P-256", e);
    }
  }

  /**
   * The bytes of a public key.
   *
   * @param publicKey a key on P-256
   * @return {@value #PUBLIC_KEY_LENGTH} bytes
   * @throws IllegalArgumentException if it is on another curve, or no point of it
   */
  public static Bytes encode(ECPublicKey publicKey) {
    if (!publicKey.getParams().getCurve().equals(PARAMETERS.getCurve())) {
      throw new IllegalArgumentException("the public key is not on P-256");
    }
    var point = publicKey.getW();
    try {
      return encode(DOMAIN.getCurve().validatePoint(point.getAffineX(), point.getAffineY()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("a public key is no point of P-256", e);
    }
  }

  /**
   * Signs by ECDSA with SHA-256; the same message gives the same signature (RFC 6979).
   *
   * @param privateKey {@value #PRIVATE_KEY_LENGTH} bytes
   * @param message what is signed, in full
   * @return {@value #SIGNATURE_LENGTH} bytes
   */
  public static Bytes sign(SecretBytes privateKey, byte[] message) {
    ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(SHA256Digest.newInstance()));
    signer.init(true, number(privateKey));
    BigInteger[] rs = signer.generateSignature(sha256(message));
    byte[] signature = new byte[SIGNATURE_LENGTH];
    BigIntegers.asUnsignedByteArray(rs[0], signature, 0, FIELD_LENGTH);
    BigIntegers.asUnsignedByteArray(rs[1], signature, FIELD_LENGTH, FIELD_LENGTH);
    return Bytes.copyOf(signature);
  }

  /**
   * Verifies a signature by ECDSA with SHA-256.
   *
   * @param publicKey {@value #PUBLIC_KEY_LENGTH} bytes
   * @param message what was signed, in full
   * @param signature {@value #SIGNATURE_LENGTH} bytes
   * @return false if it is not that key's signature, or not of that length
   * @throws IllegalArgumentException if the public key is no point of the curve
   */
  public static boolean verifies(Bytes publicKey, byte[] message, Bytes signature) {
    ECPublicKeyParameters key = point(publicKey);
    if (signature.length() != SIGNATURE_LENGTH) {
      return false;
    }
    byte[] rs = signature.toByteArray();
    ECDSASigner verifier = new ECDSASigner();
    verifier.init(false, key);
    return verifier.verifySignature(
        sha256(message),
        BigIntegers.fromUnsignedByteArray(rs, 0, FIELD_LENGTH),
        BigIntegers.fromUnsignedByteArray(rs, FIELD_LENGTH, FIELD_LENGTH));
  }

  /**
   * ECDH (NIST SP 800-56A, 5.7.1.2).
   *
   * @param privateKey {@value #PRIVATE_KEY_LENGTH} bytes
   * @param publicKey the other side's, {@value #PUBLIC_KEY_LENGTH} bytes
   * @return the X coordinate, 32 bytes, which the caller zeroes
   * @throws IllegalArgumentException if the public key is no point of the curve
   */
  public static byte[] agree(SecretBytes privateKey, Bytes publicKey) {
    ECDHBasicAgreement agreement = new ECDHBasicAgreement();
    agreement.init(number(privateKey));
    return field(agreement.calculateAgreement(point(publicKey)));
  }

  private static ECPublicKeyParameters point(Bytes publicKey) {
    if (publicKey.length() != PUBLIC_KEY_LENGTH || publicKey.at(0) != UNCOMPRESSED) {
      throw new IllegalArgumentException("a public key on P-256 has 65 bytes and begins with 04");
    }
    try {
      // NIST SP 800-56A, 5.6.2.3.4; the cofactor is 1, so that every point has the right order.
      return new ECPublicKeyParameters(
          DOMAIN.getCurve().decodePoint(publicKey.toByteArray()), DOMAIN);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("a public key is no point of P-256", e);
    }
  }

  private static ECPrivateKeyParameters number(SecretBytes privateKey) {
    return privateKey.use(
        bytes -> new ECPrivateKeyParameters(BigIntegers.fromUnsignedByteArray(bytes), DOMAIN));
  }

  private static Bytes encode(ECPoint point) {
    return Bytes.copyOf(point.getEncoded(false));
  }

  /** A number as 32 bytes. */
  private static byte[] field(BigInteger number) {
    return BigIntegers.asUnsignedByteArray(FIELD_LENGTH, number);
  }

  private static byte[] sha256(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static ECParameterSpec parameters() {
    try {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec("secp256r1"));
      return parameters.getParameterSpec(ECParameterSpec.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has P-256", e);
    }
  }
}
