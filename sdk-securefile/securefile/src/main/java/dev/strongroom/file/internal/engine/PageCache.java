// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The memory for clear data and tag pages of all files of a volume: one budget, second-chance
 * (clock) eviction.
 *
 * <p>An item is marked as used without a lock. A victim is written back and dropped under its own
 * file's lock, which is only tried, so that no two files wait for each other. Memory is zeroed when
 * it is given back.
 *
 * <p>Thread safety: thread-safe.
 */
final class PageCache {

  /** What can be evicted. */
  abstract static class Item {
    volatile boolean used;
    volatile boolean dead;

    /**
     * Gives the item's memory back, writing it out first if it must be.
     *
     * @return false if it cannot be done now
     * @throws IOException if writing it out failed
     */
    abstract boolean tryEvict() throws IOException;
  }

  private static final int POOLED = 256;
  private static final int POOLED_BYTES = 4096;

  private final long budget;
  private final List<Item> clock = new ArrayList<>(); // guarded by this
  private final ArrayDeque<byte[]> pool = new ArrayDeque<>(); // guarded by this
  private int hand; // guarded by this
  private int closed; // guarded by this; files since the last sweep
  private long allocated; // guarded by this

  PageCache(long budget) {
    this.budget = budget;
  }

  /** Puts a new item under the clock's hand. */
  synchronized void add(Item item) {
    item.used = true;
    clock.add(item);
  }

  /**
   * Hands out zeroed memory, evicting others first if the budget is used up. When nothing can be
   * evicted the budget is exceeded rather than the caller refused.
   */
  byte[] allocate(int length) {
    byte[] memory = null;
    for (int attempts = 0; memory == null; ) {
      Item victim;
      synchronized (this) {
        boolean fits = allocated + length <= budget || attempts > clock.size() + 16;
        victim = fits ? null : nextVictim();
        if (victim == null) {
          allocated += length;
          byte[] pooled = length == POOLED_BYTES ? pool.poll() : null;
          memory = pooled != null ? pooled : new byte[length];
        }
      }
      if (victim != null && !evict(victim)) {
        attempts++;
        synchronized (this) {
          if (!victim.dead) {
            clock.add(victim);
          }
        }
      }
    }
    return memory;
  }

  /** Zeroes memory and takes it back. */
  void free(byte[] memory) {
    Arrays.fill(memory, (byte) 0);
    synchronized (this) {
      allocated -= memory.length;
      if (memory.length == POOLED_BYTES && pool.size() < POOLED) {
        pool.push(memory);
      }
    }
  }

  /** Counts memory that was not handed out here, such as tag pages that wait for a checkpoint. */
  synchronized void charge(long bytes) {
    allocated += bytes;
  }

  synchronized long allocated() {
    return allocated;
  }

  long budget() {
    return budget;
  }

  /** A victim that cannot be written out stays; its own file's next commit reports why. */
  private static boolean evict(Item victim) {
    try {
      return victim.tryEvict();
    } catch (IOException e) {
      return false;
    }
  }

  private @Nullable Item nextVictim() {
    for (int steps = 2 * clock.size(); steps > 0 && !clock.isEmpty(); steps--) {
      if (hand >= clock.size()) {
        hand = 0;
      }
      Item item = clock.get(hand);
      if (item.dead) {
        removeAtHand();
      } else if (item.used) {
        item.used = false;
        hand++;
      } else {
        removeAtHand();
        return item;
      }
    }
    if (clock.isEmpty()) {
      return null;
    }
    hand = hand >= clock.size() ? 0 : hand;
    Item item = clock.get(hand);
    removeAtHand();
    return item.dead ? null : item;
  }

  private void removeAtHand() {
    Item last = clock.remove(clock.size() - 1);
    if (hand < clock.size()) {
      clock.set(hand, last);
    }
  }

  /** Notes that a file has gone, and drops dead items now and then, so that they do not pile up. */
  synchronized void sweep() {
    closed++;
    if (closed >= 64 && closed * 8 >= clock.size()) {
      clock.removeIf(item -> item.dead);
      hand = 0;
      closed = 0;
    }
  }
}
