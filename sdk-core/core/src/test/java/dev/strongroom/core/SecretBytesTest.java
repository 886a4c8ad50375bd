// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SecretBytesTest {

  @Test
  void encodingIsUtf8AndZeroesTheCharacters() {
    for (String text : new String[] {"", "1234", "Schlüssel", "鍵", "🔑🔑", "a🔑ü鍵"}) {
      char[] characters = text.toCharArray();
      try (SecretBytes secret = SecretBytes.encode(characters)) {
        byte[] content = secret.use(byte[]::clone);
        assertThat(content).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
      }
      assertThat(characters).containsOnly(new char[characters.length]);
    }
  }

  @Test
  void halfOfASurrogatePairIsRefusedInsteadOfReplaced() {
    for (String text : new String[] {"\ud83d", "12\udd11", "\ud83d1"}) {
      assertThatThrownBy(() -> SecretBytes.encode(text.toCharArray()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void closingZeroesAndEndsAllUse() {
    byte[] adopted = {1, 2, 3};
    SecretBytes secret = SecretBytes.adopt(adopted);
    SecretBytes copy = secret.copy();
    secret.close();
    secret.close();
    assertThat(adopted).containsOnly(0);
    assertThat(secret.isDestroyed()).isTrue();
    assertThatThrownBy(() -> secret.use(content -> 0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(secret::copy).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> copy.matches(secret)).isInstanceOf(IllegalStateException.class);
    assertThat(copy.matches(SecretBytes.copyOf(new byte[] {1, 2, 3}))).isTrue();
    assertThat(copy.matches(SecretBytes.copyOf(new byte[] {1, 2, 4}))).isFalse();
    assertThat(copy.matches(SecretBytes.copyOf(new byte[] {1, 2}))).isFalse();
    assertThat(copy).hasToString("SecretBytes[3 bytes]");
  }
}
