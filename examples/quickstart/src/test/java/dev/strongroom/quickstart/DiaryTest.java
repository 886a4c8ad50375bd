// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.SecureElement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("jdk25")
class DiaryTest {

  private static final Path README = Path.of("..", "..", "README.md");
  private static final Path SOURCE =
      Path.of("src", "main", "java", "dev", "strongroom", "quickstart", "Diary.java");

  @TempDir Path folder;

  @Test
  void aDiaryKeepsItsLines() throws IOException {
    String uri = "sim:" + folder.resolve("my.element");
    try (SecureElement element = SecureElement.open(uri);
        SecretBytes user = SecretBytes.encode("2468".toCharArray());
        SecretBytes administrator = SecretBytes.encode("administrator".toCharArray())) {
      element.initialize(user, administrator);
    }
    Path diary = folder.resolve("private");

    assertThat(Diary.add("Monday", diary, uri, "2468".toCharArray())).isEqualTo("Monday\n");
    assertThat(Diary.add("Tuesday", diary, uri, "2468".toCharArray()))
        .isEqualTo("Monday\nTuesday\n");
  }

  @Test
  void theReadmeShowsThisSource() throws IOException {
    String source = Files.readString(SOURCE);

    assertThat(Files.readString(README)).contains("```java\n" + source + "```\n");
  }
}
