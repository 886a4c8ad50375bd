// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator.keystore;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementDamagedException;
import dev.strongroom.core.device.ElementFullException;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.GroupTerms;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyGroup;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyRecord;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyTransition;
import dev.strongroom.core.keys.KeyTrigger;
import dev.strongroom.core.keys.UsageLimit;
import dev.strongroom.simulator.records.RecordChange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Changes of a key store on their way to one write: what is read here is as those before have left
 * it. Closing it overwrites what it has read of values.
 *
 * <p>Thread safety: confined; guarded by the lock of the element application.
 */
public final class StoreDraft implements AutoCloseable {

  private static final int MOST_GROUPS = 0xFFFF;
  private static final byte[] GONE = {};

  private final KeyTable base;
  private final Map<Bytes, byte[]> staged = new LinkedHashMap<>();
  private final Map<Integer, KeyGroup> groups;
  private final Map<GroupId, Integer> indices = new HashMap<>();
  private final Map<KeyId, UsageLimit> lowered = new LinkedHashMap<>();
  private final List<Runnable> afterwards = new ArrayList<>();
  private int keys;

  /**
   * Nothing staged yet.
   *
   * @param base the store as it is
   */
  public StoreDraft(KeyTable base) {
    this.base = base;
    this.groups = new HashMap<>(base.groupsByIndex());
    groups.values().forEach(group -> indices.put(group.id(), group.index()));
    this.keys = base.keyCount();
  }

  /**
   * The store as it was before.
   *
   * @return the table
   */
  public KeyTable base() {
    return base;
  }

  /**
   * A key with its value.
   *
   * @param id which
   * @return the key, which the caller closes, or empty
   * @throws ElementDamagedException if its record is malformed
   */
  public Optional<KeyMaterial> key(KeyId id) throws ElementDamagedException {
    byte[] first = record(id.bytes());
    byte[] second = {};
    try {
      if (first == null || !RecordFields.isKey(RecordFields.kind(first, 0))) {
        return Optional.empty();
      }
      KeyRecord record =
          KeyRecord.parseHead(
              Bytes.copyOf(first, 0, KeyRecord.HEAD_LENGTH),
              index -> Optional.ofNullable(groups.get(index)).map(KeyGroup::id));
      byte[] value = new byte[record.valueLength()];
      int head = Math.min(value.length, KeyRecord.VALUE_LENGTH);
      System.arraycopy(first, KeyRecord.HEAD_LENGTH, value, 0, head);
      if (record.isContinued()) {
        byte[] found = record(KeyRecord.continuationId(id));
        if (found == null) {
          Arrays.fill(value, (byte) 0);
          throw new ElementDamagedException("of its key store, key " + id + " is cut short", null);
        }
        second = found;
        System.arraycopy(second, KeyRecord.HEAD_LENGTH, value, head, value.length - head);
      }
      return Optional.of(new KeyMaterial(record, SecretBytes.adopt(value)));
    } catch (IllegalArgumentException e) {
      throw new ElementDamagedException("of its key store, " + e.getMessage(), e);
    } finally {
      if (first != null) {
        Arrays.fill(first, (byte) 0);
      }
      Arrays.fill(second, (byte) 0);
    }
  }

  /**
   * A group.
   *
   * @param id which
   * @return the group, or empty
   */
  public Optional<KeyGroup> group(GroupId id) {
    return Optional.ofNullable(indices.get(id)).map(groups::get);
  }

  /**
   * The group of a key.
   *
   * @param key a record
   * @return the group, or empty if the key has none
   */
  public Optional<KeyGroup> groupOf(KeyRecord key) {
    return Optional.ofNullable(groups.get(key.groupIndex()));
  }

  /**
   * Whether a record has an id, or one that a longer key of that id would need.
   *
   * @param key an id
   * @return whether no key can be made with it
   */
  public boolean isTaken(KeyId key) {
    return isTaken(key.bytes()) || isTaken(KeyRecord.continuationId(key));
  }

  /**
   * Whether a record has an id.
   *
   * @param group an id
   * @return whether no group can be made with it
   */
  public boolean isTaken(GroupId group) {
    return isTaken(group.bytes());
  }

  private boolean isTaken(Bytes id) {
    byte[] found = record(id);
    if (found != null) {
      Arrays.fill(found, (byte) 0);
    }
    return found != null;
  }

  /**
   * Puts a key, in the place of the one with its id.
   *
   * @param key the key, which stays the caller's
   * @throws ElementDamagedException if the record of the one before is malformed
   */
  public void put(KeyMaterial key) throws ElementDamagedException {
    KeyId id = key.attributes().id();
    try (KeyMaterial before = key(id).orElse(null)) {
      if (before == null) {
        keys++;
      } else {
        UsageLimit limit = key.record().uses();
        if (limit.isLimited() && limit.limit() < before.record().uses().reserved()) {
          lowered.putIfAbsent(id, before.record().uses());
        }
        if (before.record().isContinued() && !key.record().isContinued()) {
          stage(KeyRecord.continuationId(id), GONE);
        }
      }
    }
    for (byte[] record : key.encode()) {
      stage(Bytes.copyOf(record, 0, KeyId.LENGTH), record);
    }
  }

  /**
   * Removes a key.
   *
   * @param id which; what is not there is no error
   * @throws ElementDamagedException if its record is malformed
   */
  public void remove(KeyId id) throws ElementDamagedException {
    try (KeyMaterial before = key(id).orElse(null)) {
      if (before == null) {
        return;
      }
      stage(id.bytes(), GONE);
      if (before.record().isContinued()) {
        stage(KeyRecord.continuationId(id), GONE);
      }
      keys--;
      lowered.remove(id);
      afterwards.add(() -> base.counts().forget(id));
    }
  }

