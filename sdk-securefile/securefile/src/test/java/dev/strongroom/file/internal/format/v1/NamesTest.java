// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.InvalidNameException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, coded names and host files; the vectors were computed with Python's hmac and base64. */
class NamesTest {

  private static final byte[] KEY = Sample.run(0, 32).toByteArray();

  @ParameterizedTest
  @CsvSource({
    "notes.txt, 8664d7fa35b73541cc7e1368555829a79de219b8f1a4d5ee689b19b25f723841,"
        + " qzsnp6rvw42udtd6cnufkwbju6o6egny6gsnl3titmm3ex3shbaq",
    "\u00e9, 2445a1fe5ea6e3a6a788fcd7694ae2e660a1b57669bd103992c9cea6979eedcd,"
        + " erc2d7s6u3r2nj4i7tlwssxc4zqkdnlwng6raomszhhknf465xgq",
    "\u00e9t\u00e9 1, bf2af4fecee920e8138cb1960cf88b64fad3f5eeb40dc0256afbc57a571cb634,"
        + " x4vpj7wo5eqoqe4mwglaz6elmt5nh5powqg4ajlk7pcxuvy4wy2a",
  })
  void codedNamesAndHostFilesMatchTheVectors(String name, String coded, String base32) {
    Bytes computed = Names.code(KEY, name);
    assertThat(computed).hasToString(coded);
    assertThat(Names.host(computed))
        .isEqualTo("strongroom.files/" + base32.charAt(0) + "/" + base32);
    assertThat(Names.folder(computed)).isEqualTo("strongroom.files/" + base32.charAt(0));
  }

  @Test
  void namesThatAreEqualInNormalFormCHaveOneCodedName() {
    assertThat(Names.code(KEY, "cafe\u0301")).isEqualTo(Names.code(KEY, "caf\u00e9"));
    assertThat(Names.code(KEY, "\u212b")).isEqualTo(Names.code(KEY, "\u00c5"));
    assertThat(Names.code(KEY, "Cafe")).isNotEqualTo(Names.code(KEY, "cafe"));
    assertThat(Names.code(KEY, "\ufb01")).isNotEqualTo(Names.code(KEY, "fi"));
  }

  @Test
  void otherKeysGiveOtherNames() {
    assertThat(Names.code(Sample.run(1, 32).toByteArray(), "a")).isNotEqualTo(Names.code(KEY, "a"));
  }

  @Test
  void hostFilesLieIn32FoldersAndSurviveCaseFolding() {
    Set<String> folders = new HashSet<>();
    for (int first = 0; first < 256; first++) {
      byte[] coded = new byte[32];
      coded[0] = (byte) first;
      String host = Names.host(Bytes.copyOf(coded));
      folders.add(Names.parent(host));
      assertThat(host).matches("strongroom\\.files/([a-z2-7])/\\1[a-z2-7]{51}");
    }
    assertThat(folders).hasSize(32);
  }

  @Test
  void filesOnTheirWayAreNamedByUidAndEpoch() {
    String uid = "505152535455565758595a5b5c5d5e5f";
    assertThat(Names.transit(Sample.UID, 0)).isEqualTo("strongroom.files/transit/" + uid);
    assertThat(Names.transit(Sample.UID, -1))
        .isEqualTo("strongroom.files/transit/" + uid + ".4294967295");
    assertThat(Names.parent("strongroom.volume")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "..", "a/b", "/", "a\0b", "\ud800", "x\udc00y", "\ud800\ud800\udc00"})
  void namesThatCannotBeStoredAreRefused(String name) {
    assertThatThrownBy(() -> Names.check(name)).isInstanceOf(InvalidNameException.class);
  }

  @Test
  void namesHaveUpTo255BytesOfUtf8() throws Exception {
    assertThat(Names.check("x".repeat(255))).hasSize(255);
    assertThat(Names.check("\u20ac".repeat(85))).hasSize(255);
    assertThat(Names.check("\ud83d\ude00".repeat(63))).hasSize(252);
    assertThat(Names.check("...")).hasSize(3);
    assertThat(Names.check(" ")).hasSize(1);
    assertThatThrownBy(() -> Names.check("x".repeat(256)))
        .isInstanceOf(InvalidNameException.class)
        .hasMessageContaining("256");
    assertThatThrownBy(() -> Names.check("\u20ac".repeat(86)))
        .isInstanceOf(InvalidNameException.class)
        .hasMessageContaining("258");
  }
}
