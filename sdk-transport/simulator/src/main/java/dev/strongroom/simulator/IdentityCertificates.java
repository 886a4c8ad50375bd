// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.crypto.P256;
import java.io.IOException;
import java.math.BigInteger;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Makes the certificates of an element's identity: of the signing key, self-signed, and of the
 * agreement key, signed by the signing key (X.509, RFC 5280).
 *
 * <p>Thread safety: immutable.
 */
final class IdentityCertificates {

  /** No well-defined end, RFC 5280, 4.1.2.5. */
  private static final Instant NO_END = Instant.parse("9999-12-31T23:59:59Z");

  private static final int SIGNING =
      KeyUsage.digitalSignature | KeyUsage.nonRepudiation | KeyUsage.keyCertSign;

  private IdentityCertificates() {}

  /** Both certificates in DER, one after the other. */
  static Bytes make(Bytes serialNumber, IdentityKeys keys, Instant now, SecureRandom random) {
    X500Name name = new X500Name("CN=" + serialNumber + ",O=Strongroom simulated element");
    byte[] signing = certificate(name, keys.signing(), SIGNING, keys, now, random);
    byte[] agreement =
        certificate(name, keys.agreement(), KeyUsage.keyAgreement, keys, now, random);
    byte[] both = new byte[signing.length + agreement.length];
    System.arraycopy(signing, 0, both, 0, signing.length);
    System.arraycopy(agreement, 0, both, signing.length, agreement.length);
    return Bytes.copyOf(both);
  }

  private static byte[] certificate(
      X500Name name,
      P256.Pair subject,
      int usage,
      IdentityKeys keys,
      Instant now,
      SecureRandom random) {
    // Positive and 16 bytes at most, RFC 5280, 4.1.2.2.
    BigInteger number = new BigInteger(127, random).add(BigInteger.ONE);
    try {
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              name,
              number,
              Date.from(now),
              Date.from(NO_END),
              name,
              P256.publicKey(subject.publicKey()));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
      PrivateKey signer = P256.privateKey(keys.signing().privateKey());
      return builder
          .build(
              new JcaContentSignerBuilder("SHA256withECDSA").setSecureRandom(random).build(signer))
          .getEncoded();
    } catch (OperatorCreationException | IOException e) {
      throw new IllegalStateException("every Java platform has P-256 and SHA-256", e);
    }
  }
}
