// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The ciphers against the Wycheproof vectors in the folder that the system property {@code
 * vectors.dir} names; skipped where it is absent.
 *
 * <p>HKDF is left out: {@link Subkeys} has a fixed prefix, no salt and one length, so none of its
 * vectors fits.
 */
class WycheproofTest {

  private static final Pattern TEST = Pattern.compile("\\{[^{}]*\"tcId\"[^{}]*}");
  private static final Pattern FIELD = Pattern.compile("\"(\\w+)\"\\s*:\\s*\"([^\"]*)\"");

  @Test
  void aesGcmWithKeysOf256BitsAndNoncesOf96Bits() throws IOException {
    int valid = 0;
    int invalid = 0;
    for (Map<String, String> test : vectors("aes_gcm_test.json")) {
      byte[] key = bytes(test, "key");
      byte[] nonce = bytes(test, "iv");
      byte[] tag = bytes(test, "tag");
      if (key.length != 32 || nonce.length != SectorCipher.NONCE || tag.length != 16) {
        continue;
      }
      byte[] clear = bytes(test, "msg");
      byte[] sealed = join(bytes(test, "ct"), tag);
      byte[] aad = bytes(test, "aad");
      int length = sealed.length - SectorCipher.TAG;
      byte[] opened = new byte[length];
      boolean right =
          SectorCipher.SECTORS.decrypt(
              new AesKey(key), nonce, 0, aad, sealed, 0, length, opened, 0);
      assertThat(right).as("%s", test).isEqualTo("valid".equals(test.get("result")));
      if (!right) {
        invalid++;
        continue;
      }
      valid++;
      assertThat(opened).as("%s", test).isEqualTo(clear);
      byte[] again = new byte[sealed.length];
      SectorCipher.SECTORS.encrypt(
          new AesKey(bytes(test, "key")), nonce, 0, aad, clear, 0, clear.length, again, 0);
      assertThat(again).as("%s", test).isEqualTo(sealed);
    }
    assertThat(valid).isPositive();
    assertThat(invalid).isPositive();
  }

  @Test
  void hmacSha256() throws IOException {
    int valid = 0;
    int invalid = 0;
    for (Map<String, String> test : vectors("hmac_sha256_test.json")) {
      byte[] tag = bytes(test, "tag");
      byte[] content = bytes(test, "msg");
      try (MacKey key = new MacKey(bytes(test, "key"))) {
        byte[] computed = key.mac(content, 0, content.length);
        boolean right = Arrays.equals(Arrays.copyOf(computed, tag.length), tag);
        assertThat(right).as("%s", test).isEqualTo("valid".equals(test.get("result")));
        if (tag.length == MacKey.LENGTH) {
          assertThat(key.verify(content, 0, content.length, tag, 0)).isEqualTo(right);
        }
        if (right) {
          valid++;
        } else {
          invalid++;
        }
      }
    }
    assertThat(valid).isPositive();
    assertThat(invalid).isPositive();
  }

  /** The tests of a file, each with its fields that are texts. */
  private static List<Map<String, String>> vectors(String name) throws IOException {
    Path file = Path.of(System.getProperty("vectors.dir", "vectors"), "wycheproof", name);
    assumeTrue(Files.isRegularFile(file), "vectors.dir has no wycheproof/" + name);
    List<Map<String, String>> tests = new ArrayList<>();
    Matcher test = TEST.matcher(Files.readString(file));
    while (test.find()) {
      Map<String, String> fields = new HashMap<>();
      Matcher field = FIELD.matcher(test.group());
      while (field.find()) {
        fields.put(field.group(1), field.group(2));
      }
      tests.add(fields);
    }
    assertThat(tests).isNotEmpty();
    return tests;
  }

  private static byte[] bytes(Map<String, String> test, String field) {
    return HexFormat.of().parseHex(test.getOrDefault(field, ""));
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
