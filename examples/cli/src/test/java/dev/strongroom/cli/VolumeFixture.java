// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An element and a volume in a folder, and the host files that tests put and get. */
final class VolumeFixture {

  final Path folder;
  final Path element;
  final Path volume;

  VolumeFixture(Path folder) throws IOException {
    this.folder = folder.toRealPath();
    this.element = this.folder.resolve("my.element");
    this.volume = this.folder.resolve("volume");
    String uri = Cli.element(element);
    Cli.withPin().run("volume", "init", volume, "--element", uri).ok();
  }

  Cli.Result run(Object... arguments) {
    return Cli.withPin().run(arguments);
  }

  /** A host file with its parents. */
  Path file(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  /** A host file of several sectors, each byte telling its place. */
  Path large(String name, int length) throws IOException {
    byte[] content = new byte[length];
    for (int i = 0; i < length; i++) {
      content[i] = (byte) (i / 7 + i);
    }
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, content);
  }

  /** The host file of a file of the volume. */
  Path hostFile(String path) {
    String stat = run("stat", volume, path).ok().out();
    String name =
        stat.lines()
            .filter(line -> line.startsWith("host file"))
            .map(line -> line.substring("host file".length()).strip())
            .findFirst()
            .orElseThrow();
    return volume.resolve(name);
  }
}
