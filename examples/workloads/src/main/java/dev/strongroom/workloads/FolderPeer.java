// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.workloads;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Files that are reached through {@code java.nio.file}: plain ones, those of a file system
 * provider, or those of a mounted file system.
 *
 * <p>Thread safety: confined to one thread.
 */
public final class FolderPeer implements Peer {

  /** Opens a file system anew, with its caches empty. */
  @FunctionalInterface
  public interface Mount {

    /**
     * Opens it.
     *
     * @return the open file system
     * @throws IOException if that fails
     */
    Mounted open() throws IOException;
  }

  /** A file system that is open until it is closed. */
  public interface Mounted extends Closeable {

    /**
     * The folder that everything is done in.
     *
     * @return a path of that file system
     */
    Path root();

    /**
     * Lets all that was written and closed outlive the process; by default that is so already.
     *
     * @throws IOException if that fails
     */
    default void settle() throws IOException {}
  }

  /** Who works when a file is written. */
  public enum Place {
    /** This process. */
    THIS_PROCESS,
    /** Another one, such as a FUSE daemon. */
    ANOTHER_PROCESS
  }

  private final String name;
  private final ByteBuffer buffer;
  private final Path directory;
  private final Place place;
  private final Mount mount;
  private @Nullable Mounted mounted;

  private FolderPeer(String name, ByteBuffer buffer, Path directory, Place place, Mount mount)
      throws IOException {
    this.name = name;
    this.buffer = buffer;
    this.directory = directory;
    this.place = place;
    this.mount = mount;
    mounted = mount.open();
  }

  /**
   * Plain files, by direct buffers, which a {@link FileChannel} takes without a copy.
   *
   * @param directory the folder, made when it is not there
   * @return the peer
   * @throws IOException if that fails
   */
  public static FolderPeer plain(Path directory) throws IOException {
    Path folder = Files.createDirectories(directory);
    return new FolderPeer("plain", direct(), folder, Place.THIS_PROCESS, () -> always(folder));
  }

  /**
   * Files of a provider that works in this process, by heap buffers, which ciphers prefer.
   *
   * @param name its name in tables
   * @param directory where it keeps its host files
   * @param mount opens it
   * @return the peer
   * @throws IOException if that fails
   */
  public static FolderPeer provider(String name, Path directory, Mount mount) throws IOException {
    return new FolderPeer(
        name, ByteBuffer.allocate(Workload.LARGEST_CALL), directory, Place.THIS_PROCESS, mount);
  }

  /**
   * Files of a file system that the operating system has mounted, by direct buffers.
   *
   * @param name its name in tables
   * @param directory where it keeps its host files
   * @param mount mounts it
   * @return the peer
   * @throws IOException if that fails
   */
  public static FolderPeer mounted(String name, Path directory, Mount mount) throws IOException {
    return new FolderPeer(name, direct(), directory, Place.ANOTHER_PROCESS, mount);
  }

  private static ByteBuffer direct() {
    return ByteBuffer.allocateDirect(Workload.LARGEST_CALL);
  }

  private static Mounted always(Path folder) {
    return new Mounted() {
      @Override
      public Path root() {
        return folder;
      }

      @Override
      public void close() {
        // Nothing was opened.
      }
    };
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
  public OpenedFile open(String file, OpenOption... options) throws IOException {
    return new ChannelFile(FileChannel.open(path(file), options), buffer);
  }

  @Override
  public void delete(String file) throws IOException {
    Files.delete(path(file));
  }

  @Override
  public void createDirectory(String file) throws IOException {
    Files.createDirectory(path(file));
  }

  @Override
  public List<String> list(String file) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path(file))) {
      for (Path entry : entries) {
        names.add(String.valueOf(entry.getFileName()));
      }
    }
    return names;
  }

  @Override
  public void settle() throws IOException {
    open().settle();
  }

  @Override
  public void reopen() throws IOException {
    close();
    mounted = mount.open();
  }

  @Override
  public long hostBytes() throws IOException {
    return HostFiles.bytes(directory);
  }

  @Override
  public boolean inProcess() {
    return place == Place.THIS_PROCESS;
  }

  @Override
  public void close() throws IOException {
    Mounted old = mounted;
    mounted = null;
    if (old != null) {
      old.close();
    }
  }

  private Path path(String file) {
    return open().root().resolve(file);
  }

  private Mounted open() {
    if (mounted == null) {
      throw new IllegalStateException(name + " is closed");
    }
    return mounted;
  }

  private record ChannelFile(FileChannel channel, ByteBuffer buffer) implements OpenedFile {

    @Override
    public int read(long position, int length) throws IOException {
      buffer.clear().limit(length);
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, position + buffer.position()) < 0) {
          break;
        }
      }
      return buffer.position();
    }

    @Override
    public void write(long position, int length) throws IOException {
      buffer.clear().limit(length);
      while (buffer.hasRemaining()) {
        channel.write(buffer, position + buffer.position());
      }
    }

    @Override
    public void handOver() {
      // A write does it, or a close, or settle().
    }

    @Override
    public void force() throws IOException {
      channel.force(false);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
