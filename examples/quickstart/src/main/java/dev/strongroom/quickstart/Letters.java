// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.quickstart;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Letters in a volume, by nothing but java.nio.file. */
public final class Letters {

  private Letters() {}

  /** Keeps a letter and returns the names of all. Makes the volume and the element at first. */
  public static List<String> keep(String name, String text, URI vault, String element, char[] pin)
      throws IOException {
    Map<String, ?> env = Map.of("element", element, "pin", pin, "create", "true");
    try (FileSystem files = FileSystems.newFileSystem(vault, env)) { // strongroom:/path/to/vault
      Path letters = Files.createDirectories(files.getPath("/letters"));
      Files.writeString(letters.resolve(name), text);
      try (Stream<Path> all = Files.list(letters)) {
        return all.map(path -> path.getFileName().toString()).sorted().toList();
      }
    }
  }
}
