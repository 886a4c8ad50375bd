// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FingerprintTest {

  /** Test vectors of BIP-39, English, entropies of 128 bits. */
  @ParameterizedTest
  @CsvSource({
    "00000000000000000000000000000000,"
        + "abandon abandon abandon abandon abandon abandon"
        + " abandon abandon abandon abandon abandon about",
    "7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f,"
        + "legal winner thank year wave sausage worth useful legal winner thank yellow",
    "80808080808080808080808080808080,"
        + "letter advice cage absurd amount doctor acoustic avoid letter advice cage above",
    "ffffffffffffffffffffffffffffffff," + "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong",
    "9e885d952ad362caeb4efe34a8e91bd2,"
        + "ozone drill grab fiber curtain grace pudding thank cruise elder eight picnic",
    "c0ba5a8e914111210f2bd131f3d5e08d,"
        + "scheme spot photo card baby mountain device kick cradle pact join borrow"
  })
  void theWordsAreThoseOfTheStandard(String hex, String words) {
    Fingerprint fingerprint = new Fingerprint(Bytes.parse(hex));
    assertThat(String.join(" ", fingerprint.words())).isEqualTo(words);
    assertThat(Fingerprint.parse(words)).isEqualTo(fingerprint);
    assertThat(Fingerprint.parse(hex)).isEqualTo(fingerprint);
  }

  @Test
  void whatIsShownCanBeTypedBack() {
    Random random = new Random(39);
    for (int i = 0; i < 1000; i++) {
      byte[] value = new byte[Fingerprint.LENGTH];
      random.nextBytes(value);
      Fingerprint fingerprint = new Fingerprint(Bytes.copyOf(value));
      String words = String.join(" - ", fingerprint.words());
      assertThat(Fingerprint.parse(" " + words.toUpperCase(Locale.ROOT) + "\n"))
          .isEqualTo(fingerprint);
      assertThat(fingerprint.toString()).matches("([0-9a-f]{4} ){7}[0-9a-f]{4}");
      assertThat(Fingerprint.parse(fingerprint.toString())).isEqualTo(fingerprint);
      assertThat(Fingerprint.parse(fingerprint.toString().replace(' ', ':')))
          .isEqualTo(fingerprint);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "000000000000000000000000000000000",
        "zoo zoo",
        "legal winner thank year wave sausage worth useful legal winner thank yelow",
        "legal winner thank year wave sausage worth useful legal winner thank year",
        "winner legal thank year wave sausage worth useful legal winner thank yellow"
      })
  void aSlipIsFound(String typed) {
    assertThatThrownBy(() -> Fingerprint.parse(typed)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theListIsThePublishedOne() throws IOException {
    try (InputStream in = Fingerprint.class.getResourceAsStream("bip39-english.txt")) {
      assertThat(in).isNotNull();
      assertThat(IdentitySignature.digest(in.readAllBytes()))
          .hasToString("2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda");
    }
  }
}
