// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("jdk25")
class AddressesTest {

  private static final Path README = Path.of("..", "..", "README.md");
  private static final Path SOURCE =
      Path.of("src", "main", "java", "dev", "strongroom", "quickstart", "Addresses.java");

  @TempDir Path folder;

  @Test
  void addressesAreKept() throws Exception {
    try (SecureElement element = SecureElement.open("sim:" + folder.resolve("my.element"));
        SecretBytes user = SecretBytes.encode("2468".toCharArray());
        SecretBytes administrator = SecretBytes.encode("administrator".toCharArray())) {
      element.initialize(user, administrator);
      try (ElementSession session = element.login(user)) {
        Path addresses = folder.resolve("private");
        assertThat(Addresses.add("Anna", "Elm Street 1", addresses, session)).isEqualTo(1);
        assertThat(Addresses.add("Ben", "Oak Street 2", addresses, session)).isEqualTo(2);
        assertThatThrownBy(() -> Addresses.add("Anna", "?", addresses, session))
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("person.name");
      }
    }
  }

  @Test
  void theReadmeShowsThisSource() throws IOException {
    String source = Files.readString(SOURCE);

    assertThat(Files.readString(README)).contains("```java\n" + source + "```\n");
  }
}
