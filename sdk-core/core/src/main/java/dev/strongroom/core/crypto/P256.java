// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.crypto;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EllipticCurve;
import java.util.Arrays;
import javax.crypto.KeyAgreement;

/**
 * The curve P-256 (NIST SP 800-186, 3.2.1.3; secp256r1) as bytes: public keys of {@value
 * #PUBLIC_KEY_LENGTH} bytes, 04 | X | Y, private keys of {@value #PRIVATE_KEY_LENGTH} bytes,
 * signatures by ECDSA with SHA-256 of {@value #SIGNATURE_LENGTH} bytes, R | S (IEEE P1363); all
 * big-endian.
 *
 * <p>The platform keeps private numbers in objects that cannot be zeroed; they live for one call.
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
  private static final String SIGNATURE = "SHA256withECDSAinP1363Format";
  private static final ECParameterSpec PARAMETERS = parameters();
  private static final BigInteger FIELD = ((ECFieldFp) PARAMETERS.getCurve().getField()).getP();

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
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(PARAMETERS, random);
      KeyPair pair = generator.generateKeyPair();
      byte[] secret = field(((ECPrivateKey) pair.getPrivate()).getS());
      return new Pair(encode(((ECPublicKey) pair.getPublic()).getW()), SecretBytes.adopt(secret));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has P-256", e);
    }
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
      return (ECPublicKey)
          KeyFactory.getInstance("EC")
              .generatePublic(new ECPublicKeySpec(point(publicKey), PARAMETERS));
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
      BigInteger number = privateKey.use(bytes -> new BigInteger(1, bytes));
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
    EllipticCurve curve = publicKey.getParams().getCurve();
    if (!curve.equals(PARAMETERS.getCurve())) {
      throw new IllegalArgumentException("the public key is not on P-256");
    }
    return requirePublicKey(encode(publicKey.getW()));
  }

  /**
   * Signs by ECDSA with SHA-256.
   *
   * @param privateKey {@value #PRIVATE_KEY_LENGTH} bytes
   * @param message what is signed, in full
   * @param random where the per-signature secret comes from
   * @return {@value #SIGNATURE_LENGTH} bytes
   */
  public static Bytes sign(SecretBytes privateKey, byte[] message, SecureRandom random) {
    try {
      Signature signature = Signature.getInstance(SIGNATURE);
      signature.initSign(privateKey(privateKey), random);
      signature.update(message);
      return Bytes.copyOf(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has ECDSA on P-256", e);
    }
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
    if (signature.length() != SIGNATURE_LENGTH) {
      return false;
    }
    try {
      Signature verifier = Signature.getInstance(SIGNATURE);
      verifier.initVerify(publicKey(publicKey));
      verifier.update(message);
      return verifier.verify(signature.toByteArray());
    } catch (GeneralSecurityException e) {
      // R or S out of range.
      return false;
    }
  }

  /**
   * ECDH (NIST SP 800-56A, 5.7.1.2).
   *
   * @param privateKey {@value #PRIVATE_KEY_LENGTH} bytes
   * @param publicKey the other side's, {@value #PUBLIC_KEY_LENGTH} bytes
   * @return the X coordinate, 32 bytes, which the caller zeroes
   * @throws IllegalArgumentException if the public key is no point of the curve
   */
  static byte[] agree(SecretBytes privateKey, Bytes publicKey) {
    try {
      KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
      agreement.init(privateKey(privateKey));
      agreement.doPhase(publicKey(publicKey), true);
      return agreement.generateSecret();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has ECDH on P-256", e);
    }
  }

  private static ECPoint point(Bytes publicKey) {
    if (publicKey.length() != PUBLIC_KEY_LENGTH || publicKey.at(0) != UNCOMPRESSED) {
      throw new IllegalArgumentException("a public key on P-256 has 65 bytes and begins with 04");
    }
    byte[] bytes = publicKey.toByteArray();
    BigInteger x = new BigInteger(1, bytes, 1, FIELD_LENGTH);
    BigInteger y = new BigInteger(1, bytes, 1 + FIELD_LENGTH, FIELD_LENGTH);
    EllipticCurve curve = PARAMETERS.getCurve();
    // NIST SP 800-56A, 5.6.2.3.4; the cofactor is 1, so that every point has the right order.
    BigInteger right = x.pow(3).add(curve.getA().multiply(x)).add(curve.getB()).mod(FIELD);
    if (x.compareTo(FIELD) >= 0 || y.compareTo(FIELD) >= 0 || !y.pow(2).mod(FIELD).equals(right)) {
      throw new IllegalArgumentException("a public key is no point of P-256");
    }
    return new ECPoint(x, y);
  }

  private static Bytes encode(ECPoint point) {
    byte[] bytes = new byte[PUBLIC_KEY_LENGTH];
    bytes[0] = UNCOMPRESSED;
    System.arraycopy(field(point.getAffineX()), 0, bytes, 1, FIELD_LENGTH);
    System.arraycopy(field(point.getAffineY()), 0, bytes, 1 + FIELD_LENGTH, FIELD_LENGTH);
    return Bytes.copyOf(bytes);
  }

  /** A number as 32 bytes. */
  private static byte[] field(BigInteger number) {
    byte[] signed = number.toByteArray();
    byte[] bytes = new byte[FIELD_LENGTH];
    int length = Math.min(signed.length, FIELD_LENGTH);
    System.arraycopy(signed, signed.length - length, bytes, FIELD_LENGTH - length, length);
    Arrays.fill(signed, (byte) 0);
    return bytes;
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
