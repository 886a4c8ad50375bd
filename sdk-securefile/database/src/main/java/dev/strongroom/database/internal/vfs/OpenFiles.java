// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.vfs;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The files that SQLite has open, by the numbers that its own structures hold.
 *
 * <p>Thread safety: thread-safe; one entry is used by one thread at a time.
 */
final class OpenFiles {

  private final Map<Long, Entry> entries = new ConcurrentHashMap<>();
  private final AtomicLong last = new AtomicLong();

  /** An open file, and an array for what goes between it and native memory. */
  static final class Entry {

    final VfsFile file;
    private byte[] buffer = new byte[0];

    Entry(VfsFile file) {
      this.file = file;
    }

    byte[] buffer(int length) {
      if (buffer.length < length) {
        erase();
        buffer = new byte[Math.max(length, 4096)];
      }
      return buffer;
    }

    void erase() {
      Arrays.fill(buffer, (byte) 0);
    }
  }

  /** Takes a file in; answers its number. */
  long add(VfsFile file) {
    long number = last.incrementAndGet();
    entries.put(number, new Entry(file));
    return number;
  }

  /** The file with a number. */
  Entry get(long number) {
    Entry entry = entries.get(number);
    if (entry == null) {
      throw new IllegalStateException("SQLite has no file " + number + " open");
    }
    return entry;
  }

  /** Takes a file out. */
  @Nullable Entry remove(long number) {
    return entries.remove(number);
  }
}
