// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.interop;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Map;

/** A volume in a folder, reached as any Java program reaches it: by its URI. */
final class TestVolume implements AutoCloseable {

  private final SecureElement element;
  private final ElementSession session;
  private final URI uri;
  private FileSystem files;

  private TestVolume(SecureElement element, ElementSession session, URI uri) throws IOException {
    this.element = element;
    this.session = session;
    this.uri = uri;
    files = FileSystems.newFileSystem(uri, Map.of("session", session, "create", "true"));
  }

  static TestVolume create(Path folder) throws IOException {
    SecureElement element =
        SecureElement.open(SimulatedElement.inMemory(SimulatedElementOptions.cheap()));
    try (SecretBytes user = SecretBytes.encode("1234".toCharArray());
        SecretBytes administrator = SecretBytes.encode("administrator".toCharArray())) {
      element.initialize(user, administrator);
      URI uri = URI.create("strongroom:" + folder.toAbsolutePath());
      return new TestVolume(element, element.login(user), uri);
    }
  }

  /** A path from the root on. */
  Path path(String first, String... more) {
    return files.getPath("/" + first, more);
  }

  /** The open file system. */
  FileSystem files() {
    return files;
  }

  /** Closes the file system and opens it again. */
  void reopen() throws IOException {
    files.close();
    files = FileSystems.newFileSystem(uri, Map.of("session", session));
  }

  /** The session of the element that the volume was made with. */
  ElementSession session() {
    return session;
  }

  @Override
  public void close() throws IOException {
    files.close();
    session.close();
    element.close();
  }
}
