// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import java.util.List;

/**
 * What was done to a store, in order, from a first state of its disk on.
 *
 * <p>Thread safety: immutable.
 */
public final class StoreLog {

  private final MemoryStore base;
  private final List<StoreEvent> events;

  StoreLog(MemoryStore base, List<StoreEvent> events) {
    this.base = base;
    this.events = List.copyOf(events);
  }

  /**
   * The disk before the first event; all of it durable.
   *
   * @return a copy
   */
  public MemoryStore base() {
    return base.copy();
  }

  /**
   * What was done.
   *
   * @return the events, oldest first
   */
  public List<StoreEvent> events() {
    return events;
  }

  /**
   * The disk as a program would see it after a part of the log, with nothing lost.
   *
   * @param count how many events, from the first on
   * @return the disk
   */
  public MemoryStore prefix(int count) {
    PendingDisk disk = new PendingDisk(base, CrashModel.Names.STRICT);
    events.subList(0, count).forEach(disk::add);
    return disk.image(op -> PendingDisk.WHOLE);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < events.size(); i++) {
      text.append(i).append(' ').append(events.get(i)).append('\n');
    }
    return text.toString();
  }
}
