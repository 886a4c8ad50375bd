// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.nio;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.FileType;
import dev.strongroom.file.SecureFileAttributes;
import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells the watch services of a file system what has been changed through it. Without any, it costs
 * nothing.
 *
 * <p>Thread safety: thread-safe.
 */
final class Changes {

  private final VolumeFileSystem fileSystem;
  private final Set<VolumeWatchService> watchers;

  Changes(VolumeFileSystem fileSystem, Set<VolumeWatchService> watchers) {
    this.fileSystem = fileSystem;
    this.watchers = watchers;
  }

  /** Whether anybody is told. */
  boolean isWatched() {
    return !watchers.isEmpty();
  }

  void created(VolumePath path) {
    tell(StandardWatchEventKinds.ENTRY_CREATE, path);
  }

  void modified(VolumePath path) {
    tell(StandardWatchEventKinds.ENTRY_MODIFY, path);
  }

  void deleted(VolumePath path, @Nullable Bytes directory) {
    tell(StandardWatchEventKinds.ENTRY_DELETE, path);
    if (directory != null) {
      watchers.forEach(watcher -> watcher.gone(directory));
    }
  }

  /** The UID of a directory that somebody may be watching and that is about to go. */
  @Nullable Bytes watchedDirectory(VolumePath path) {
    if (watchers.isEmpty()) {
      return null;
    }
    try {
      SecureFileAttributes found =
          fileSystem.volume().stat(path.inVolume(), LinkOption.NOFOLLOW_LINKS);
      return found.type() == FileType.DIRECTORY ? found.uid() : null;
    } catch (IOException e) {
      return null; // what is about to be done reports it
    }
  }

  private void tell(WatchEvent.Kind<Path> kind, VolumePath path) {
    VolumePath name = path.getFileName();
    if (watchers.isEmpty() || name == null) {
      return;
    }
    VolumePath parent = path.toAbsolutePath().getParent();
    try {
      Bytes directory = fileSystem.volume().stat(parent == null ? "/" : parent.inVolume()).uid();
      watchers.forEach(watcher -> watcher.tell(directory, kind, name));
    } catch (IOException e) {
      watchers.forEach(VolumeWatchService::overflow); // it cannot be told where the change was
    }
  }
}
