// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A program that knows nothing but {@code java.nio.file}. */
final class UseProvider {

  private UseProvider() {}

  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    URI uri = URI.create("strongroom:" + directory.resolve("volume"));
    String element = "sim:" + directory.resolve("my.element");
    try (FileSystem files =
        FileSystems.newFileSystem(
            uri, Map.of("element", element, "pin", "1234", "create", "true"))) {
      System.out.println("module " + files.provider().getClass().getModule().getName());
      Files.writeString(files.getPath("/f"), "found on the next opening");
    }
    try (FileSystem files = FileSystems.newFileSystem(uri, Map.of("pin", "1234"))) {
      System.out.println(Files.readString(files.getPath("/f")));
    }
  }
}
