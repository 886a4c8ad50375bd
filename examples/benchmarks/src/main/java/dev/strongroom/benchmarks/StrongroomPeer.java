// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.file.DirectoryEntry;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.IOException;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/** A volume on a simulated element in memory, all options at their defaults. */
final class StrongroomPeer implements Peer {

  private final Path directory;
  private final byte[] buffer = new byte[Workload.LARGEST_CALL];
  private final SecureElement element;
  private final ElementSession session;
  private SecureFileSystem files;

  StrongroomPeer(Path directory) throws IOException {
    this.directory = directory;
    element = SecureElement.open(SimulatedElement.inMemory(SimulatedElementOptions.cheap()));
    try (SecretBytes user = SecretBytes.encode("benchmark".toCharArray());
        SecretBytes administrator = SecretBytes.encode("administrator".toCharArray())) {
      element.initialize(user, administrator);
      session = element.login(user);
    }
    files = SecureFileSystem.create(session, directory, VolumeOptions.defaults());
  }

  @Override
  public String name() {
    return "strongroom";
  }

  @Override
  public PeerFile open(String name, OpenOption... options) throws IOException {
    return new Open(files.openFile(name, options), buffer);
  }

  @Override
  public void delete(String name) throws IOException {
    files.delete(name);
  }

  @Override
  public void createDirectory(String name) throws IOException {
    files.createDirectory(name);
  }

  @Override
  public int list(String name) throws IOException {
    int names = 0;
    for (DirectoryEntry entry : files.list(name)) {
      names += entry.name().isEmpty() ? 0 : 1;
    }
    return names;
  }

  @Override
  public void reopen() throws IOException {
    files.close();
    files = SecureFileSystem.open(session, directory, VolumeOptions.defaults());
  }

  @Override
  public void close() throws IOException {
    try (element;
        session) {
      files.close();
    }
  }

  private static final class Open implements PeerFile {

    private final SecureFile file;
    private final byte[] buffer;

    Open(SecureFile file, byte[] buffer) {
      this.file = file;
      this.buffer = buffer;
    }

    @Override
    public int read(long position, int length) throws IOException {
      return file.pread(position, buffer, 0, length);
    }

    @Override
    public void write(long position, int length) throws IOException {
      file.pwrite(position, buffer, 0, length);
    }

    @Override
    public void publish() throws IOException {
      file.commit();
    }

    @Override
    public void force() throws IOException {
      file.sync();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
