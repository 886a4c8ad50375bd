// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator.keystore;

import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The counters of a power cycle, by key and by group. They outlive logins: a block that was
 * reserved is good until power goes.
 *
 * <p>Thread safety: thread-safe.
 */
final class UseCounts {

  private final ConcurrentMap<KeyId, UseCounter> keys = new ConcurrentHashMap<>();
  private final ConcurrentMap<GroupId, LeaseCounter> groups = new ConcurrentHashMap<>();

  UseCounter of(KeyId key) {
    return keys.computeIfAbsent(key, id -> new UseCounter());
  }

  LeaseCounter of(GroupId group) {
    return groups.computeIfAbsent(group, id -> new LeaseCounter());
  }

  /** A key has gone: another one may get its id. */
  void forget(KeyId key) {
    UseCounter gone = keys.remove(key);
    if (gone != null) {
      gone.clear();
    }
  }

  /** A group has gone, or has another lease. */
  void forget(GroupId group) {
    LeaseCounter gone = groups.remove(group);
    if (gone != null) {
      gone.clear();
    }
  }

  /** Power is lost, and what was left of all blocks with it. */
  void clear() {
    keys.values().forEach(UseCounter::clear);
    groups.values().forEach(LeaseCounter::clear);
    keys.clear();
    groups.clear();
  }
}
