// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.AgreementSide;
import dev.strongroom.core.device.DecryptionFailedException;
import dev.strongroom.core.device.ElementKeys;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.KeyUseHead;
import dev.strongroom.core.device.KeyWrapForm;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyFlag;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyPeriods;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyUsage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Wycheproof's tests through the commands of an element, where they are. */
@Tag("jdk25")
class KeyWycheproofTest {

  private static final Pattern TEST = Pattern.compile("\\{[^{}]*\"tcId\"[^{}]*}");
  private static final Pattern FIELD = Pattern.compile("\"(\\w+)\"\\s*:\\s*\"([^\"]*)\"");
  private static final String P256_PREFIX = "3059301306072a8648ce3d020106082a8648ce3d030107034200";

  private final SecureElement element;
  private final ElementSession session;
  private final ElementKeys keys;
  private final Map<String, KeyId> imported = new HashMap<>();

  KeyWycheproofTest() throws Exception {
    element = Stored.open(Stored.initialized());
    session = element.login(Stored.pin(Stored.USER_PIN));
    keys = session.keys();
  }

  @AfterEach
  void close() {
    session.close();
    element.close();
  }

  private static String json(String name) throws IOException {
    Path file = Path.of(System.getProperty("vectors.dir", "vectors"), "wycheproof", name);
    assumeTrue(Files.isRegularFile(file), "vectors.dir has no wycheproof/" + name);
    return Files.readString(file);
  }

  private static List<Map<String, String>> tests(String json) {
    List<Map<String, String>> tests = new ArrayList<>();
    Matcher all = TEST.matcher(json);
    while (all.find()) {
      Map<String, String> values = new HashMap<>();
      values.put("all", all.group());
      Matcher field = FIELD.matcher(all.group());
      while (field.find()) {
        values.put(field.group(1), field.group(2));
      }
      tests.add(values);
    }
    return tests;
  }

  private static byte[] bytes(Map<String, String> test, String field) {
    return Bytes.parse(test.getOrDefault(field, "")).toByteArray();
  }

  private static boolean isValid(Map<String, String> test) {
    return test.getOrDefault("result", "").equals("valid");
  }

  private static Bytes clear(SecretBytes secret) {
    try (secret) {
      return secret.use(Bytes::copyOf);
    }
  }

  /** The key of a value; many tests have the same. */
  private KeyId imported(KeyAlgorithm algorithm, KeyUsage usage, byte[] value) throws Exception {
    String known = algorithm + " " + Bytes.copyOf(value);
    KeyId key = imported.get(known);
    if (key != null) {
      return key;
    }
    key = new KeyId(Bytes.copyOf(ByteBuffer.allocate(16).putInt(12, imported.size() + 1).array()));
    imported.put(known, key);
    keys.store()
        .importKey(
            new KeyAttributes(
                key,
                KeyState.ACTIVE,
                algorithm,
                Set.of(usage),
                Set.of(KeyFlag.HOST_KEYS),
                Optional.empty(),
                usage == KeyUsage.ENCRYPTION ? 1000 : 0,
                KeyPeriods.UNLIMITED,
                Bytes.parse("a1b2c3d4")),
            SecretBytes.copyOf(value));
    return key;
  }

  private static KeyAlgorithm aes(int length) {
    return switch (length) {
      case 16 -> KeyAlgorithm.AES_128;
      case 24 -> KeyAlgorithm.AES_192;
      default -> KeyAlgorithm.AES_256;
    };
  }

  @Test
  void aesGcmOpensWhatIsRightAndNothingElse() throws Exception {
    int done = 0;
    for (Map<String, String> test : tests(json("aes_gcm_test.json"))) {
      byte[] iv = bytes(test, "iv");
      byte[] tag = bytes(test, "tag");
      if (iv.length != 12 || tag.length != 16) {
        continue;
      }
      byte[] value = bytes(test, "key");
      byte[] ciphertext = bytes(test, "ct");
      KeyId key = imported(aes(value.length), KeyUsage.ENCRYPTION, value);
      ByteBuffer sealed =
          ByteBuffer.allocate(28 + ciphertext.length).put(iv).put(ciphertext).put(tag).flip();
      ByteBuffer plain = ByteBuffer.allocate(ciphertext.length);
      ByteBuffer aad = ByteBuffer.wrap(bytes(test, "aad"));
      if (isValid(test)) {
        keys.use().decrypt(KeyUseHead.NONE, key, aad, sealed, plain);
        assertThat(plain.array()).as("%s", test.get("all")).isEqualTo(bytes(test, "msg"));
      } else {
        assertThatThrownBy(() -> keys.use().decrypt(KeyUseHead.NONE, key, aad, sealed, plain))
            .as("%s", test.get("all"))
            .isInstanceOf(DecryptionFailedException.class);
      }
      done++;
    }
    assertThat(done).isEqualTo(197);
  }

