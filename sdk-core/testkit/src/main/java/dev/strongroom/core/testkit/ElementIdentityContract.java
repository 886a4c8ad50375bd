// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.Hpke;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.device.Capability;
import dev.strongroom.core.device.DecryptionFailedException;
import dev.strongroom.core.device.ElementInfo;
import dev.strongroom.core.device.ElementNotInitializedException;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.identity.Attestation;
import dev.strongroom.core.identity.AttestationStatement;
import dev.strongroom.core.identity.ElementIdentity;
import dev.strongroom.core.identity.SignaturePurpose;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The identity: {@code docs/spec/element-protocol.md}, 2.7. Part of {@link ElementContract}.
 * Certificates and signatures are checked with the platform's means alone.
 *
 * <p>Thread safety: confined to JUnit's thread.
 */
abstract class ElementIdentityContract extends ElementVersionContract {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Bytes CHALLENGE = Bytes.parse("00112233445566778899aabbccddeeff");
  private static final Bytes INFO = Bytes.copyOf("share 1".getBytes(StandardCharsets.US_ASCII));
  private static final Bytes NOTHING = Bytes.copyOf(new byte[0]);

  @Test
  void theCertificatesAreRightByThePlatformsOwnMeans() throws Exception {
    requireCapability(Capability.IDENTITY);
    assertThatThrownBy(() -> element().identity())
        .isInstanceOf(ElementNotInitializedException.class);
    initialize();
    ElementIdentity identity = element().identity();
    List<X509Certificate> certificates = new ArrayList<>();
    for (Certificate certificate :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(identity.encode().toByteArray()))) {
      certificates.add((X509Certificate) certificate);
    }
    assertThat(certificates).hasSize(2);
    PublicKey signer = certificates.get(0).getPublicKey();
    for (X509Certificate certificate : certificates) {
      certificate.verify(signer);
      certificate.checkValidity();
      assertThat(certificate.getSubjectX500Principal().getName())
          .contains("CN=" + element().info().serialNumber());
    }
    assertThat(certificates.get(0).getKeyUsage()[0]).as("digitalSignature").isTrue();
    assertThat(certificates.get(1).getKeyUsage()[4]).as("keyAgreement").isTrue();
    assertThat(identity.signingKey()).isEqualTo(lastOf(certificates.get(0)));
    assertThat(identity.agreementKey()).isEqualTo(lastOf(certificates.get(1)));
    assertThat(identity.serialNumber()).isEqualTo(element().info().serialNumber());
    assertThat(identity.fingerprint()).matches("([0-9a-f]{4} ){7}[0-9a-f]{4}");
    reopen();
    assertThat(element().identity()).isEqualTo(identity);
  }

  @Test
  void aDocumentsSignatureIsRightForThatDocumentAndPurpose() throws Exception {
    requireCapability(Capability.IDENTITY);
    initialize();
    byte[] document = "I owe you a fish.".getBytes(StandardCharsets.UTF_8);
    try (ElementSession session = login(USER_PIN)) {
      Bytes signature = session.sign(SignaturePurpose.DOCUMENT, document);
      assertThat(verified(1, document, signature)).isTrue();
      for (int purpose = 0; purpose <= 8; purpose++) {
        assertThat(verified(purpose, document, signature)).isEqualTo(purpose == 1);
      }
      byte[] other = "I owe you two fish.".getBytes(StandardCharsets.UTF_8);
      assertThat(verified(1, other, signature)).isFalse();
    }
  }

  @Test
  void anAttestationSaysWhatTheElementIsAtThisMoment() throws Exception {
    requireCapability(Capability.ATTESTATION);
    initialize();
    try (ElementSession session = login(USER_PIN)) {
      Attestation attestation = session.attest(CHALLENGE);
      AttestationStatement said = attestation.statement();
      assertThat(verified(2, said.encode().toByteArray(), attestation.signature())).isTrue();
      ElementInfo info = element().info();
      assertThat(said.challenge()).isEqualTo(CHALLENGE);
      assertThat(said.serialNumber()).isEqualTo(info.serialNumber());
      assertThat(said.elementClass()).isEqualTo(info.elementClass());
      assertThat(ElementProtocol.capabilities(said.capabilities())).isEqualTo(info.capabilities());
      assertThat(said.protocolMajor()).isEqualTo(info.protocolMajor());
      assertThat(said.protocolMinor()).isEqualTo(info.protocolMinor());
      assertThat(ElementProtocol.parseStatus(said.status().toByteArray()))
          .isEqualTo(session.status());
      assertThat(said.anchorVersion()).isZero();
      assertThat(session.channelKey())
          .hasValueSatisfying(key -> assertThat(said.channelKey()).isEqualTo(key.point()));

      ElementIdentity identity = element().identity();
      assertThat(attestation.isOf(identity, CHALLENGE)).isTrue();
      Bytes longest = Bytes.copyOf(new byte[AttestationStatement.MAX_CHALLENGE_LENGTH]);
      assertThat(attestation.isOf(identity, longest)).isFalse();
      assertThat(session.attest(longest).isOf(identity, longest)).isTrue();
      assertThatThrownBy(() -> session.attest(Bytes.copyOf(new byte[15])))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> session.attest(Bytes.copyOf(new byte[65])))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void whatIsEncryptedToTheElementOpensInItAlone() throws Exception {
    requireCapability(Capability.IDENTITY);
    initialize();
    Bytes aad = Bytes.parse("0102");
    byte[] message = "the key of the archive".getBytes(StandardCharsets.UTF_8);
    try (ElementSession session = login(USER_PIN);
        Hpke.Sender sender = sender(Hpke.Aead.AES_256_GCM)) {
      Bytes ciphertext = Bytes.copyOf(sender.context().seal(aad.toByteArray(), message));
      try (SecretBytes opened =
          session.hpkeOpen(HpkeSuite.P256, sender.enc(), INFO, aad, ciphertext)) {
        assertThat(clear(opened)).isEqualTo(Bytes.copyOf(message));
      }
      byte[] changed = ciphertext.toByteArray();
      changed[changed.length - 1] ^= 1;
      assertDoesNotOpen(session, sender.enc(), INFO, aad, Bytes.copyOf(changed));
      assertDoesNotOpen(session, sender.enc(), NOTHING, aad, ciphertext);
      assertDoesNotOpen(session, sender.enc(), INFO, NOTHING, ciphertext);
      byte[] offCurve = sender.enc().toByteArray();
      offCurve[64] ^= 1;
      assertDoesNotOpen(session, Bytes.copyOf(offCurve), INFO, aad, ciphertext);
      try (Hpke.Sender other = sender(Hpke.Aead.AES_256_GCM)) {
        assertDoesNotOpen(session, other.enc(), INFO, aad, ciphertext);
        Bytes empty = Bytes.copyOf(other.context().seal(new byte[0], new byte[0]));
        try (SecretBytes opened =
            session.hpkeOpen(HpkeSuite.P256, other.enc(), INFO, NOTHING, empty)) {
          assertThat(opened.length()).isZero();
        }
      }
    }
  }

  @Test
  void anExportedSecretIsTheSendersToo() throws Exception {
    requireCapability(Capability.IDENTITY);
    initialize();
    Bytes use = Bytes.parse("abcd");
    try (ElementSession session = login(USER_PIN);
        Hpke.Sender sender = sender(Hpke.Aead.EXPORT_ONLY)) {
      for (int length : new int[] {1, 32, ElementProtocol.MAX_EXPORT}) {
        try (SecretBytes mine = sender.context().export(use.toByteArray(), length);
            SecretBytes its = session.hpkeExport(HpkeSuite.P256, sender.enc(), INFO, use, length);
            SecretBytes other = session.hpkeExport(HpkeSuite.P256, sender.enc(), INFO, INFO, 32)) {
          assertThat(its.matches(mine)).isTrue();
          assertThat(other.matches(mine)).isFalse();
        }
      }
      byte[] offCurve = sender.enc().toByteArray();
      offCurve[64] ^= 1;
      assertThatThrownBy(
              () -> session.hpkeExport(HpkeSuite.P256, Bytes.copyOf(offCurve), INFO, use, 32))
          .isInstanceOf(DecryptionFailedException.class);
      assertThatThrownBy(() -> session.hpkeExport(HpkeSuite.P256, sender.enc(), INFO, use, 256))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private Hpke.Sender sender(Hpke.Aead aead) throws Exception {
    return Hpke.setupBaseS(
        HpkeSuite.P256,
        aead,
        element().identity().agreementKey(),
        ElementProtocol.hpkeInfo(INFO),
        RANDOM);
  }

  private static void assertDoesNotOpen(
      ElementSession session, Bytes enc, Bytes info, Bytes aad, Bytes ciphertext) {
    assertThatThrownBy(() -> session.hpkeOpen(HpkeSuite.P256, enc, info, aad, ciphertext))
        .isInstanceOf(DecryptionFailedException.class);
  }

  /** Puts together what is signed, and asks the platform. */
  private boolean verified(int purpose, byte[] message, Bytes signature) throws Exception {
    ByteBuffer input = ByteBuffer.allocate(68);
    input.put("Strongroom signature".getBytes(StandardCharsets.US_ASCII));
    input.putInt(32, purpose);
    input.put(36, MessageDigest.getInstance("SHA-256").digest(message));
    Signature verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
    verifier.initVerify(element().identity().signingCertificate());
    verifier.update(input.array());
    return verifier.verify(signature.toByteArray());
  }

  /** The point at the end of a key's SubjectPublicKeyInfo, RFC 5480. */
  private static Bytes lastOf(X509Certificate certificate) {
    byte[] encoded = certificate.getPublicKey().getEncoded();
    return Bytes.copyOf(encoded, encoded.length - 65, 65);
  }
}
