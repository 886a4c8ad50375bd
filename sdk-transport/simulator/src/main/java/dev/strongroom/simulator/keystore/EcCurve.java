// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator.keystore;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.agreement.ECDHBasicAgreement;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.util.BigIntegers;

/**
 * A curve of NIST SP 800-186 as bytes: private keys of as many bytes as the field has, points 04 |
 * X | Y, signatures R | S; all big-endian.
 *
 * <p>Private numbers become objects that cannot be zeroed; they live for one call. Bouncy Castle,
 * because the JDK 17 takes several times as long.
 *
 * <p>Thread safety: immutable.
 */
final class EcCurve {

  static final EcCurve P256 = new EcCurve("secp256r1", 32, SHA256Digest::new);
  static final EcCurve P384 = new EcCurve("secp384r1", 48, SHA384Digest::new);

  private static final byte UNCOMPRESSED = 0x04;

  private final ECDomainParameters domain;
  private final int length;
  private final Supplier<Digest> digest;

  private EcCurve(String name, int length, Supplier<Digest> digest) {
    this.domain = new ECDomainParameters(CustomNamedCurves.getByName(name));
    this.length = length;
    this.digest = digest;
  }

  SecretBytes generate(SecureRandom random) {
    ECKeyPairGenerator generator = new ECKeyPairGenerator();
    generator.init(new ECKeyGenerationParameters(domain, random));
    var made = (ECPrivateKeyParameters) generator.generateKeyPair().getPrivate();
    return SecretBytes.adopt(BigIntegers.asUnsignedByteArray(length, made.getD()));
  }

  /** Whether a number is between 1 and the order less 1. */
  boolean isPrivateKey(SecretBytes value) {
    BigInteger number = value.use(BigIntegers::fromUnsignedByteArray);
    return number.signum() > 0 && number.compareTo(domain.getN()) < 0;
  }

  Bytes publicKey(SecretBytes value) {
    return Bytes.copyOf(domain.getG().multiply(number(value).getD()).normalize().getEncoded(false));
  }

  /** ECDSA (FIPS 186-5, 6.4) of a digest; the same one gives the same signature (RFC 6979). */
  Bytes sign(SecretBytes value, byte[] hash) {
    ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(digest.get()));
    signer.init(true, number(value));
    BigInteger[] rs = signer.generateSignature(hash);
    byte[] signature = new byte[2 * length];
    BigIntegers.asUnsignedByteArray(rs[0], signature, 0, length);
    BigIntegers.asUnsignedByteArray(rs[1], signature, length, length);
    return Bytes.copyOf(signature);
  }

  /** ECDH (NIST SP 800-56A, 5.7.1.2): the X coordinate, or empty if the other is no point. */
  Optional<SecretBytes> agree(SecretBytes value, Bytes point) {
    byte[] encoded = point.toByteArray();
    if (encoded.length != 1 + 2 * length || encoded[0] != UNCOMPRESSED) {
      return Optional.empty();
    }
    try {
      // NIST SP 800-56A, 5.6.2.3.4; the cofactor is 1, so that every point has the right order.
      var other = new ECPublicKeyParameters(domain.getCurve().decodePoint(encoded), domain);
      ECDHBasicAgreement agreement = new ECDHBasicAgreement();
      agreement.init(number(value));
      byte[] x = BigIntegers.asUnsignedByteArray(length, agreement.calculateAgreement(other));
      return Optional.of(SecretBytes.adopt(x));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    } finally {
      Arrays.fill(encoded, (byte) 0);
    }
  }

  int digestLength() {
    return length;
  }

  private ECPrivateKeyParameters number(SecretBytes value) {
    return value.use(
        bytes -> new ECPrivateKeyParameters(BigIntegers.fromUnsignedByteArray(bytes), domain));
  }
}