  @Test
  void hmacVerifiesWhatIsRightAndNothingElse() throws Exception {
    Map<String, KeyAlgorithm> files =
        Map.of(
            "hmac_sha256_test.json", KeyAlgorithm.HMAC_SHA_256,
            "hmac_sha384_test.json", KeyAlgorithm.HMAC_SHA_384,
            "hmac_sha512_test.json", KeyAlgorithm.HMAC_SHA_512);
    int done = 0;
    for (Map.Entry<String, KeyAlgorithm> file : files.entrySet()) {
      for (Map<String, String> test : tests(json(file.getKey()))) {
        byte[] value = bytes(test, "key");
        byte[] mac = bytes(test, "tag");
        if (value.length < 16 || value.length > 64 || mac.length < 16) {
          continue;
        }
        KeyId key = imported(file.getValue(), KeyUsage.MAC, value);
        assertThat(
                keys.use()
                    .verifyMac(
                        KeyUseHead.NONE,
                        key,
                        ByteBuffer.wrap(mac),
                        ByteBuffer.wrap(bytes(test, "msg"))))
            .as("%s", test.get("all"))
            .isEqualTo(isValid(test));
        done++;
      }
    }
    assertThat(done).isEqualTo(504);
  }

  @Test
  void keysAreWrappedAndUnwrappedAsTheyShouldBe() throws Exception {
    Map<String, KeyWrapForm> files =
        Map.of(
            "aes_wrap_test.json", KeyWrapForm.RFC_3394,
            "aes_kwp_test.json", KeyWrapForm.RFC_5649);
    int valid = 0;
    int invalid = 0;
    for (Map.Entry<String, KeyWrapForm> file : files.entrySet()) {
      for (Map<String, String> test : tests(json(file.getKey()))) {
        byte[] value = bytes(test, "key");
        Bytes wrapped = Bytes.copyOf(bytes(test, "ct"));
        Bytes content = Bytes.copyOf(bytes(test, "msg"));
        KeyId key = imported(aes(value.length), KeyUsage.KEY_WRAPPING, value);
        if (isValid(test)) {
          try (SecretBytes secret = SecretBytes.copyOf(content.toByteArray())) {
            assertThat(keys.use().wrap(KeyUseHead.NONE, key, file.getValue(), secret))
                .as("%s", test.get("all"))
                .isEqualTo(wrapped);
          }
          assertThat(clear(keys.use().unwrap(KeyUseHead.NONE, key, file.getValue(), wrapped)))
              .as("%s", test.get("all"))
              .isEqualTo(content);
          valid++;
        } else if (test.getOrDefault("result", "").equals("invalid")) {
          assertThatThrownBy(
                  () -> keys.use().unwrap(KeyUseHead.NONE, key, file.getValue(), wrapped))
              .as("%s", test.get("all"))
              .isInstanceOf(DecryptionFailedException.class);
          invalid++;
        }
      }
    }
    assertThat(valid).isEqualTo(113);
    assertThat(invalid).isEqualTo(303);
  }

  @Test
  void ecdhGivesTheSecretOrRefusesThePoint() throws Exception {
    int done = 0;
    for (Map<String, String> test : tests(json("ecdh_secp256r1_test.json"))) {
      String given = test.getOrDefault("public", "");
      if (!given.startsWith(P256_PREFIX) || given.length() != P256_PREFIX.length() + 130) {
        continue;
      }
      KeyId key =
          imported(KeyAlgorithm.EC_P256, KeyUsage.KEY_AGREEMENT, fixed(bytes(test, "private")));
      Bytes point = Bytes.parse(given.substring(P256_PREFIX.length()));
      Bytes shared = Bytes.copyOf(bytes(test, "shared"));
      // What is acceptable has a wrong point behind another wrong encoding.
      if (!isValid(test)) {
        assertThatThrownBy(
                () -> keys.use().agree(KeyUseHead.NONE, key, AgreementSide.RECIPIENT, point))
            .as("%s", test.get("all"))
            .isInstanceOf(DecryptionFailedException.class);
      } else {
        assertThat(clear(keys.use().agree(KeyUseHead.NONE, key, AgreementSide.RECIPIENT, point)))
            .as("%s", test.get("all"))
            .isEqualTo(shared);
      }
      done++;
    }
    assertThat(done).isEqualTo(349);
  }

  /** Without a sign's zero, or with zeros that were left out. */
  private static byte[] fixed(byte[] number) {
    byte[] result = new byte[32];
    int length = Math.min(32, number.length);
    System.arraycopy(number, number.length - length, result, 32 - length, length);
    return result;
  }

  @Test
  void x25519GivesTheSecretOrRefusesZeros() throws Exception {
    int done = 0;
    int zeros = 0;
    for (Map<String, String> test : tests(json("x25519_test.json"))) {
      KeyId key = imported(KeyAlgorithm.X25519, KeyUsage.KEY_AGREEMENT, bytes(test, "private"));
      Bytes other = Bytes.copyOf(bytes(test, "public"));
      byte[] shared = bytes(test, "shared");
      if (Arrays.equals(shared, new byte[32])) {
        assertThatThrownBy(
                () -> keys.use().agree(KeyUseHead.NONE, key, AgreementSide.ORIGINATOR, other))
            .as("%s", test.get("all"))
            .isInstanceOf(DecryptionFailedException.class);
        zeros++;
      } else {
        assertThat(clear(keys.use().agree(KeyUseHead.NONE, key, AgreementSide.ORIGINATOR, other)))
            .as("%s", test.get("all"))
            .isEqualTo(Bytes.copyOf(shared));
        done++;
      }
    }
    assertThat(done).isEqualTo(487);
    assertThat(zeros).isEqualTo(31);
  }
}
