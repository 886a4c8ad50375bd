// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.nio;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.FileType;
import dev.strongroom.file.SecureFileAttributes;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Delivers the changes that are made to directories through this file system, at once and without
 * polling. What other file systems, and other faces of the engine, do to the volume is not told.
 *
 * <p>Thread safety: thread-safe.
 */
final class VolumeWatchService implements WatchService {

  private final VolumeFileSystem fileSystem;
  private final LinkedBlockingDeque<VolumeWatchKey> signalled = new LinkedBlockingDeque<>();
  private final Map<Bytes, VolumeWatchKey> keys = new HashMap<>(); // guarded by this
  private final VolumeWatchKey end;
  private volatile boolean open = true;

  VolumeWatchService(VolumeFileSystem fileSystem) {
    this.fileSystem = fileSystem;
    end =
        new VolumeWatchKey(
            this, VolumePath.parse(fileSystem, "/"), Bytes.copyOf(new byte[0]), Set.of());
  }

  WatchKey register(VolumePath path, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers)
      throws IOException {
    Set<WatchEvent.Kind<?>> wanted = wanted(events);
    for (WatchEvent.Modifier modifier : modifiers) {
      java.util.Objects.requireNonNull(modifier, "modifier");
      if (!modifier.getClass().getName().startsWith("com.sun.nio.file.Sensitivity")) {
        throw new UnsupportedOperationException("watch modifier " + modifier);
      }
    }
    requireOpen();
    if (path.getFileSystem() != fileSystem) {
      throw new IllegalArgumentException("a path of another file system");
    }
    SecureFileAttributes directory = path.stat();
    if (directory.type() != FileType.DIRECTORY) {
      throw new NotDirectoryException(path.toString());
    }
    VolumeWatchKey fresh = new VolumeWatchKey(this, path, directory.uid(), wanted);
    VolumeWatchKey key;
    synchronized (this) {
      requireOpen();
      key = keys.putIfAbsent(directory.uid(), fresh);
    }
    if (key == null) {
      return fresh;
    }
    key.want(wanted);
    return key;
  }

  private static Set<WatchEvent.Kind<?>> wanted(WatchEvent.Kind<?>[] events) {
    Set<WatchEvent.Kind<?>> wanted = new HashSet<>();
    for (WatchEvent.Kind<?> kind : events) {
      java.util.Objects.requireNonNull(kind, "kind");
      if (kind == StandardWatchEventKinds.ENTRY_CREATE
          || kind == StandardWatchEventKinds.ENTRY_DELETE
          || kind == StandardWatchEventKinds.ENTRY_MODIFY) {
        wanted.add(kind);
      } else if (kind != StandardWatchEventKinds.OVERFLOW) {
        throw new UnsupportedOperationException("watch event " + kind);
      }
    }
    if (wanted.isEmpty()) {
      throw new IllegalArgumentException("no events are to be told");
    }
    return wanted;
  }

  void tell(Bytes directory, WatchEvent.Kind<Path> kind, VolumePath name) {
    VolumeWatchKey key = key(directory);
    if (key != null) {
      key.tell(kind, name);
    }
  }

  /** A directory is no more. */
  void gone(Bytes directory) {
    VolumeWatchKey key = key(directory);
    if (key != null) {
      key.cancel();
      key.wake();
    }
  }

  void overflow() {
    List<VolumeWatchKey> all;
    synchronized (this) {
      all = List.copyOf(keys.values());
    }
    all.forEach(VolumeWatchKey::overflow);
  }

  private synchronized @Nullable VolumeWatchKey key(Bytes directory) {
    return keys.get(directory);
  }

  synchronized void forget(VolumeWatchKey key) {
    keys.remove(key.directory(), key);
  }

  void enqueue(VolumeWatchKey key) {
    signalled.add(key);
  }

  private void requireOpen() {
    if (!open) {
      throw new ClosedWatchServiceException();
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      if (!open) {
        return;
      }
      open = false;
      List.copyOf(keys.values()).forEach(VolumeWatchKey::cancel);
    }
    fileSystem.closed(this);
    signalled.clear();
    signalled.add(end);
  }

  @Override
  public @Nullable WatchKey poll() {
    requireOpen();
    return opened(signalled.poll());
  }

  @Override
  public @Nullable WatchKey poll(long timeout, TimeUnit unit) throws InterruptedException {
    requireOpen();
    return opened(signalled.poll(timeout, unit));
  }

  @Override
  public WatchKey take() throws InterruptedException {
    requireOpen();
    return java.util.Objects.requireNonNull(opened(signalled.take()));
  }

  /** The end wakes one waiting thread, which wakes the next. */
  private @Nullable WatchKey opened(@Nullable VolumeWatchKey key) {
    if (key == end) {
      signalled.add(end);
    }
    requireOpen();
    return key;
  }
}
