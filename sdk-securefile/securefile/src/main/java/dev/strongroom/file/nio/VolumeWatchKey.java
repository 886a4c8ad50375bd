// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.nio;

import dev.strongroom.core.Bytes;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.Watchable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A watched directory and what has happened in it. The same change again and again counts up; more
 * than {@value #MAX_EVENTS} changes that nobody fetches become one OVERFLOW.
 *
 * <p>Thread safety: thread-safe.
 */
final class VolumeWatchKey implements WatchKey {

  private static final int MAX_EVENTS = 512;

  private final VolumeWatchService service;
  private final VolumePath path;
  private final Bytes directory;
  private Set<WatchEvent.Kind<?>> wanted; // guarded by this
  private List<Event<?>> events = new ArrayList<>(); // guarded by this
  private boolean queued; // guarded by this
  private volatile boolean valid = true;

  /** Something that happened, so many times. */
  private static final class Event<T> implements WatchEvent<T> {
    private final WatchEvent.Kind<T> kind;
    private final @Nullable T context;
    private int count = 1;

    Event(WatchEvent.Kind<T> kind, @Nullable T context) {
      this.kind = kind;
      this.context = context;
    }

    @Override
    public WatchEvent.Kind<T> kind() {
      return kind;
    }

    @Override
    public int count() {
      return count;
    }

    @Override
    public @Nullable T context() {
      return context;
    }
  }

  VolumeWatchKey(
      VolumeWatchService service,
      VolumePath path,
      Bytes directory,
      Set<WatchEvent.Kind<?>> wanted) {
    this.service = service;
    this.path = path;
    this.directory = directory;
    this.wanted = wanted;
  }

  Bytes directory() {
    return directory;
  }

  synchronized void want(Set<WatchEvent.Kind<?>> kinds) {
    wanted = kinds;
  }

  synchronized void tell(WatchEvent.Kind<Path> kind, Path name) {
    if (!valid || !wanted.contains(kind)) {
      return;
    }
    Event<?> last = events.isEmpty() ? null : events.get(events.size() - 1);
    if (last != null && last.kind == kind && name.equals(last.context)) {
      last.count++;
    } else if (last != null && last.kind == StandardWatchEventKinds.OVERFLOW) {
      last.count++;
    } else if (events.size() >= MAX_EVENTS) {
      overflow();
    } else {
      events.add(new Event<>(kind, name));
    }
    wake();
  }

  synchronized void overflow() {
    events.clear();
    events.add(new Event<>(StandardWatchEventKinds.OVERFLOW, null));
    wake();
  }

  synchronized void wake() {
    if (!queued) {
      queued = true;
      service.enqueue(this);
    }
  }

  @Override
  public boolean isValid() {
    return valid;
  }

  @Override
  public synchronized List<WatchEvent<?>> pollEvents() {
    List<WatchEvent<?>> all = List.copyOf(events);
    events = new ArrayList<>();
    return all;
  }

  @Override
  public synchronized boolean reset() {
    if (queued && valid) {
      if (events.isEmpty()) {
        queued = false;
      } else {
        service.enqueue(this);
      }
    }
    return valid;
  }

  @Override
  public void cancel() {
    valid = false;
    service.forget(this);
  }

  @Override
  public Watchable watchable() {
    return path;
  }
}
