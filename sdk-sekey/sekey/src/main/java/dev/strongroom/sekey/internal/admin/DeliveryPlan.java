// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.admin;

import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.GroupTerms;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyFlag;
import dev.strongroom.core.keys.KeyGroup;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyOrder;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.Lease;
import dev.strongroom.core.keys.OrderEntry;
import dev.strongroom.core.keys.OrderRequest;
import dev.strongroom.sekey.model.Directory;
import dev.strongroom.sekey.model.KeyEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What it takes to bring a user's element from what it has to what the user may see, in orders that
 * fit a command: removals first, then leases, which make groups, then keys. What is as it should be
 * is in no order, so nothing is sent to who has everything.
 *
 * <p>Keys that cannot be sent as they are, suspended or compromised ones or those to be destroyed,
 * come to elements that have them already, and to others when they can.
 *
 * <p>Thread safety: confined to one thread.
 */
final class DeliveryPlan {

  /** One order: what it asks for, and the groups whose values it has. */
  record Batch(List<OrderRequest> requests, Set<GroupId> groups) {}

  /** Bytes of entries in an order: 7168 less head, signature, and the sender's chain. */
  static final int MAX_ENTRY_BYTES = 7168 - 310 - 300;

  private static final int KEY_BYTES = OrderEntry.HEAD_LENGTH + KeyAttributes.LENGTH;
  private static final int WRAP_BYTES = 8;
  private static final int LONGEST_HMAC = 64;
  private static final int GRANT_BYTES = OrderEntry.HEAD_LENGTH + OrderEntry.GRANT_LENGTH;
  private static final int REMOVAL_BYTES = OrderEntry.HEAD_LENGTH + KeyId.LENGTH;

  private final ElementTime floor;
  private final List<Batch> batches = new ArrayList<>();
  private List<OrderRequest> requests = new ArrayList<>();
  private Set<GroupId> groups = new LinkedHashSet<>();
  private int bytes;

  private DeliveryPlan(ElementTime floor) {
    this.floor = floor;
  }

  /**
   * Plans.
   *
   * @param seen what the user may see
   * @param floor the signed time
   * @param keys what the element has
   * @param leases what groups it has
   * @return orders; none if everything is as it should be
   */
  static List<Batch> of(
      Directory seen,
      ElementTime floor,
      Map<KeyId, KeyAttributes> keys,
      Map<GroupId, KeyGroup> leases) {
    DeliveryPlan plan = new DeliveryPlan(floor);
    plan.remove(seen, keys, leases);
    for (GroupId id : new TreeSet<>(seen.groups())) {
      plan.grant(id, seen, Optional.ofNullable(leases.get(id)).flatMap(KeyGroup::lease));
    }
    for (GroupId id : new TreeSet<>(seen.groups())) {
      seen.keysOf(id).stream()
          .map(KeyEntry::attributes)
          .sorted(Comparator.comparing(KeyAttributes::id))
          .forEach(key -> plan.send(key, Optional.ofNullable(keys.get(key.id()))));
    }
    plan.flush();
    return plan.batches;
  }

  private void remove(
      Directory seen, Map<KeyId, KeyAttributes> keys, Map<GroupId, KeyGroup> leases) {
    for (GroupId id : new TreeSet<>(leases.keySet())) {
      if (seen.group(id).isEmpty()) {
        add(new OrderRequest.Entry(new OrderEntry.RemoveGroup(id)), REMOVAL_BYTES);
      }
    }
    for (KeyAttributes key : keys.values()) {
      boolean withGroup = key.group().filter(id -> seen.group(id).isEmpty()).isPresent();
      if (seen.key(key.id()).isEmpty() && !withGroup) {
        add(new OrderRequest.Entry(new OrderEntry.RemoveKey(key.id())), REMOVAL_BYTES);
      }
    }
  }

  private void grant(GroupId id, Directory seen, Optional<Lease> present) {
    GroupTerms terms = seen.group(id).orElseThrow().policy().terms();
    if (present.isEmpty() || isWorn(present.get(), terms)) {
      Lease next =
          Lease.of(
              present.map(Lease::number).orElse(0L) + 1,
              until(terms.leaseSeconds()),
              terms.leaseUses(),
              terms.leasePowerUps());
      add(new OrderRequest.Entry(new OrderEntry.Grant(id, next)), GRANT_BYTES);
    }
  }

  private ElementTime until(long seconds) {
    return seconds == GroupTerms.UNLIMITED
        ? ElementTime.MAX
        : new ElementTime(Math.min(floor.seconds() + seconds, ElementTime.MAX.seconds() - 1));
  }

  /** Half used, half over, or of other terms. */
  private boolean isWorn(Lease lease, GroupTerms terms) {
    long half = (until(terms.leaseSeconds()).seconds() + floor.seconds()) / 2;
    return !terms.permit(lease, floor)
        || lease.usesGiven() != terms.leaseUses()
        || lease.until().seconds() < half
        || lease.usesUnreserved() < lease.usesGiven() / 2
        || lease.powerUps() < terms.leasePowerUps() / 2;
  }

  private void send(KeyAttributes key, Optional<KeyAttributes> present) {
    if (present.equals(Optional.of(key))) {
      return;
    }
    if (present.isPresent()) {
      add(new OrderRequest.Key(key.id(), OrderRequest.Value.LEFT_OUT, 0), KEY_BYTES);
    } else if (canBeSent(key)) {
      reserve(KEY_BYTES + WRAP_BYTES + longest(key));
      groups.add(key.group().orElseThrow());
      requests.add(new OrderRequest.Key(key.id(), OrderRequest.Value.INCLUDED, 0));
    }
  }

  private static boolean canBeSent(KeyAttributes key) {
    return !key.periods().destruction().isSet()
        && (key.state() == KeyState.PRE_ACTIVE
            || key.state() == KeyState.ACTIVE
            || key.state() == KeyState.DEACTIVATED);
  }

  /** Imported HMAC keys may be longer than those that elements make. */
  private static int longest(KeyAttributes key) {
    KeyAlgorithm algorithm = key.algorithm();
    return key.flags().contains(KeyFlag.IMPORTED)
        ? Math.max(algorithm.valueLength(), LONGEST_HMAC)
        : algorithm.valueLength();
  }

  private void add(OrderRequest request, int length) {
    reserve(length);
    requests.add(request);
  }

  private void reserve(int length) {
    if (requests.size() == KeyOrder.MAX_ENTRIES || bytes + length > MAX_ENTRY_BYTES) {
      flush();
    }
    bytes += length;
  }

  private void flush() {
    if (!requests.isEmpty()) {
      batches.add(new Batch(List.copyOf(requests), Set.copyOf(groups)));
    }
    requests = new ArrayList<>();
    groups = new LinkedHashSet<>();
    bytes = 0;
  }
}
