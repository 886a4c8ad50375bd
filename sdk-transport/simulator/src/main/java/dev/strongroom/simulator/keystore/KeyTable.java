// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator.keystore;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementDamagedException;
import dev.strongroom.core.device.KeyNotFoundException;
import dev.strongroom.core.device.KeyRefusedException;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyCircumstances;
import dev.strongroom.core.keys.KeyCircumstances.Acknowledgement;
import dev.strongroom.core.keys.KeyDecision;
import dev.strongroom.core.keys.KeyGroup;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.core.keys.KeyRecord;
import dev.strongroom.core.keys.KeyRules;
import dev.strongroom.core.keys.Lease;
import dev.strongroom.core.keys.LeaseGate;
import dev.strongroom.simulator.records.RecordIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The key store at one moment: records, groups, floor, and who administers it. A change makes
 * another one, and takes over of this what it has not touched; a use that has begun with this one
 * ends with it.
 *
 * <p>Keys are read out of the records when they are first used, and {@value #MOST_ENTRIES} are kept
 * at most.
 *
 * <p>Thread safety: thread-safe, without a lock.
 */
public final class KeyTable {

  private static final int MOST_ENTRIES = 1024;
  private static final AtomicLong NUMBERS = new AtomicLong();

  private final long number = NUMBERS.incrementAndGet();
  private final RecordIndex index;
  private final ElementTime floor;
  private final Administration administration;
  private final UseCounts counts;
  private final Map<Integer, KeyGroup> groups; // by index
  private final Map<GroupId, KeyGroup> groupIds;
  private final int keys;
  private final ConcurrentMap<KeyId, KeyEntry> entries = new ConcurrentHashMap<>();
  private volatile boolean superseded;

  /** Who changes the records. */
  public enum Administration {
    /** Orders alone. */
    BY_ORDERS,
    /** Whoever logs in. */
    BY_ITSELF
  }

  private KeyTable(
      RecordIndex index,
      ElementTime floor,
      Administration administration,
      UseCounts counts,
      Map<Integer, KeyGroup> groups,
      int keys) {
    this.index = index;
    this.floor = floor;
    this.administration = administration;
    this.counts = counts;
    this.groups = groups;
    this.keys = keys;
    this.groupIds = new HashMap<>();
    groups.values().forEach(group -> groupIds.put(group.id(), group));
  }

  /** Reads all records once, under the element's lock. */
  static KeyTable of(
      RecordIndex index, ElementTime floor, Administration administration, UseCounts counts)
      throws ElementDamagedException {
    Map<Integer, KeyGroup> groups = new HashMap<>();
    int[] keys = {0};
    try {
      index.forEach(
          (page, at) -> {
            int kind = RecordFields.kind(page, at);
            if (RecordFields.isGroup(kind)) {
              KeyGroup group = KeyGroup.parse(Bytes.copyOf(page, at, KeyRecord.LENGTH));
              if (groups.put(group.index(), group) != null) {
                throw new IllegalArgumentException("two groups have index " + group.index());
              }
            } else if (RecordFields.isKey(kind)) {
              keys[0]++;
            }
          });
    } catch (IllegalArgumentException e) {
      throw new ElementDamagedException("of its key store, " + e.getMessage(), e);
    }
    return new KeyTable(index, floor, administration, counts, groups, keys[0]);
  }

  /** The table after a change, which may have left the records alone. */
  KeyTable next(
      RecordIndex nextIndex,
      @Nullable StoreDraft draft,
      ElementTime nextFloor,
      Administration nextAdministration) {
    KeyTable next =
        new KeyTable(
            nextIndex,
            nextFloor,
            nextAdministration,
            counts,
            draft == null ? groups : draft.groupsByIndex(),
            draft == null ? keys : draft.keyCount());
    superseded = true;
    for (Map.Entry<KeyId, KeyEntry> each : entries.entrySet()) {
      if (draft == null || !draft.touches(each.getKey().bytes())) {
        next.entries.put(each.getKey(), each.getValue());
      } else {
        each.getValue().close();
      }
    }
    return next;
  }

  /** Overwrites whatever is ready for use. */
  void close() {
    superseded = true;
    entries.values().forEach(KeyEntry::close);
    entries.clear();
  }

  /**
   * The records of this moment.
   *
   * @return the index
   */
  public RecordIndex index() {
    return index;
  }

  /**
   * The signed time.
   *
   * @return the floor
   */
  public ElementTime floor() {
    return floor;
  }

  /**
   * Who changes the records.
   *
   * @return by orders, or by itself
   */
  public Administration administration() {
    return administration;
  }

  /**
   * All groups.
   *
   * @return in no order
   */
  public Collection<KeyGroup> groups() {
    return groups.values();
  }

  /**
   * A group.
   *
   * @param id which
   * @return the group, or empty if it is not there
   */
  public Optional<KeyGroup> group(GroupId id) {
    return Optional.ofNullable(groupIds.get(id));
  }

  /**
   * How many keys there are.
   *
   * @return destroyed ones among them
   */
  public int keyCount() {
    return keys;
  }

  Map<Integer, KeyGroup> groupsByIndex() {
    return groups;
  }

  Optional<GroupId> groupId(int groupIndex) {
    return Optional.ofNullable(groups.get(groupIndex)).map(KeyGroup::id);
  }

  UseCounts counts() {
    return counts;
  }

  /**
   * Ids of keys, ascending.
   *
   * @param after where to go on, zeros to begin
   * @param count how many at most
   * @return those after it
   */
  public List<Bytes> keyIds(Bytes after, int count) {
    return index.idsAfter(after, count, RecordFields::isKey);
  }

  /**
   * Ids of groups, ascending.
   *
   * @param after where to go on, zeros to begin
   * @param count how many at most
   * @return those after it
   */
  public List<Bytes> groupIds(Bytes after, int count) {
    return index.idsAfter(after, count, RecordFields::isGroup);
  }

  /**
   * What is known of all keys; under the element's lock.
   *
   * @return by ascending id
   * @throws ElementDamagedException if a record is malformed
   */
  public List<KeyAttributes> allAttributes() throws ElementDamagedException {
    List<KeyAttributes> all = new ArrayList<>(keys);
    try {
      index.forEach(
          (page, at) -> {
            if (RecordFields.isKey(RecordFields.kind(page, at))) {
              all.add(
                  KeyRecord.parseHead(Bytes.copyOf(page, at, KeyRecord.HEAD_LENGTH), this::groupId)
                      .attributes());
            }
          });
    } catch (IllegalArgumentException e) {
      throw new ElementDamagedException("of its key store, " + e.getMessage(), e);
    }
    return all;
  }

  /**
   * A key.
   *
   * @param id which
   * @return its entry
   * @throws KeyNotFoundException if it is not there
   * @throws ElementDamagedException if its record is malformed
   * @throws IllegalStateException if the records have changed since
   */
  public KeyEntry entry(KeyId id) throws KeyNotFoundException, ElementDamagedException {
    KeyEntry known = entries.get(id);
    if (known == null || known.isClosed()) {
      entries.remove(id);
      return load(id);
    }
    return known;
  }

  private KeyEntry load(KeyId id) throws KeyNotFoundException, ElementDamagedException {
    byte[] record = new byte[KeyRecord.LENGTH];
    try {
      if (!index.copy(id.bytes(), record) || !RecordFields.isKey(RecordFields.kind(record, 0))) {
        throw new KeyNotFoundException(id);
      }
      KeyEntry made =
          new KeyEntry(
              KeyRecord.parseHead(Bytes.copyOf(record, 0, KeyRecord.HEAD_LENGTH), this::groupId),
              counts.of(id));
      makeRoom();
      KeyEntry first = entries.putIfAbsent(id, made);
      KeyEntry entry = first == null ? made : first;
      if (superseded) {
        // Whoever took over what was here may not have seen it.
        entry.close();
      }
      return entry;
    } catch (IllegalArgumentException e) {
      throw new ElementDamagedException("of its key store, " + e.getMessage(), e);
    } finally {
      Arrays.fill(record, (byte) 0);
    }
  }

  private void makeRoom() {
    if (entries.size() < MOST_ENTRIES) {
      return;
    }
    Iterator<KeyEntry> each = entries.values().iterator();
    for (int i = 0; i < MOST_ENTRIES / 2 && each.hasNext(); i++) {
      KeyEntry entry = each.next();
      each.remove();
      entry.close();
    }
  }

  /**
   * The value of a key.
   *
   * @param entry found here
   * @return a copy, which the caller closes
   * @throws IllegalStateException if the records have changed since
   */
  public SecretBytes value(KeyEntry entry) {
    KeyRecord record = entry.record();
    byte[] value = new byte[record.valueLength()];
    byte[] read = new byte[KeyRecord.LENGTH];
    try {
      int head = Math.min(value.length, KeyRecord.VALUE_LENGTH);
      take(entry.attributes().id().bytes(), read);
      System.arraycopy(read, KeyRecord.HEAD_LENGTH, value, 0, head);
      if (record.isContinued()) {
        take(KeyRecord.continuationId(entry.attributes().id()), read);
        System.arraycopy(read, KeyRecord.HEAD_LENGTH, value, head, value.length - head);
      }
      return SecretBytes.adopt(value);
    } catch (IllegalStateException e) {
      Arrays.fill(value, (byte) 0);
      throw e;
    } finally {
      Arrays.fill(read, (byte) 0);
    }
  }

  private void take(Bytes id, byte[] target) {
    if (!index.copy(id, target)) {
      throw new IllegalStateException("no record " + id);
    }
  }

  /**
   * Asks the rules whether a key may be used. What they have permitted at a moment they permit at
   * that moment again, but for what is counted: {@link #take} tells that.
   *
   * @param entry found here
   * @param operation what is asked of it
   * @param now what time it is, at least the floor
   * @param acknowledgement whether one was given
   * @throws KeyRefusedException if they refuse
   */
  public void require(
      KeyEntry entry, KeyOperation operation, ElementTime now, Acknowledgement acknowledgement)
      throws KeyRefusedException {
    if (!entry.wasPermitted(operation, number, now.seconds(), acknowledgement)) {
      decide(entry, operation, now, acknowledgement);
      entry.permitted(operation, number, now.seconds(), acknowledgement);
    }
  }

  /** Asks the rules with the counts of the moment. */
  private void decide(
      KeyEntry entry, KeyOperation operation, ElementTime now, Acknowledgement acknowledgement)
      throws KeyRefusedException {
    KeyDecision decision =
        KeyRules.decide(entry.attributes(), operation, circumstances(entry, now, acknowledgement));
    if (decision instanceof KeyDecision.Refused refused) {
      throw KeyRefusedException.of(refused.refusal());
    }
  }

  private KeyCircumstances circumstances(
      KeyEntry entry, ElementTime now, Acknowledgement acknowledgement) {
    long unreserved = entry.record().uses().unreserved();
    return new KeyCircumstances(
        floor,
        now,
        unreserved == Long.MAX_VALUE ? unreserved : unreserved + entry.uses().left(),
        gate(entry),
        acknowledgement);
  }

  private LeaseGate gate(KeyEntry entry) {
    if (administration == Administration.BY_ITSELF) {
      return new LeaseGate.NotNeeded();
    }
    Leased leased = leased(entry);
    if (leased == null) {
      return new LeaseGate.Missing();
    }
    Lease lease = leased.lease;
    return new LeaseGate.Held(
        lease,
        leased.counter.left(lease),
        leased.counter.isCounted(lease)
            ? LeaseGate.PowerCycle.COUNTED
            : LeaseGate.PowerCycle.UNCOUNTED);
  }

  /** A group with a lease, and what is counted of it. */
  private record Leased(KeyGroup group, Lease lease, LeaseCounter counter) {}

  /** The lease that a use of a key needs; null if there is none, or none is needed. */
  private @Nullable Leased leased(KeyEntry entry) {
    KeyGroup group =
        administration == Administration.BY_ITSELF ? null : groups.get(entry.record().groupIndex());
    if (group == null || group.lease().isEmpty()) {
      return null;
    }
    return new Leased(group, group.lease().get(), counts.of(group.id()));
  }

  /**
   * Takes a use that protects out of what is reserved.
   *
   * @param entry found here, for which the rules have permitted it
   * @return false if something has to be reserved first; then nothing was taken
   */
  public boolean take(KeyEntry entry) {
    boolean limited = entry.attributes().limit() != 0;
    if (limited && !entry.uses().take()) {
      return false;
    }
    if (administration == Administration.BY_ITSELF) {
      return true;
    }
    Leased leased = leased(entry);
    if (leased != null && leased.counter.take(leased.lease)) {
      return true;
    }
    if (limited) {
      entry.uses().add(1);
    }
    return false;
  }

  /**
   * Gives a use back that was taken and then not made.
   *
   * @param entry found here
   */
  public void giveBack(KeyEntry entry) {
    if (entry.attributes().limit() != 0) {
      entry.uses().add(1);
    }
    Leased leased = leased(entry);
    if (leased != null) {
      leased.counter.giveBack(leased.lease);
    }
  }

  /**
   * Stages the reservation of what a use of a key lacks; under the element's lock.
   *
   * @param entry found here
   * @param operation what is asked of it
   * @param now what time it is, at least the floor
   * @param acknowledgement whether one was given
   * @param draft where it is staged
   * @throws KeyRefusedException if the rules refuse
   * @throws ElementDamagedException if a record is malformed
   */
  public void reserve(
      KeyEntry entry,
      KeyOperation operation,
      ElementTime now,
      Acknowledgement acknowledgement,
      StoreDraft draft)
      throws KeyRefusedException, ElementDamagedException {
    decide(entry, operation, now, acknowledgement);
    KeyAttributes key = entry.attributes();
    if (key.limit() != 0 && entry.uses().left() == 0) {
      try (KeyMaterial before = draft.key(key.id()).orElseThrow();
          KeyMaterial after = before.reserved()) {
        draft.put(after);
        long block = after.record().uses().reserved() - before.record().uses().reserved();
        draft.afterwards(() -> entry.uses().add(block));
      }
    }
    Leased leased = leased(entry);
    if (leased == null) {
      return;
    }
    Lease lease = leased.lease;
    LeaseCounter counter = leased.counter;
    boolean counted = counter.isCounted(lease);
    long block = counter.left(lease) == 0 ? lease.nextBlock() : 0;
    Lease reserved = block == 0 ? lease : lease.reserve();
    Lease next = counted ? reserved : reserved.powerUp();
    if (!next.equals(lease)) {
      draft.put(leased.group.withLease(next));
    }
    if (!counted || block > 0) {
      draft.afterwards(() -> counter.add(next, block));
    }
  }
}
