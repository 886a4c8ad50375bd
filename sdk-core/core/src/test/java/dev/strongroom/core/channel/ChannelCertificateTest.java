// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("jdk25")
class ChannelCertificateTest {

  @Test
  void itHasTheBytesOfTheSpecification() throws Exception {
    assertThat(ChannelCertificate.sign(ScpTrace.SERIAL_NUMBER, ScpTrace.CHANNEL))
        .isEqualTo(ScpTrace.CERTIFICATE);
    ChannelCertificate read = ChannelCertificate.parse(ScpTrace.CERTIFICATE.toByteArray());
    assertThat(read.serialNumber()).isEqualTo(ScpTrace.SERIAL_NUMBER);
    assertThat(read.key()).isEqualTo(ScpTrace.CHANNEL.publicKey());
    assertThat(Bytes.copyOf(ChannelCertificate.request().encode())).hasToString("80cabf2100");
  }

  @Test
  void thePlatformVerifiesTheSignature() throws Exception {
    byte[] certificate = ScpTrace.CERTIFICATE.toByteArray();
    ECPrivateKey parameters = (ECPrivateKey) platformKey(ScpTrace.CHANNEL);
    byte[] point = ScpTrace.CHANNEL.publicKey().point().toByteArray();
    ECPoint w =
        new ECPoint(
            new BigInteger(1, Arrays.copyOfRange(point, 1, 33)),
            new BigInteger(1, Arrays.copyOfRange(point, 33, 65)));
    Signature verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
    verifier.initVerify(
        KeyFactory.getInstance("EC")
            .generatePublic(new ECPublicKeySpec(w, parameters.getParams())));
    // BF21 81 D9 and 7F21 81 D5 before, 5F37 40 and 64 bytes after.
    verifier.update(certificate, 8, certificate.length - 8 - 67);
    assertThat(verifier.verify(certificate, certificate.length - 64, 64)).isTrue();
  }

  @Test
  void aChangeOfAnyBitIsRefused() throws Exception {
    byte[] certificate = ScpTrace.CERTIFICATE.toByteArray();
    for (int bit = 0; bit < 8 * certificate.length; bit++) {
      certificate[bit / 8] ^= (byte) (1 << bit % 8);
      int flipped = bit;
      assertThatThrownBy(() -> ChannelCertificate.parse(certificate))
          .as("bit %d", flipped)
          .isInstanceOfAny(IllegalArgumentException.class, SignatureException.class);
      certificate[bit / 8] ^= (byte) (1 << bit % 8);
    }
    ChannelCertificate.parse(certificate);
    for (int length = 0; length < certificate.length; length++) {
      byte[] cut = Arrays.copyOf(certificate, length);
      assertThatThrownBy(() -> ChannelCertificate.parse(cut))
          .isInstanceOf(IllegalArgumentException.class);
    }
    byte[] longer = Arrays.copyOf(certificate, certificate.length + 1);
    assertThatThrownBy(() -> ChannelCertificate.parse(longer))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void fingerprintsAreShownInGroups() {
    ChannelKey key = ScpTrace.CHANNEL.publicKey();
    assertThat(key.fingerprint()).hasToString(ScpTrace.FINGERPRINT);
    assertThat(key.fingerprintText()).isEqualTo("5638 0e02 8c39 32e5 5325 6c7b c429 27ab");
    assertThat(key).hasToString("ChannelKey[5638 0e02 8c39 32e5 5325 6c7b c429 27ab]");
    assertThat(ScpTrace.CHANNEL)
        .hasToString("ChannelKeyPair[5638 0e02 8c39 32e5 5325 6c7b c429 27ab]");
  }

  @Test
  void pointsOffTheCurveAreNoKeys() {
    byte[] point = ScpTrace.CHANNEL.publicKey().point().toByteArray();
    for (int at = 0; at < point.length; at++) {
      byte[] changed = point.clone();
      changed[at] ^= 1;
      assertThatThrownBy(() -> new ChannelKey(Bytes.copyOf(changed)))
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (String other : new String[] {"", "00", "04", "04" + "00".repeat(64)}) {
      assertThatThrownBy(() -> new ChannelKey(Bytes.parse(other)))
          .isInstanceOf(IllegalArgumentException.class);
    }
    byte[] compressed = Arrays.copyOf(point, 33);
    compressed[0] = 0x03;
    assertThatThrownBy(() -> new ChannelKey(Bytes.copyOf(compressed)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void keyPairsComeBackFromWhatThePlatformAndWeHaveStored() throws Exception {
    ChannelKeyPair ours = ChannelKeyPair.generate(new SecureRandom());
    assertThat(ChannelKeyPair.parse(ours.encode()).publicKey()).isEqualTo(ours.publicKey());
    assertThat(((ECPrivateKey) platformKey(ours)).getS()).isEqualTo(number(ours));
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    ECPrivateKey theirs = (ECPrivateKey) generator.generateKeyPair().getPrivate();
    assertThat(number(ChannelKeyPair.parse(SecretBytes.copyOf(theirs.getEncoded()))))
        .isEqualTo(theirs.getS());
    generator.initialize(new ECGenParameterSpec("secp384r1"));
    byte[] other = generator.generateKeyPair().getPrivate().getEncoded();
    assertThatThrownBy(() -> ChannelKeyPair.parse(SecretBytes.copyOf(other)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("P-256");
    for (int length : new int[] {0, 1, 40}) {
      byte[] cut = Arrays.copyOf(theirs.getEncoded(), length);
      assertThatThrownBy(() -> ChannelKeyPair.parse(SecretBytes.copyOf(cut)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static PrivateKey platformKey(ChannelKeyPair pair) throws Exception {
    try (SecretBytes encoded = pair.encode()) {
      return encoded.use(
          bytes -> KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(bytes)));
    }
  }

  private static BigInteger number(ChannelKeyPair pair) {
    return pair.pair().privateKey().use(bytes -> new BigInteger(1, bytes));
  }
}
