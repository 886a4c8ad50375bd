// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import dev.strongroom.file.SecureFileSystem;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Volumes in any store as file systems of {@code java.nio.file}, and what these hold as text. */
final class Mounted {

  private static final AtomicLong NUMBER = new AtomicLong();

  private Mounted() {}

  /** Shows an open volume through {@code java.nio.file}; closing that closes the volume. */
  static FileSystem of(SecureFileSystem volume) throws IOException {
    // No such directory: the volume's store is not one.
    URI uri = URI.create("strongroom:/nowhere/" + NUMBER.incrementAndGet());
    return FileSystems.newFileSystem(uri, Map.of("volume", volume));
  }

  /** All that a user sees of a tree, but for access times: one line a name, in order. */
  static Map<String, String> describe(Path top) throws IOException {
    Map<String, String> lines = new TreeMap<>();
    List<Path> all = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(top)) {
      walk.forEach(all::add);
    } catch (java.io.UncheckedIOException e) {
      throw e.getCause();
    }
    for (Path path : all) {
      lines.put(path.toString(), line(path));
    }
    return lines;
  }

  /** All that a user sees of a file, directory or link. */
  static String line(Path path) throws IOException {
    PosixFileAttributes attributes =
        Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    String mode = PosixFilePermissions.toString(attributes.permissions());
    StringBuilder text = new StringBuilder(mode);
    if (attributes.isSymbolicLink()) {
      return text.append(" -> ").append(Files.readSymbolicLink(path)).toString();
    }
    UserDefinedFileAttributeView view =
        Files.getFileAttributeView(path, UserDefinedFileAttributeView.class);
    for (String name : view.list()) {
      ByteBuffer value = ByteBuffer.allocate(view.size(name));
      view.read(name, value);
      text.append(' ').append(name).append('=').append(Arrays.hashCode(value.array()));
    }
    if (attributes.isDirectory()) {
      return text.append(" directory").toString();
    }
    byte[] content = Files.readAllBytes(path);
    return text.append(' ')
        .append(content.length)
        .append(" bytes ")
        .append(Arrays.hashCode(content))
        .append(" of ")
        .append(attributes.lastModifiedTime())
        .toString();
  }

  /** Makes the names that came before durable, as an fsync of a directory does. */
  static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
