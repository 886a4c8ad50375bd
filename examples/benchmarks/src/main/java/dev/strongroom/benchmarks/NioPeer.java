// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.cryptomator.cryptofs.CryptoFileSystemProperties;
import org.cryptomator.cryptofs.CryptoFileSystemProvider;
import org.cryptomator.cryptolib.api.Masterkey;
import org.jspecify.annotations.Nullable;

/** Files behind {@code java.nio.file}: plain ones, and those of cryptofs. */
final class NioPeer implements Peer {

  /** Makes the file system anew, empty of caches. */
  private interface Mount {
    FileSystem open() throws IOException;
  }

  private final String name;
  private final ByteBuffer buffer;
  private final Path directory;
  private final @Nullable Mount mount;
  private @Nullable FileSystem mounted;
  private Path root;

  private NioPeer(String name, ByteBuffer buffer, Path directory, @Nullable Mount mount)
      throws IOException {
    this.name = name;
    this.buffer = buffer;
    this.directory = directory;
    this.mount = mount;
    this.root = directory;
    reopen();
  }

  /** Plain files, by direct buffers, which a {@link FileChannel} takes without a copy. */
  static NioPeer plain(Path directory) throws IOException {
    return new NioPeer(
        "plain",
        ByteBuffer.allocateDirect(Workload.LARGEST_CALL),
        Files.createDirectories(directory),
        null);
  }

  /** cryptofs in its own defaults (AES-GCM, 32 KiB chunks), by heap buffers. */
  static NioPeer cryptofs(Path directory) throws IOException {
    byte[] key = new byte[64];
    new SecureRandom().nextBytes(key);
    CryptoFileSystemProperties properties =
        CryptoFileSystemProperties.cryptoFileSystemProperties()
            .withKeyLoader(id -> new Masterkey(key.clone()))
            .build();
    Files.createDirectories(directory);
    CryptoFileSystemProvider.initialize(directory, properties, URI.create("benchmark:key"));
    return new NioPeer(
        "cryptofs " + version(),
        ByteBuffer.allocate(Workload.LARGEST_CALL),
        directory,
        () -> CryptoFileSystemProvider.newFileSystem(directory, properties));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public PeerFile open(String file, OpenOption... options) throws IOException {
    FileChannel channel = FileChannel.open(root.resolve(file), options);
    return new ChannelFile(channel, buffer);
  }

  @Override
  public void delete(String file) throws IOException {
    Files.delete(root.resolve(file));
  }

  @Override
  public void createDirectory(String file) throws IOException {
    Files.createDirectory(root.resolve(file));
  }

  @Override
  public int list(String file) throws IOException {
    int names = 0;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root.resolve(file))) {
      for (Path entry : entries) {
        names += entry.getFileName() == null ? 0 : 1;
      }
    }
    return names;
  }

  @Override
  public void reopen() throws IOException {
    close();
    if (mount != null) {
      mounted = mount.open();
      root = mounted.getPath("/");
    } else {
      root = directory;
    }
  }

  @Override
  public void close() throws IOException {
    if (mounted != null) {
      mounted.close();
      mounted = null;
    }
  }

  private static String version() {
    String place =
        CryptoFileSystemProvider.class
            .getProtectionDomain()
            .getCodeSource()
            .getLocation()
            .getPath();
    return place.replaceAll(".*cryptofs-([0-9.]+)\\.jar", "$1");
  }

  private record ChannelFile(FileChannel channel, ByteBuffer buffer) implements PeerFile {

    @Override
    public int read(long position, int length) throws IOException {
      buffer.clear().limit(length);
      int total = 0;
      while (buffer.hasRemaining()) {
        int count = channel.read(buffer, position + total);
        if (count < 0) {
          break;
        }
        total += count;
      }
      return total;
    }

    @Override
    public void write(long position, int length) throws IOException {
      buffer.clear().limit(length);
      while (buffer.hasRemaining()) {
        channel.write(buffer, position + buffer.position());
      }
    }

    @Override
    public void publish() {
      // Plain files: a write is with the operating system. cryptofs: a close does it.
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
