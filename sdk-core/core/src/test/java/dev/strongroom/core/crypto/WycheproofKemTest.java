// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Wycheproof's tests of ML-KEM-768 and X25519, where they are. */
@Tag("jdk25")
class WycheproofKemTest {

  private static final Pattern TEST = Pattern.compile("\\{[^{}]*\"tcId\"[^{}]*}");
  private static final Pattern FIELD = Pattern.compile("\"(\\w+)\"\\s*:\\s*\"([^\"]*)\"");

  private static List<Map<String, String>> tests(String name) throws IOException {
    Path file = Path.of(System.getProperty("vectors.dir", "vectors"), "wycheproof", name);
    assumeTrue(Files.isRegularFile(file), "vectors.dir has no wycheproof/" + name);
    List<Map<String, String>> tests = new ArrayList<>();
    Matcher all = TEST.matcher(Files.readString(file));
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

  private static byte[] clear(SecretBytes secret) {
    try (secret) {
      return secret.use(byte[]::clone);
    }
  }

  @Test
  void decapsulationGivesTheSecretOfRightAndWrongCiphertexts() throws Exception {
    int valid = 0;
    int invalid = 0;
    for (Map<String, String> test : tests("mlkem_768_test.json")) {
      byte[] seed = bytes(test, "seed");
      byte[] ciphertext = bytes(test, "c");
      if (test.getOrDefault("result", "").equals("valid")) {
        MlKem768 key = MlKem768.of(Arrays.copyOf(seed, 32), Arrays.copyOfRange(seed, 32, 64));
        assertThat(key.publicKey()).as("%s", test.get("all")).isEqualTo(bytes(test, "ek"));
        assertThat(clear(key.decap(ciphertext)))
            .as("%s", test.get("all"))
            .isEqualTo(bytes(test, "K"));
        valid++;
      } else {
        // Lengths, which the suite refuses before.
        assertThat(seed.length != 64 || ciphertext.length != MlKem768.CIPHERTEXT_LENGTH)
            .as("%s", test.get("all"))
            .isTrue();
        invalid++;
      }
    }
    assertThat(valid).isEqualTo(153);
    assertThat(invalid).isEqualTo(40);
  }

  @Test
  void encapsulationGivesTheSecretAndRefusesKeysThatAreNone() throws Exception {
    int valid = 0;
    int invalid = 0;
    for (Map<String, String> test : tests("mlkem_768_encaps_test.json")) {
      byte[] key = bytes(test, "ek");
      boolean right = true;
      try {
        MlKem768.requirePublicKey(key);
      } catch (IllegalArgumentException e) {
        right = false;
      }
      assertThat(right)
          .as("%s", test.get("all"))
          .isEqualTo(test.getOrDefault("result", "").equals("valid"));
      if (!right) {
        invalid++;
        continue;
      }
      valid++;
      MlKem768.Encapsulation made = MlKem768.encap(key, bytes(test, "m"));
      assertThat(made.ciphertext().toByteArray())
          .as("%s", test.get("all"))
          .isEqualTo(bytes(test, "c"));
      assertThat(clear(made.sharedSecret())).as("%s", test.get("all")).isEqualTo(bytes(test, "K"));
    }
    assertThat(valid).isEqualTo(133);
    assertThat(invalid).isEqualTo(132);
  }

  @Test
  void x25519GivesTheSharedSecretAndRefusesZeros() throws Exception {
    int given = 0;
    int refused = 0;
    for (Map<String, String> test : tests("x25519_test.json")) {
      byte[] expected = bytes(test, "shared");
      boolean zeros = test.getOrDefault("all", "").contains("ZeroSharedSecret");
      assertThat(zeros).isEqualTo(Arrays.equals(expected, new byte[32]));
      try {
        assertThat(Curve25519.agree(bytes(test, "private"), bytes(test, "public")))
            .as("%s", test.get("all"))
            .isEqualTo(expected);
        assertThat(zeros).as("%s", test.get("all")).isFalse();
        given++;
      } catch (IllegalArgumentException e) {
        assertThat(zeros).as("%s", test.get("all")).isTrue();
        refused++;
      }
    }
    assertThat(given + refused).isEqualTo(518);
    assertThat(refused).isPositive();
  }
}
