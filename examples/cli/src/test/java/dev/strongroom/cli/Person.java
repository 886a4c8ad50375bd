// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Somebody with an element and a volume, in a folder of their own. */
final class Person {

  final String name;
  final Path folder;
  final String element;
  final Path volume;
  final Path card;

  Person(Path folder, String name) throws IOException {
    this.name = name;
    this.folder = Files.createDirectory(folder.toRealPath().resolve(name));
    this.volume = this.folder.resolve("volume");
    this.card = this.folder.resolve(name + ".card");
    this.element = Cli.element(this.folder.resolve(name + ".element"));
    run("volume", "init", volume, "--element", element).ok();
    new Cli().run("element", "card", element, "--out", card).ok();
  }

  Cli.Result run(Object... arguments) {
    return Cli.withPin().run(arguments);
  }

  /** Compares the words that the other one reads out. */
  void meets(Person other) throws IOException {
    String words = String.join(" ", CardFile.fingerprint(CardFile.read(other.card)).words());
    run("contacts", "add", volume, other.name, other.card, "--fingerprint", words).ok();
  }

  /** A file in the volume. */
  void has(String path, String content) throws IOException {
    Path file = folder.resolve(path);
    Files.writeString(file, content);
    run("put", volume, file).ok();
  }
}
