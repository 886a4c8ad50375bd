// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NameTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Ann; drop table users; --",
        "O'Neil \"the\" `first`",
        "../../etc/passwd",
        "\uD83D\uDD10\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67",
        " ",
        "\u202Eright to left",
        "line\nbreak\ttab"
      })
  void anyTextIsAName(String text) {
    assertThat(new Name(text).text()).isEqualTo(text);
  }

  @Test
  void oneTextInTwoNormalFormsIsOneName() {
    assertThat(new Name("Zoe\u0308")).isEqualTo(new Name("Zo\u00EB"));
    assertThat(new Name("\u212B").text()).isEqualTo("\u00C5");
    assertThat(new Name("Zoe")).isNotEqualTo(new Name("zoe"));
    assertThat(new Name("\uFB01")).as("no compatibility form").isNotEqualTo(new Name("fi"));
  }

  @Test
  void theLengthCountsInUtf8AsItIsKept() {
    assertThat(new Name("\u00EB".repeat(127)).text()).hasSize(127);
    assertThat(new Name("e\u0308".repeat(127)).text()).as("normalised first").hasSize(127);
    assertThatThrownBy(() -> new Name("\u00EB".repeat(128)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("255")
        .hasMessageContaining("256");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\0b", "\uD83D", "\uDD10x", "x\uD83D\uD83D"})
  void whatIsNoTextIsNoName(String text) {
    assertThatThrownBy(() -> new Name(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
