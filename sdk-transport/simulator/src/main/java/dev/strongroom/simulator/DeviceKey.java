// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
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
 * The secure channel's key pair on P-256 and its self-signed certificate.
 *
 * <p>It proves no identity, since it is not under a PIN; a host pins it at first use.
 *
 * <p>Thread safety: immutable.
 *
 * @param privateKey PKCS#8, DER
 * @param certificate X.509, DER; the subject's common name is the serial number
 */
record DeviceKey(Bytes privateKey, Bytes certificate) {

  /** No well-defined end, RFC 5280, 4.1.2.5. */
  private static final Instant NO_END = Instant.parse("9999-12-31T23:59:59Z");

  static DeviceKey generate(Bytes serialNumber, Instant now, SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      KeyPair pair = generator.generateKeyPair();
      X500Name name = new X500Name("CN=" + serialNumber + ",O=Strongroom simulated element");
      // Positive and 16 bytes at most, RFC 5280, 4.1.2.2.
      BigInteger number = new BigInteger(127, random).add(BigInteger.ONE);
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              name, number, Date.from(now), Date.from(NO_END), name, pair.getPublic());
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyAgreement));
      byte[] certificate =
          builder
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
              .getEncoded();
      return new DeviceKey(Bytes.copyOf(pair.getPrivate().getEncoded()), Bytes.copyOf(certificate));
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException("every Java platform has P-256 and SHA-256", e);
    }
  }
}
