// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import dev.strongroom.workloads.FolderPeer;
import dev.strongroom.workloads.Peer;
import dev.strongroom.workloads.VolumePeer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Map;

/**
 * A simulated element in memory, with a session.
 *
 * <p>Thread safety: immutable.
 */
final class Strongroom implements Closeable {

  private final SecureElement element;
  private final ElementSession session;

  private Strongroom(SecureElement element, ElementSession session) {
    this.element = element;
    this.session = session;
  }

  /** Makes the element and logs in. */
  static Strongroom login() throws IOException {
    SecureElement element =
        SecureElement.open(SimulatedElement.inMemory(SimulatedElementOptions.cheap()));
    try (SecretBytes user = SecretBytes.encode("benchmark".toCharArray());
        SecretBytes administrator = SecretBytes.encode("administrator".toCharArray())) {
      element.initialize(user, administrator);
      return new Strongroom(element, element.login(user));
    }
  }

  ElementSession session() {
    return session;
  }

  /** A volume in its defaults, through {@code java.nio.file}. */
  Peer throughProvider(Path directory) throws IOException {
    SecureFileSystem.create(session, directory, VolumeOptions.defaults()).close();
    return FolderPeer.provider(
        "strongroom",
        directory,
        () -> new Provided(FileSystems.newFileSystem(directory, Map.of("session", session))));
  }

  /** A volume in its defaults, by {@link dev.strongroom.file.SecureFile}. */
  Peer bySecureFile(Path directory) throws IOException {
    return new VolumePeer("SecureFile", session, directory, VolumeOptions.defaults());
  }

  private record Provided(FileSystem files) implements FolderPeer.Mounted {

    @Override
    public Path root() {
      return files.getPath("/");
    }

    @Override
    public void close() throws IOException {
      files.close();
    }
  }

  @Override
  public void close() throws IOException {
    try (element) {
      session.close();
    }
  }
}
