// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.channel;

import dev.strongroom.core.Bytes;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.bouncycastle.crypto.agreement.ECDHBasicAgreement;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.util.BigIntegers;

/**
 * The curve P-256 (NIST SP 800-186, 3.2.1.3): points of 65 bytes 04 | X | Y, ECDH, ECDSA with
 * SHA-256 and signatures of 64 bytes R | S.
 *
 * <p>Thread safety: immutable.
 */
final class P256 {

  static final int POINT_LENGTH = 65;
  static final int FIELD_LENGTH = 32;
  static final int SIGNATURE_LENGTH = 2 * FIELD_LENGTH;

  static final ECDomainParameters DOMAIN =
      new ECDomainParameters(CustomNamedCurves.getByName("secp256r1"));

  private static final int UNCOMPRESSED = 0x04;

  private P256() {}

  /**
   * Reads a point.
   *
   * @throws IllegalArgumentException if it is not an uncompressed point of the curve
   */
  static ECPublicKeyParameters point(byte[] encoded) {
    if (encoded.length != POINT_LENGTH || encoded[0] != UNCOMPRESSED) {
      throw new IllegalArgumentException("a point of P-256 has 65 bytes and begins with 04");
    }
    try {
      return new ECPublicKeyParameters(DOMAIN.getCurve().decodePoint(encoded), DOMAIN);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the point is not on P-256", e);
    }
  }

  static byte[] encode(ECPublicKeyParameters key) {
    return key.getQ().getEncoded(false);
  }

  static ECPublicKeyParameters publicKey(ECPrivateKeyParameters key) {
    return new ECPublicKeyParameters(DOMAIN.getG().multiply(key.getD()).normalize(), DOMAIN);
  }

  /** The X coordinate of the shared point, 32 bytes, which the caller zeroes. */
  static byte[] agree(ECPrivateKeyParameters own, ECPublicKeyParameters other) {
    ECDHBasicAgreement agreement = new ECDHBasicAgreement();
    agreement.init(own);
    return BigIntegers.asUnsignedByteArray(FIELD_LENGTH, agreement.calculateAgreement(other));
  }

  /** Signs; the same message gives the same signature (RFC 6979). */
  static byte[] sign(ECPrivateKeyParameters key, byte[] message) {
    ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(SHA256Digest.newInstance()));
    signer.init(true, key);
    BigInteger[] rs = signer.generateSignature(sha256(message));
    byte[] signature = new byte[SIGNATURE_LENGTH];
    BigIntegers.asUnsignedByteArray(rs[0], signature, 0, FIELD_LENGTH);
    BigIntegers.asUnsignedByteArray(rs[1], signature, FIELD_LENGTH, FIELD_LENGTH);
    return signature;
  }

  static boolean verify(ECPublicKeyParameters key, byte[] message, Bytes signature) {
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

  static byte[] sha256(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
