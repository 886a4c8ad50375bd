// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("jdk25")
class LettersTest {

  private static final Path README = Path.of("..", "..", "README.md");
  private static final Path SOURCE =
      Path.of("src", "main", "java", "dev", "strongroom", "quickstart", "Letters.java");

  @TempDir Path folder;

  @Test
  void lettersAreKept() throws IOException {
    URI vault = URI.create("strongroom:" + folder.resolve("vault"));
    String element = "sim:" + folder.resolve("my.element");
    char[] pin = "2468".toCharArray();

    assertThat(Letters.keep("first", "Dear A", vault, element, pin)).containsExactly("first");
    assertThat(Letters.keep("second", "Dear B", vault, element, pin))
        .containsExactly("first", "second");
  }

  @Test
  void theReadmeShowsThisSource() throws IOException {
    String source = Files.readString(SOURCE);

    assertThat(Files.readString(README)).contains("```java\n" + source + "```\n");
  }
}
