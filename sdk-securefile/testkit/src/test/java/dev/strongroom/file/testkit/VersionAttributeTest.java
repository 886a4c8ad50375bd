// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.FileInvalidatedException;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Versions through the attributes of {@code java.nio.file}. */
@Tag("jdk25")
class VersionAttributeTest {

  @Test
  void aFileIsFrozenAndInvalidatedByAttributes() throws IOException {
    try (TestElement element = TestElement.create();
        ElementSession session = element.login();
        SecureFileSystem volume =
            SecureFileSystem.create(session, new MemoryStore(), VolumeOptions.defaults());
        FileSystem files = Mounted.of(volume)) {
      Path file = Files.writeString(files.getPath("/f"), "content");
      Path link = Files.createSymbolicLink(files.getPath("/l"), file);
      assertThat(Files.getAttribute(file, "strongroom:version")).isEqualTo(0L);
      Files.setAttribute(file, "strongroom:frozen", true);
      assertThat(Files.readAttributes(link, "strongroom:*"))
          .isEqualTo(Map.<String, Object>of("version", 1L));
      assertThat(files.supportedFileAttributeViews()).contains("strongroom");
      assertThatThrownBy(() -> Files.setAttribute(file, "strongroom:frozen", false))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> Files.setAttribute(file, "strongroom:version", 3L))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> Files.getAttribute(file, "strongroom:frozen"))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(
              () -> Files.setAttribute(files.getPath("/none"), "strongroom:frozen", true))
          .isInstanceOf(NoSuchFileException.class);
      Files.setAttribute(file, "strongroom:invalidated", true);
      assertThatThrownBy(() -> Files.readString(link)).isInstanceOf(FileInvalidatedException.class);
      Files.delete(file);
      assertThat(Files.exists(file)).isFalse();
    }
  }
}