  /**
   * Makes a group with the lowest index that is free.
   *
   * @param id which
   * @param terms of the group
   * @return the group, staged
   * @throws ElementFullException if there are as many groups as indices
   */
  public KeyGroup makeGroup(GroupId id, GroupTerms terms) throws ElementFullException {
    int index = 1;
    while (groups.containsKey(index)) {
      index++;
    }
    if (index > MOST_GROUPS) {
      throw new ElementFullException(ElementFullException.Limit.MEMORY, 1, 0, MOST_GROUPS);
    }
    KeyGroup group = new KeyGroup(id, index, terms, Optional.empty());
    put(group);
    return group;
  }

  /**
   * Puts a group, in the place of the one with its id.
   *
   * @param group as it shall be
   */
  public void put(KeyGroup group) {
    stage(group.id().bytes(), group.encode().toByteArray());
    groups.put(group.index(), group);
    indices.put(group.id(), group.index());
  }

  /**
   * A group has another lease: what was reserved of the one before is void.
   *
   * @param group which
   */
  public void renewed(GroupId group) {
    afterwards.add(() -> base.counts().forget(group));
  }

  /**
   * Removes a group without keys.
   *
   * @param group which
   */
  public void remove(KeyGroup group) {
    stage(group.id().bytes(), GONE);
    groups.remove(group.index());
    indices.remove(group.id());
    afterwards.add(() -> base.counts().forget(group.id()));
  }

  /**
   * The keys of a group.
   *
   * @param group which
   * @return their ids
   */
  public List<KeyId> keysOf(KeyGroup group) {
    return select(
        (page, at) ->
            RecordFields.isKey(RecordFields.kind(page, at))
                && RecordFields.groupIndex(page, at) == group.index());
  }

  /**
   * Destroys the keys whose time of destruction has come.
   *
   * @param floor by which
   * @throws ElementDamagedException if a record is malformed
   */
  public void destroyDue(ElementTime floor) throws ElementDamagedException {
    for (KeyId id : select((page, at) -> RecordFields.isDue(page, at, floor.seconds()))) {
      try (KeyMaterial key = key(id).orElseThrow();
          KeyMaterial destroyed =
              key.with(key.attributes().withState(afterDestruction(key.attributes())))) {
        put(destroyed);
      }
    }
  }

  private static KeyState afterDestruction(KeyAttributes key) throws ElementDamagedException {
    for (KeyTransition transition : KeyTransition.values()) {
      if (transition.triggers().contains(KeyTrigger.SCHEDULE)
          && transition.from().filter(key.state()::equals).isPresent()) {
        return transition.to();
      }
    }
    throw new ElementDamagedException(
        "of its key store, key " + key.id() + " is " + key.state() + " and to be destroyed", null);
  }

  private interface Selection {
    boolean has(byte[] page, int at);
  }

  private List<KeyId> select(Selection selection) {
    Set<Bytes> found = new LinkedHashSet<>();
    base.index()
        .forEach(
            (page, at) -> {
              if (selection.has(page, at)) {
                found.add(Bytes.copyOf(page, at, KeyId.LENGTH));
              }
            });
    for (Map.Entry<Bytes, byte[]> each : staged.entrySet()) {
      if (each.getValue() != GONE && selection.has(each.getValue(), 0)) {
        found.add(each.getKey());
      } else {
        found.remove(each.getKey());
      }
    }
    return found.stream().map(KeyId::new).toList();
  }

  /**
   * Does something when the change is on persistent memory, before it is answered.
   *
   * @param action what is done
   */
  public void afterwards(Runnable action) {
    afterwards.add(action);
  }

  /**
   * Hands over what is to be written. Uses that a lower limit takes away are gone from here on.
   *
   * @param change gets the records
   */
  public void flush(RecordChange change) {
    Set<Bytes> there = new HashSet<>();
    for (Bytes id : staged.keySet()) {
      if (isThere(id)) {
        there.add(id);
      }
    }
    staged.forEach(
        (id, record) -> {
          if (record != GONE) {
            change.put(record);
          } else if (there.contains(id)) {
            change.remove(id);
          }
        });
    lowered.forEach(
        (id, before) -> {
          byte[] record = staged.get(id.bytes());
          if (record != null && record != GONE) {
            long limit = RecordFields.limit(record, 0);
            base.counts().of(id).lose(Math.max(0, before.reserved() - limit));
          }
        });
    lowered.clear();
  }

  private boolean isThere(Bytes id) {
    byte[] record = new byte[KeyRecord.LENGTH];
    boolean found = base.index().copy(id, record);
    Arrays.fill(record, (byte) 0);
    return found;
  }

  /** The change is on persistent memory, or there was nothing to write. */
  public void committed() {
    afterwards.forEach(Runnable::run);
    afterwards.clear();
  }

  boolean touches(Bytes id) {
    return staged.containsKey(id);
  }

  Map<Integer, KeyGroup> groupsByIndex() {
    return groups;
  }

  int keyCount() {
    return keys;
  }

  /** A copy of a record, null if there is none. */
  private byte @Nullable [] record(Bytes id) {
    byte[] known = staged.get(id);
    if (known != null) {
      return known == GONE ? null : known.clone();
    }
    byte[] read = new byte[KeyRecord.LENGTH];
    return base.index().copy(id, read) ? read : null;
  }

  private void stage(Bytes id, byte[] record) {
    byte[] before = staged.put(id, record);
    if (before != null) {
      Arrays.fill(before, (byte) 0);
    }
  }

  @Override
  public void close() {
    staged.values().forEach(record -> Arrays.fill(record, (byte) 0));
  }
}
