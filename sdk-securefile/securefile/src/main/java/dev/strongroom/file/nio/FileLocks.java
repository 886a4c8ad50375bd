// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.nio;

import dev.strongroom.core.Bytes;
import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The locks that channels of this file system hold, by file. A volume is open in one process, so
 * they work between the channels of this one, where any overlap is refused by the contract.
 *
 * <p>Thread safety: thread-safe.
 */
final class FileLocks {

  private final Map<Bytes, List<Held>> held = new HashMap<>(); // guarded by this

  /** A lock in force. */
  private static final class Held extends FileLock {
    private final FileLocks locks;
    private final Bytes file;
    private final SecureFileChannel holder; // its closing ends the lock
    private volatile boolean valid = true;

    Held(FileLocks locks, Bytes file, SecureFileChannel holder, long at, long size, Mode mode) {
      super(holder, at, size, mode == Mode.SHARED);
      this.locks = locks;
      this.file = file;
      this.holder = holder;
    }

    Held(
        FileLocks locks,
        Bytes file,
        SecureFileChannel holder,
        AsynchronousFileChannel user,
        long at,
        long size,
        Mode mode) {
      super(user, at, size, mode == Mode.SHARED);
      this.locks = locks;
      this.file = file;
      this.holder = holder;
    }

    @Override
    public boolean isValid() {
      return valid;
    }

    @Override
    public void release() throws IOException {
      if (!acquiredBy().isOpen()) {
        throw new ClosedChannelException();
      }
      locks.release(this);
    }
  }

  /** Who else may hold a lock on the range; between channels of one process nobody may. */
  enum Mode {
    /** A lock for reading. */
    SHARED,
    /** A lock for writing. */
    EXCLUSIVE;

    static Mode of(boolean shared) {
      return shared ? SHARED : EXCLUSIVE;
    }
  }

  FileLock acquire(Bytes file, SecureFileChannel holder, long position, long size, Mode mode) {
    return add(new Held(this, file, holder, position, reach(position, size), mode));
  }

  /** Takes a lock for an asynchronous channel, which stands on the holder. */
  FileLock acquire(
      Bytes file,
      SecureFileChannel holder,
      AsynchronousFileChannel user,
      long position,
      long size,
      Mode mode) {
    return add(new Held(this, file, holder, user, position, reach(position, size), mode));
  }

  private static long reach(long position, long size) {
    boolean toTheEnd = size == 0 && position >= 0 && SecureFileChannel.SINCE_21;
    return toTheEnd ? Long.MAX_VALUE - position : size;
  }

  private synchronized FileLock add(Held lock) {
    List<Held> others = held.computeIfAbsent(lock.file, file -> new ArrayList<>());
    for (Held other : others) {
      if (other.overlaps(lock.position(), lock.size())) {
        throw new OverlappingFileLockException();
      }
    }
    others.add(lock);
    return lock;
  }

  private synchronized void release(Held lock) {
    lock.valid = false;
    List<Held> all = held.get(lock.file);
    if (all != null && all.remove(lock) && all.isEmpty()) {
      held.remove(lock.file);
    }
  }

  /** A channel closes: its locks end, and those of the asynchronous one that stands on it. */
  synchronized void releaseAll(Bytes file, SecureFileChannel holder) {
    List<Held> all = held.get(file);
    if (all == null) {
      return;
    }
    for (Iterator<Held> each = all.iterator(); each.hasNext(); ) {
      Held lock = each.next();
      if (lock.holder == holder) {
        lock.valid = false;
        each.remove();
      }
    }
    if (all.isEmpty()) {
      held.remove(file);
    }
  }
}
