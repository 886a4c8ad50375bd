// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.nio;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.FileType;
import dev.strongroom.file.SecureFile;
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

  /** An open file has changed, which is told under the name that it has now, if any. */
  void modified(SecureFile file) {
    tellModified(file::attributes);
  }

  /** What a path leads to has changed. */
  void modified(VolumePath path, LinkOption... options) {
    tellModified(() -> fileSystem.volume().stat(path.inVolume(), options));
  }

  /** Something that has changed. */
  @FunctionalInterface
  private interface Changed {
    SecureFileAttributes attributes() throws IOException;
  }

  private void tellModified(Changed changed) {
    if (watchers.isEmpty()) {
      return;
    }
    try {
      SecureFileAttributes now = changed.attributes();
      if (now.directory() != null) {
        tell(now.directory(), StandardWatchEventKinds.ENTRY_MODIFY, now.name());
      }
    } catch (IOException e) {
      overflow();
    }
  }

  void deleted(VolumePath path, @Nullable Bytes directory) {
    tell(StandardWatchEventKinds.ENTRY_DELETE, path);
    if (directory != null) {
      gone(directory);
    }
  }

  /** A directory is no more, and its name is another's or nobody's. */
  void gone(Bytes directory) {
    watchers.forEach(watcher -> watcher.gone(directory));
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
      String directory = parent == null ? "/" : parent.inVolume();
      tell(fileSystem.volume().stat(directory).uid(), kind, name.toString());
    } catch (IOException e) {
      overflow();
    }
  }

  private void tell(Bytes directory, WatchEvent.Kind<Path> kind, String name) {
    VolumePath context = VolumePath.parse(fileSystem, name);
    watchers.forEach(watcher -> watcher.tell(directory, kind, context));
  }

  /** It cannot be told where a change was. */
  private void overflow() {
    watchers.forEach(VolumeWatchService::overflow);
  }
}
