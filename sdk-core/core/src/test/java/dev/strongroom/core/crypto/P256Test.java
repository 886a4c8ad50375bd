// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strongroom.core.Bytes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class P256Test {

  private static final SecureRandom RANDOM = new SecureRandom();

  /** The base point, NIST SP 800-186, 3.2.1.3. */
  private static final Bytes BASE =
      Bytes.parse(
          "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
              + "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");

  @Test
  void onlyPointsOfTheCurveArePublicKeys() {
    assertThat(P256.requirePublicKey(BASE)).isEqualTo(BASE);
    for (int at = 0; at < BASE.length(); at++) {
      byte[] changed = BASE.toByteArray();
      changed[at] ^= 1;
      assertThatThrownBy(() -> P256.requirePublicKey(Bytes.copyOf(changed)))
          .as("byte %d", at)
          .isInstanceOf(IllegalArgumentException.class);
    }
    byte[] infinity = new byte[65];
    infinity[0] = 4;
    assertThatThrownBy(() -> P256.requirePublicKey(Bytes.copyOf(infinity)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> P256.requirePublicKey(Bytes.copyOf(new byte[1])))
        .isInstanceOf(IllegalArgumentException.class);
    // X is 5, and once more 5 + p.
    Bytes field = Bytes.parse("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    byte[] tooLarge = BASE.toByteArray();
    field.copyTo(tooLarge, 1);
    assertThatThrownBy(() -> P256.requirePublicKey(Bytes.copyOf(tooLarge)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aKeyOfAnotherCurveIsRefused() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp384r1"));
    ECPublicKey other = (ECPublicKey) generator.generateKeyPair().getPublic();
    assertThatThrownBy(() -> P256.encode(other)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void thePlatformVerifiesWhatIsSigned() throws Exception {
    byte[] message = "a message".getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < 20; i++) {
      try (P256.Pair pair = P256.generate(RANDOM)) {
        Bytes signature = P256.sign(pair.privateKey(), message);
        Signature platform = Signature.getInstance("SHA256withECDSAinP1363Format");
        platform.initVerify(P256.publicKey(pair.publicKey()));
        platform.update(message);
        assertThat(platform.verify(signature.toByteArray())).isTrue();
        assertThat(P256.verifies(pair.publicKey(), message, signature)).isTrue();
        assertThat(P256.verifies(BASE, message, signature)).isFalse();
        assertThat(P256.encode(P256.publicKey(pair.publicKey()))).isEqualTo(pair.publicKey());
      }
    }
  }

  @Test
  void signaturesOfAWrongFormAreWrong() {
    byte[] message = {1};
    assertThat(P256.verifies(BASE, message, Bytes.copyOf(new byte[64]))).isFalse();
    assertThat(P256.verifies(BASE, message, Bytes.copyOf(new byte[63]))).isFalse();
    assertThat(P256.verifies(BASE, message, Bytes.copyOf(new byte[65]))).isFalse();
    assertThat(P256.verifies(BASE, message, Bytes.parse("ff".repeat(64)))).isFalse();
  }

  @Test
  void wycheproofsSignaturesAreJudgedRightly() throws Exception {
    String folder = System.getProperty("vectors.dir", "");
    Path file = Path.of(folder, "wycheproof", "ecdsa_secp256r1_sha256_p1363_test.json");
    assumeTrue(!folder.isEmpty() && Files.exists(file), "no Wycheproof vectors here");
    Pattern part =
        Pattern.compile(
            "\"uncompressed\"\\s*:\\s*\"(?<key>\\w+)\"|\"msg\"\\s*:\\s*\"(?<msg>\\w*)\""
                + "|\"sig\"\\s*:\\s*\"(?<sig>\\w*)\"|\"result\"\\s*:\\s*\"(?<result>\\w+)\"");
    Matcher in = part.matcher(Files.readString(file));
    Bytes key = BASE;
    Bytes message = BASE;
    Bytes signature = BASE;
    int judged = 0;
    while (in.find()) {
      if (in.group("key") != null) {
        key = Bytes.parse(in.group("key"));
      } else if (in.group("msg") != null) {
        message = Bytes.parse(in.group("msg"));
      } else if (in.group("sig") != null) {
        signature = Bytes.parse(in.group("sig"));
      } else {
        boolean valid = in.group("result").equals("valid");
        assertThat(P256.verifies(key, message.toByteArray(), signature))
            .as("message %s, signature %s", message, signature)
            .isEqualTo(valid);
        judged++;
      }
    }
    assertThat(judged).isGreaterThan(100);
  }
}
