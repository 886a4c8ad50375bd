// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.workloads;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.DirectoryEntry;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A volume, by {@link SecureFileSystem} and {@link SecureFile}.
 *
 * <p>Thread safety: confined to one thread.
 */
public final class VolumePeer implements Peer {

  private final String name;
  private final ElementSession session;
  private final Path directory;
  private final VolumeOptions options;
  private final ByteBuffer buffer = ByteBuffer.allocate(Workload.LARGEST_CALL);
  private SecureFileSystem files;

  /**
   * Makes a volume.
   *
   * @param name its name in tables
   * @param session a session of the element that holds the keys; not closed with the peer
   * @param directory where, an absent or empty directory
   * @param options how
   * @throws IOException if that fails
   */
  public VolumePeer(String name, ElementSession session, Path directory, VolumeOptions options)
      throws IOException {
    this.name = name;
    this.session = session;
    this.directory = directory;
    this.options = options;
    files = SecureFileSystem.create(session, directory, options);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public ByteBuffer buffer() {
    return buffer;
  }

  @Override
  public OpenedFile open(String file, OpenOption... how) throws IOException {
    return new VolumeFile(files.openFile(file, how), buffer.array());
  }

  @Override
  public void delete(String file) throws IOException {
    files.delete(file);
  }

  @Override
  public void createDirectory(String file) throws IOException {
    files.createDirectory(file);
  }

  @Override
  public List<String> list(String file) throws IOException {
    List<String> names = new ArrayList<>();
    for (DirectoryEntry entry : files.list(file)) {
      names.add(entry.name());
    }
    return names;
  }

  @Override
  public void settle() {
    // Each file is handed over before its close.
  }

  @Override
  public void reopen() throws IOException {
    files.close();
    files = SecureFileSystem.open(session, directory, options);
  }

  @Override
  public long hostBytes() throws IOException {
    return HostFiles.bytes(directory);
  }

  @Override
  public boolean inProcess() {
    return true;
  }

  @Override
  public void close() throws IOException {
    files.close();
  }

  private static final class VolumeFile implements OpenedFile {

    private final SecureFile file;
    private final byte[] buffer;

    VolumeFile(SecureFile file, byte[] buffer) {
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
    public void handOver() throws IOException {
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
