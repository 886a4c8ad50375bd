// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.AEADBadTagException;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContext;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("jdk25")
class HpkeTest {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] INFO = "Strongroom share\0test".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] USE = "use".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] MESSAGE = "a message".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] AAD = {1, 2};
  private static final byte[] NOTHING = {};
  private static final Pattern FIELD = Pattern.compile("\"(\\w+)\"\\s*:\\s*\"([^\"]*)\"");
  private static final Pattern SUITE = Pattern.compile("(?=\"suite\")");
  private static final Pattern INNER = Pattern.compile("\\{[^{}]*}");

  /** Made with Bouncy Castle's HPKE: private keys 01.. and 02... */
  private static final P256.Pair EPHEMERAL =
      pair(
          "046ff03b949241ce1dadd43519e6960e0a85b41a69a05c328103aa2bce1594ca16"
              + "3c4f753a55bf01dc53f6c0b0c7eee78b40c6ff7d25a96e2282b989cef71c144a",
          "01".repeat(32));

  private static final P256.Pair RECEIVER =
      pair(
          "04550f471003f3df97c3df506ac797f6721fb1a1fb7b8f6f83d224498a65c88e24"
              + "136093d7012e509a73715cbd0b00a3cc0ff4b5c01b3ffa196ab1fb327036b8e6",
          "02".repeat(32));

  private static P256.Pair pair(String publicKey, String privateKey) {
    return new P256.Pair(
        Bytes.parse(publicKey), SecretBytes.adopt(Bytes.parse(privateKey).toByteArray()));
  }

  @Test
  void bothSidesComputeWhatAnotherProgramComputed() throws Exception {
    Bytes first = Bytes.parse("c15753171450d3107d76b7a6c04853d0a59ce6ef969cd1c49a");
    Bytes second = Bytes.parse("10595278ce78af203c4b699880ef09c35f7289a224b13aac6f");
    try (Hpke.Sender sender =
            Hpke.setupBaseS(
                HpkeSuite.P256,
                Hpke.Aead.AES_256_GCM,
                RECEIVER.publicKey(),
                INFO,
                EPHEMERAL.privateKey());
        HpkeContext receiver =
            Hpke.setupBaseR(Hpke.Aead.AES_256_GCM, sender.enc(), HpkeKeyPair.of(RECEIVER), INFO)) {
      assertThat(sender.enc()).isEqualTo(EPHEMERAL.publicKey());
      assertThat(Bytes.copyOf(sender.context().seal(AAD, MESSAGE))).isEqualTo(first);
      assertThat(Bytes.copyOf(sender.context().seal(NOTHING, MESSAGE))).isEqualTo(second);
      assertThat(clear(sender.context().export(USE, 40)))
          .isEqualTo(
              "18c8bada102eefae979bc66f9e14e52d92235a852dec8e5de03f8c1071b84b36b0521872657156f9");
      assertThatThrownBy(() -> receiver.open(NOTHING, second.toByteArray()))
          .isInstanceOf(AEADBadTagException.class);
      assertThat(clear(receiver.open(AAD, first.toByteArray())))
          .isEqualTo(Bytes.copyOf(MESSAGE).toString());
      assertThatThrownBy(() -> receiver.open(AAD, first.toByteArray()))
          .isInstanceOf(AEADBadTagException.class);
      assertThat(clear(receiver.open(NOTHING, second.toByteArray())))
          .isEqualTo(Bytes.copyOf(MESSAGE).toString());
      assertThatThrownBy(() -> receiver.open(NOTHING, new byte[15]))
          .isInstanceOf(AEADBadTagException.class);
    }
    try (Hpke.Sender sender =
            Hpke.setupBaseS(
                HpkeSuite.P256,
                Hpke.Aead.EXPORT_ONLY,
                RECEIVER.publicKey(),
                INFO,
                EPHEMERAL.privateKey());
        HpkeContext receiver =
            Hpke.setupBaseR(Hpke.Aead.EXPORT_ONLY, sender.enc(), HpkeKeyPair.of(RECEIVER), INFO)) {
      assertThat(clear(receiver.export(USE, 40)))
          .isEqualTo(
              "053afaad298e531da5b70129cd9b236d7ee3914f9cc4cdfb8c1f5dc966dacf74bf97ac24b0146452");
      assertThatThrownBy(() -> receiver.open(NOTHING, new byte[20]))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> sender.context().seal(NOTHING, NOTHING))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void anotherProgramOpensWhatWasSealedAndTheOtherWayRound() throws Exception {
    HPKE other =
        new HPKE(HPKE.mode_base, HPKE.kem_P256_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256);
    for (int length : new int[] {0, 1, 64, 5000}) {
      byte[] message = new byte[length];
      RANDOM.nextBytes(message);
      AsymmetricCipherKeyPair theirs = other.generatePrivateKey();
      Bytes theirKey = Bytes.copyOf(other.serializePublicKey(theirs.getPublic()));
      try (Hpke.Sender sender =
          Hpke.setupBaseS(HpkeSuite.P256, Hpke.Aead.AES_256_GCM, theirKey, INFO, RANDOM)) {
        HPKEContext opening = other.setupBaseR(sender.enc().toByteArray(), theirs, INFO);
        assertThat(opening.open(AAD, sender.context().seal(AAD, message))).isEqualTo(message);
      }
      try (P256.Pair ours = P256.generate(RANDOM)) {
        HPKEContextWithEncapsulation sealing =
            other.setupBaseS(other.deserializePublicKey(ours.publicKey().toByteArray()), INFO);
        Bytes enc = Bytes.copyOf(sealing.getEncapsulation());
        try (HpkeContext opening =
                Hpke.setupBaseR(Hpke.Aead.AES_256_GCM, enc, HpkeKeyPair.of(ours), INFO);
            SecretBytes opened = opening.open(AAD, sealing.seal(AAD, message))) {
          assertThat(opened.<byte[], RuntimeException>use(byte[]::clone)).isEqualTo(message);
        }
      }
    }
  }

  @Test
  void theValuesOfTheRfcComeOut() throws Exception {
    int contexts = 0;
    for (Map<String, String> values : vectors()) {
      HpkeSuite suite =
          switch (value(values, "kem_id")) {
            case "16" -> HpkeSuite.P256;
            case "32" -> HpkeSuite.X25519;
            default -> null;
          };
      Hpke.Aead aead =
          switch (value(values, "aead_id")) {
            case "1" -> Hpke.Aead.AES_128_GCM;
            case "2" -> Hpke.Aead.AES_256_GCM;
            case "65535" -> Hpke.Aead.EXPORT_ONLY;
            default -> null;
          };
      if (suite == null
          || aead == null
          || !value(values, "mode").equals("0")
          || !value(values, "kdf_id").equals("1")) {
        continue;
      }
      contexts++;
      byte[] info = bytes(values, "info");
      try (HpkeKeyPair receiver = suite.pair(secret(value(values, "skRm")));
          SecretBytes ephemeral = secret(value(values, "skEm"));
          Hpke.Sender sender = Hpke.setupBaseS(suite, aead, receiver.publicKey(), info, ephemeral);
          HpkeContext receiving = Hpke.setupBaseR(aead, sender.enc(), receiver, info)) {
        assertThat(receiver.publicKey()).hasToString(value(values, "pkRm"));
        assertThat(sender.enc()).hasToString(value(values, "enc"));
        int messages = 0;
        long sequence = 0;
        for (Map<String, String> message : inner(value(values, "all"), "ct")) {
          // The RFC prints some of the messages only.
          for (; sequence < Long.parseLong(value(message, "sequence_number")); sequence++) {
            byte[] passed = sender.context().seal(NOTHING, NOTHING);
            receiving.open(NOTHING, passed).close();
          }
          byte[] sealed = sender.context().seal(bytes(message, "aad"), bytes(message, "pt"));
          assertThat(Bytes.copyOf(sealed)).hasToString(value(message, "ct"));
          assertThat(clear(receiving.open(bytes(message, "aad"), sealed)))
              .isEqualTo(value(message, "pt"));
          sequence++;
          messages++;
        }
        assertThat(messages > 0).isEqualTo(aead != Hpke.Aead.EXPORT_ONLY);
        int exports = 0;
        for (Map<String, String> export : inner(value(values, "all"), "exported_value")) {
          int length = Integer.parseInt(value(export, "L"));
          assertThat(clear(receiving.export(bytes(export, "exporter_context"), length)))
              .isEqualTo(value(export, "exported_value"));
          exports++;
        }
        assertThat(exports).isPositive();
      }
    }
    // Both KEMs with AES-128-GCM, and X25519 with export only.
    assertThat(contexts).isEqualTo(3);
  }

  private static SecretBytes secret(String hex) {
    return SecretBytes.adopt(Bytes.parse(hex).toByteArray());
  }

  private static List<Map<String, String>> vectors() throws IOException {
    String folder = System.getProperty("vectors.dir", "");
    Path file = Path.of(folder, "hpke", "rfc9180.json");
    assumeTrue(!folder.isEmpty() && Files.exists(file), "no vectors of RFC 9180 here");
    String text = Files.readString(file);
    List<Map<String, String>> vectors = new ArrayList<>();
    for (String part : SUITE.splitAsStream(text).toList()) {
      if (part.startsWith("\"suite\"")) {
        Map<String, String> values = fields(INNER.matcher(part).replaceAll(""));
        values.put("all", part);
        vectors.add(values);
      }
    }
    return vectors;
  }

  private static List<Map<String, String>> inner(String text, String field) {
    List<Map<String, String>> found = new ArrayList<>();
    Matcher objects = INNER.matcher(text);
    while (objects.find()) {
      Map<String, String> values = fields(objects.group());
      if (values.containsKey(field)) {
        found.add(values);
      }
    }
    return found;
  }

  private static Map<String, String> fields(String text) {
    Map<String, String> values = new HashMap<>();
    Matcher field = FIELD.matcher(text);
    while (field.find()) {
      values.putIfAbsent(field.group(1), field.group(2));
    }
    return values;
  }

  private static String value(Map<String, String> values, String field) {
    return values.getOrDefault(field, "");
  }

  private static byte[] bytes(Map<String, String> values, String field) {
    return Bytes.parse(value(values, field)).toByteArray();
  }

  private static String clear(SecretBytes secret) {
    try (secret) {
      return secret.use(Bytes::copyOf).toString();
    }
  }
}
