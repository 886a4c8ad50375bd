// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.DataKey;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.sekey.model.Directory;
import dev.strongroom.sekey.model.KeyEntry;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Data keys that are kept for a while. Threads that want the same one wait for the one of them that
 * asks the element. What goes is zeroed; callers have copies.
 *
 * <p>A key is kept for one record of its managed key: when that changes, it goes. What a failed
 * command leaves is nothing: the next one who wants the key asks again.
 *
 * <p>Thread safety: thread-safe; {@code map} guards which keys there are, each key's lock the key.
 * The two are never held together.
 */
final class DataKeyCache implements AutoCloseable {

  /** A data key that is to protect, or, by its wrapped form, one that has protected. */
  record Slot(KeyId key, Optional<Bytes> wrapped) {}

  /** The element. */
  @FunctionalInterface
  interface Source {
    DataKey ask() throws IOException;
  }

  private static final class Kept {
    final ReentrantLock lock = new ReentrantLock();
    @Nullable DataKey key;
    @Nullable KeyAttributes attributes;
    Instant since = Instant.MIN;
    long uses;
    long bytes;
    boolean gone;

    void erase() {
      DataKey present = key;
      if (present != null) {
        present.close();
        key = null;
      }
    }
  }

  private final DataKeyLimits limits;
  private final Clock clock;
  private final ReentrantLock map = new ReentrantLock();
  private final LinkedHashMap<Slot, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);
  private @Nullable Directory swept; // guarded by map
  private Instant nextSweep = Instant.MIN; // guarded by map
  private boolean closed; // guarded by map

  DataKeyCache(DataKeyLimits limits, Clock clock) {
    this.limits = limits;
    this.clock = clock;
  }

  /**
   * A data key for one use, which the caller closes.
   *
   * @param slot which
   * @param directory what is known now, with the managed key
   * @param bytes how many it is to protect
   * @param source where it comes from if it is not kept
   */
  DataKey take(Slot slot, Directory directory, long bytes, Source source) throws IOException {
    KeyAttributes attributes = directory.key(slot.key()).orElseThrow().attributes();
    if (limits.keys() == 0 || bytes > limits.bytes()) {
      return source.ask();
    }
    sweep(directory);
    while (true) {
      Kept entry = find(slot);
      if (entry == null) {
        return source.ask();
      }
      entry.lock.lock();
      try {
        if (!entry.gone) {
          return take(entry, attributes, bytes, source);
        }
      } finally {
        entry.lock.unlock();
      }
    }
  }

  private DataKey take(Kept entry, KeyAttributes attributes, long bytes, Source source)
      throws IOException {
    DataKey present = entry.key;
    if (present == null || !fits(entry, attributes, bytes)) {
      entry.erase();
      present = source.ask();
      entry.key = present;
      entry.attributes = attributes;
      entry.since = clock.instant();
      entry.uses = 0;
      entry.bytes = 0;
    }
    entry.uses++;
    entry.bytes += bytes;
    return new DataKey(present.key().copy(), present.wrapped());
  }

  private boolean fits(Kept entry, KeyAttributes attributes, long bytes) {
    return attributes.equals(entry.attributes)
        && !isOld(entry)
        && entry.uses < limits.uses()
        && entry.bytes <= limits.bytes() - bytes;
  }

  /** A clock that was turned back makes a key old, too. */
  private boolean isOld(Kept entry) {
    Instant now = clock.instant();
    return now.isBefore(entry.since) || !now.isBefore(entry.since.plus(limits.age()));
  }

  private @Nullable Kept find(Slot slot) {
    List<Kept> evicted = new ArrayList<>();
    Kept entry;
    map.lock();
    try {
      if (closed) {
        return null;
      }
      entry = kept.computeIfAbsent(slot, none -> new Kept());
      Iterator<Map.Entry<Slot, Kept>> eldest = kept.entrySet().iterator();
      while (kept.size() > limits.keys()) {
        evicted.add(eldest.next().getValue());
        eldest.remove();
      }
    } finally {
      map.unlock();
    }
    evicted.forEach(DataKeyCache::end);
    return entry;
  }

  private static void end(Kept entry) {
    entry.lock.lock();
    try {
      entry.gone = true;
      entry.erase();
    } finally {
      entry.lock.unlock();
    }
  }

  /** Ends what is old, and when the directory is another one, what its records no longer bear. */
  @SuppressWarnings("ReferenceEquality") // another object is another commit
  void sweep(Directory directory) {
    List<Map.Entry<Slot, Kept>> all;
    map.lock();
    try {
      Instant now = clock.instant();
      if (directory == swept && now.isBefore(nextSweep)) {
        return;
      }
      swept = directory;
      nextSweep = now.plus(limits.age());
      all = new ArrayList<>();
      kept.forEach((slot, entry) -> all.add(Map.entry(slot, entry)));
    } finally {
      map.unlock();
    }
    for (Map.Entry<Slot, Kept> each : all) {
      Kept entry = each.getValue();
      Optional<KeyAttributes> record = directory.key(each.getKey().key()).map(KeyEntry::attributes);
      entry.lock.lock();
      try {
        if (entry.key != null
            && (isOld(entry) || !record.equals(Optional.ofNullable(entry.attributes)))) {
          entry.erase();
        }
      } finally {
        entry.lock.unlock();
      }
    }
  }

  /** Ends all of them. */
  @Override
  public void close() {
    List<Kept> all;
    map.lock();
    try {
      closed = true;
      all = new ArrayList<>(kept.values());
      kept.clear();
    } finally {
      map.unlock();
    }
    all.forEach(DataKeyCache::end);
  }
}
