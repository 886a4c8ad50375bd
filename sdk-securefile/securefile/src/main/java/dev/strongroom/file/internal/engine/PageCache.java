// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
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
     * @param round which request for memory it is for, counted from 1; 0 if nothing is to be
     *     written out
     */
    abstract Eviction tryEvict(long round);
  }

  /** What became of a victim. */
  enum Eviction {
    /** Its memory is free. */
    DONE,
    /** Another thread is at work on it, so that waiting may help. */
    BUSY,
    /** It stays, and waiting does not help. */
    KEPT,
    /** It could not be written out; its own file's next commit reports why. */
    FAILED
  }

  private static final int POOLED = 256;
  private static final int POOLED_BYTES = 4096;

  /** How often, and how long, memory is waited for that others are at work on. */
  private static final int PAUSES = 200;

  private static final long PAUSE_NANOS = 1_000_000;

  /** After so many that could not be written out, a request for memory tries no more of them. */
  private static final int MOST_FAILURES = 8;

  private final long budget;
  private final List<Item> clock = new ArrayList<>(); // guarded by this
  private final ArrayDeque<byte[]> pool = new ArrayDeque<>(); // guarded by this
  private int hand; // guarded by this
  private long rounds; // guarded by this; requests for memory that had to evict
  private int closed; // guarded by this; files since the last sweep
  private long allocated; // guarded by this
  private long pinned; // guarded by this
  private long charged; // guarded by this
  private long expected; // guarded by this
  private long highest; // guarded by this

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
    makeRoom(length, PAUSES);
    synchronized (this) {
      allocated += length;
      highest = Math.max(highest, allocated);
      byte[] pooled = length == POOLED_BYTES ? pool.poll() : null;
      return pooled != null ? pooled : new byte[length];
    }
  }

  /** Evicts until so many bytes more are within the budget, as far as that is possible now. */
  void makeRoom(long bytes) {
    makeRoom(bytes, 0);
  }

  /**
   * When nothing can be evicted because other threads are at work on it, it waits a little for
   * them, and then gives up.
   */
  private void makeRoom(long bytes, int pauses) {
    int patience = pauses;
    boolean others = false;
    int failures = 0;
    long round = 0;
    for (int attempts = 0; ; ) {
      Item victim;
      synchronized (this) {
        if (allocated + bytes <= budget) {
          return;
        }
        round = round == 0 ? ++rounds : round;
        victim = attempts > 2 * clock.size() + 16 ? null : nextVictim();
      }
      if (victim == null) {
        if (!others || patience-- == 0 || room() >= bytes) {
          return;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
        attempts = 0;
        others = false;
        continue;
      }
      Eviction eviction = victim.tryEvict(failures < MOST_FAILURES ? round : 0);
      if (eviction != Eviction.DONE) {
        attempts++;
        others |= eviction == Eviction.BUSY;
        failures += eviction == Eviction.FAILED ? 1 : 0;
        synchronized (this) {
          if (!victim.dead) {
            putBack(victim);
          }
        }
      }
    }
  }

  /** How much may be allocated, with what the budget may be exceeded by for a while. */
  long room() {
    return budget + budget / 16 - allocated();
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

  /** Takes memory back that is neither secret nor to be handed out again. */
  synchronized void forget(byte[] memory) {
    allocated -= memory.length;
  }

  /** Counts memory, or less of it, that only a checkpoint gives back. */
  synchronized void pin(long bytes) {
    pinned += bytes;
    charge(bytes);
  }

  /** Counts memory, or less of it, that only a commit gives back. */
  synchronized void charge(long bytes) {
    charged += bytes;
    allocated += bytes;
    highest = Math.max(highest, allocated);
  }

  /** Counts what a commit would pin, or less of it. */
  synchronized void expect(long bytes) {
    expected += bytes;
  }

  /** Whether there is so much to be given back by a checkpoint that one is due. */
  synchronized boolean isPinned() {
    return pinned > budget / 4;
  }

  /** Whether commits must not wait any more, or what they need would not fit. */
  synchronized boolean isPressed() {
    return charged + expected > budget / 4 && pinned + expected > budget / 16;
  }

  /** Memory that only a commit or a checkpoint gives back. */
  synchronized long charged() {
    return charged;
  }

  /** The most that has been allocated at one time. */
  synchronized long highest() {
    return highest;
  }

  synchronized long allocated() {
    return allocated;
  }

  long budget() {
    return budget;
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

  /** Puts a victim back behind the hand, so that the next one is another. */
  private void putBack(Item victim) {
    if (hand < clock.size()) {
      clock.add(clock.set(hand, victim));
      hand++;
    } else {
      clock.add(victim);
      hand = clock.size();
    }
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
