// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.identity;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.crypto.P256;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;

/**
 * Who an element is: its signing key and its agreement key, in two X.509 certificates (RFC 5280) in
 * DER, one after the other. The first is self-signed, the second signed by the first's key; the
 * subject's common name of both is the serial number in hexadecimal.
 *
 * <p>The certificates prove that the keys belong together. Whose they are is a matter of a {@link
 * CertificationChain}, or of a person who has confirmed the {@link #fingerprint()}.
 *
 * <p>Thread safety: immutable.
 */
public final class ElementIdentity {

  private static final Pattern COMMON_NAME =
      Pattern.compile("(?:^|(?<!\\\\),)CN=([0-9a-fA-F]{32})(?:,|$)");
  private static final String ALGORITHM = "SHA256withECDSA";
  private static final int TAG_SEQUENCE = 0x30;
  private static final int LONG_LENGTH = 0x80;

  private final Bytes certificates;
  private final X509Certificate signingCertificate;
  private final X509Certificate agreementCertificate;
  private final Bytes serialNumber;
  private final Bytes signingKey;
  private final Bytes agreementKey;

  private ElementIdentity(
      Bytes certificates, X509Certificate signingCertificate, X509Certificate agreementCertificate)
      throws GeneralSecurityException {
    this.certificates = certificates;
    this.signingCertificate = signingCertificate;
    this.agreementCertificate = agreementCertificate;
    this.signingKey = key(signingCertificate);
    this.agreementKey = key(agreementCertificate);
    this.serialNumber = commonName(signingCertificate);
    if (!commonName(agreementCertificate).equals(serialNumber)) {
      throw new IllegalArgumentException("identity: the certificates name different elements");
    }
    for (X509Certificate certificate :
        new X509Certificate[] {signingCertificate, agreementCertificate}) {
      if (!ALGORITHM.equals(certificate.getSigAlgName())) {
        throw new IllegalArgumentException("identity: not signed by ECDSA with SHA-256");
      }
      certificate.verify(signingCertificate.getPublicKey());
    }
  }

  /**
   * Reads and verifies the certificates.
   *
   * @param certificates two in DER, and nothing else
   * @return the identity
   * @throws IllegalArgumentException if they are malformed, name no element or different ones, or a
   *     signature is wrong
   */
  public static ElementIdentity parse(Bytes certificates) {
    byte[] all = certificates.toByteArray();
    int first = lengthOf(all, 0);
    if (lengthOf(all, first) != all.length - first) {
      throw new IllegalArgumentException("identity: not two certificates in DER");
    }
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      return new ElementIdentity(
          certificates,
          certificate(factory, all, 0, first),
          certificate(factory, all, first, all.length - first));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("identity: a certificate is malformed or forged", e);
    }
  }

  /**
   * Which element it is.
   *
   * @return the serial number that the certificates name, 16 bytes
   */
  public Bytes serialNumber() {
    return serialNumber;
  }

  /**
   * The key that its signatures are verified with.
   *
   * @return a point of P-256, 65 bytes
   */
  public Bytes signingKey() {
    return signingKey;
  }

  /**
   * The key that HPKE encrypts to.
   *
   * @return a point of P-256, 65 bytes
   */
  public Bytes agreementKey() {
    return agreementKey;
  }

  /**
   * The certificate of the signing key.
   *
   * @return X.509, self-signed
   */
  public X509Certificate signingCertificate() {
    return signingCertificate;
  }

  /**
   * The certificate of the agreement key.
   *
   * @return X.509, signed by the signing key
   */
  public X509Certificate agreementCertificate() {
    return agreementCertificate;
  }

  /**
   * The element as a peer whose keys somebody has confirmed.
   *
   * @return its keys
   */
  public Peer.Pinned pinned() {
    return new Peer.Pinned(signingKey, agreementKey);
  }

  /**
   * What two people compare.
   *
   * @return as {@link Peer#fingerprint()}
   */
  public String fingerprint() {
    return pinned().fingerprint();
  }

  /**
   * Writes the certificates.
   *
   * @return both, one after the other
   */
  public Bytes encode() {
    return certificates;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ElementIdentity that && certificates.equals(that.certificates);
  }

  @Override
  public int hashCode() {
    return certificates.hashCode();
  }

  @Override
  public String toString() {
    return "ElementIdentity[" + serialNumber + ", " + fingerprint() + "]";
  }

  /** Length of the DER sequence that begins at an index, header included; X.690, 8.1.3 and 10.1. */
  private static int lengthOf(byte[] all, int at) {
    if (at + 2 > all.length || (all[at] & 0xFF) != TAG_SEQUENCE) {
      throw new IllegalArgumentException("identity: not two certificates in DER");
    }
    int length = all[at + 1] & 0xFF;
    int header = 2;
    if (length >= LONG_LENGTH) {
      int octets = length - LONG_LENGTH;
      if (octets < 1 || octets > 2 || at + 2 + octets > all.length) {
        throw new IllegalArgumentException("identity: a certificate of a length not in DER");
      }
      length = 0;
      for (int i = 0; i < octets; i++) {
        length = length << 8 | (all[at + 2 + i] & 0xFF);
      }
      header += octets;
    }
    if (length > all.length - at - header) {
      throw new IllegalArgumentException("identity: a certificate is cut short");
    }
    return header + length;
  }

  private static X509Certificate certificate(
      CertificateFactory factory, byte[] all, int from, int length)
      throws GeneralSecurityException {
    return (X509Certificate)
        factory.generateCertificate(new ByteArrayInputStream(all, from, length));
  }

  private static Bytes key(X509Certificate certificate) {
    if (certificate.getPublicKey() instanceof ECPublicKey key) {
      return P256.encode(key);
    }
    throw new IllegalArgumentException("identity: a key that is not on P-256");
  }

  private static Bytes commonName(X509Certificate certificate) {
    Matcher name =
        COMMON_NAME.matcher(certificate.getSubjectX500Principal().getName(X500Principal.RFC2253));
    if (!name.find()) {
      throw new IllegalArgumentException("identity: a certificate names no element");
    }
    return Bytes.parse(name.group(1));
  }
}
