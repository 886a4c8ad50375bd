// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.nio;

import dev.strongroom.file.VolumeOptions;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The medium under a volume. Its figures are those that the volume's store tells, of which secure
 * files take up to a hundredth more than their content.
 *
 * <p>Thread safety: thread-safe.
 */
final class VolumeFileStore extends FileStore {

  private static final Set<Class<? extends FileAttributeView>> VIEWS =
      Set.of(
          BasicFileAttributeView.class,
          FileOwnerAttributeView.class,
          PosixFileAttributeView.class,
          UserDefinedFileAttributeView.class);

  private final VolumeFileSystem fileSystem;

  VolumeFileStore(VolumeFileSystem fileSystem) {
    this.fileSystem = fileSystem;
  }

  @Override
  public String name() {
    return fileSystem.toString();
  }

  @Override
  public String type() {
    return VolumeUri.SCHEME;
  }

  @Override
  public boolean isReadOnly() {
    return fileSystem.isReadOnly();
  }

  @Override
  public long getTotalSpace() throws IOException {
    return fileSystem.volume().totalSpace();
  }

  @Override
  public long getUsableSpace() throws IOException {
    return fileSystem.volume().usableSpace();
  }

  /** The usable ones: a store does not tell what the host keeps for itself. */
  @Override
  public long getUnallocatedSpace() throws IOException {
    return getUsableSpace();
  }

  /** The smallest sector. */
  @Override
  public long getBlockSize() {
    fileSystem.requireOpen();
    return VolumeOptions.DEFAULT_SECTOR_BYTES;
  }

  @Override
  public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
    return VIEWS.contains(type);
  }

  @Override
  public boolean supportsFileAttributeView(String name) {
    return fileSystem.supportedFileAttributeViews().contains(name);
  }

  @Override
  public <V extends FileStoreAttributeView> @Nullable V getFileStoreAttributeView(Class<V> type) {
    return null;
  }

  @Override
  public Object getAttribute(String attribute) throws IOException {
    return switch (attribute) {
      case "totalSpace" -> getTotalSpace();
      case "usableSpace" -> getUsableSpace();
      case "unallocatedSpace" -> getUnallocatedSpace();
      default -> throw new UnsupportedOperationException("file store attribute " + attribute);
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof VolumeFileStore that && that.fileSystem == fileSystem;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(fileSystem);
  }

  @Override
  public String toString() {
    return name();
  }
}
