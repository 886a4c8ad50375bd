// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.schedule;

import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyCircumstances;
import dev.strongroom.core.keys.KeyCircumstances.Acknowledgement;
import dev.strongroom.core.keys.KeyDecision;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyPeriods;
import dev.strongroom.core.keys.KeyRules;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyTransition;
import dev.strongroom.core.keys.KeyTrigger;
import dev.strongroom.core.keys.KeyUsage;
import dev.strongroom.core.keys.LeaseGate;
import dev.strongroom.sekey.model.Directory;
import dev.strongroom.sekey.model.Group;
import dev.strongroom.sekey.model.GroupPolicy;
import dev.strongroom.sekey.model.GroupState;
import dev.strongroom.sekey.model.KeyEntry;
import dev.strongroom.sekey.model.PeriodEnd;
import dev.strongroom.sekey.policy.Decision;
import dev.strongroom.sekey.policy.KeyProposal;
import dev.strongroom.sekey.policy.PolicyRules;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is due by a time. After the acts have been done nothing is due by the same time; how often
 * they were missed before makes no difference: a key that should have been replaced three times is
 * replaced once.
 *
 * <p>Goes by the floor, because what it brings is stored and cannot be taken back; which
 * transitions time brings is in {@link KeyTransition}.
 *
 * <p>Pure: no clock, no memory, no chance.
 *
 * <p>Thread safety: stateless.
 */
public final class Schedule {

  private Schedule() {}

  /**
   * Says what is due.
   *
   * @param directory what is known to the administrator
   * @param floor the signed time
   * @return in the order in which it is to be done, by ascending ids of groups and keys; the same
   *     for the same directory and time
   * @throws IllegalArgumentException if there is no floor yet
   */
  public static List<DueAct> due(Directory directory, ElementTime floor) {
    if (!floor.isSet()) {
      throw new IllegalArgumentException("nothing is due before there is a time");
    }
    List<DueAct> acts = new ArrayList<>();
    for (GroupId group : new TreeSet<>(directory.groups())) {
      new OfGroup(directory, directory.group(group).orElseThrow(), floor, acts).plan();
    }
    return acts;
  }

  /** What keys of one kind have in common: one of them stands for another. */
  private record Kind(KeyAlgorithm algorithm, Set<KeyUsage> usages) {}

  /** The acts of one group. */
  private static final class OfGroup {

    private final Directory directory;
    private final Group group;
    private final ElementTime floor;
    private final List<DueAct> acts;

    /** As the acts so far leave them. */
    private final Map<KeyId, KeyAttributes> keys = new LinkedHashMap<>();

    OfGroup(Directory directory, Group group, ElementTime floor, List<DueAct> acts) {
      this.directory = directory;
      this.group = group;
      this.floor = floor;
      this.acts = acts;
      directory.keysOf(group.id()).stream()
          .sorted(Comparator.comparing(KeyEntry::id))
          .forEach(key -> keys.put(key.id(), key.attributes()));
    }

    void plan() {
      keys.replaceAll((id, key) -> key.state() == KeyState.PRE_ACTIVE ? next(key) : key);
      if (group.state() == GroupState.OPEN && group.policy().rotationSeconds() != 0) {
        rotate();
      }
      keys.replaceAll((id, key) -> last(key));
      if (group.policy().periodEnd() == PeriodEnd.DESTROYED) {
        keys.values().forEach(this::end);
      }
    }

    /** The key after one transition that is due, or as it is. */
    private KeyAttributes next(KeyAttributes key) {
      for (KeyTransition transition : KeyTransition.values()) {
        if (transition.from().filter(from -> from == key.state()).isPresent()
            && isDue(key, transition)) {
          acts.add(new DueAct.Transit(key.id(), transition));
          return key.withState(transition.to());
        }
      }
      return key;
    }

    private KeyAttributes last(KeyAttributes key) {
      KeyAttributes before = key;
      KeyAttributes after = next(key);
      while (after.state() != before.state()) {
        before = after;
        after = next(after);
      }
      return after;
    }

    private boolean isDue(KeyAttributes key, KeyTransition transition) {
      KeyCircumstances circumstances =
          new KeyCircumstances(
              floor, floor, Long.MAX_VALUE, new LeaseGate.NotNeeded(), Acknowledgement.NONE);
      for (KeyTrigger trigger : List.of(KeyTrigger.CLOCK, KeyTrigger.SCHEDULE)) {
        if (KeyRules.change(key, transition.to(), trigger, circumstances)
            instanceof KeyDecision.Permitted) {
          return true;
        }
      }
      return false;
    }

    private void rotate() {
      Map<Kind, Set<KeyId>> served = new LinkedHashMap<>();
      Set<Kind> fresh = new HashSet<>();
      for (KeyAttributes key : keys.values()) {
        if (key.state() == KeyState.ACTIVE) {
          Kind kind = new Kind(key.algorithm(), key.usages());
          if (hasServed(key.periods())) {
            served.computeIfAbsent(kind, none -> new HashSet<>()).add(key.id());
          } else {
            fresh.add(kind);
          }
        }
      }
      served.forEach(
          (kind, replaced) -> {
            if (fresh.contains(kind)) {
              replace(replaced, Optional.empty());
            } else {
              succeed(kind, replaced);
            }
          });
    }

    /** Ahead of its end by the margin, so that something protects at any time. */
    private boolean hasServed(KeyPeriods periods) {
      long now = floor.seconds();
      return periods.activation().seconds() + group.policy().rotationSeconds() <= now
          || (periods.originatorEnd().isSet()
              && periods.originatorEnd().seconds() <= now + KeyRules.MARGIN_SECONDS);
    }

    private void succeed(Kind kind, Set<KeyId> replaced) {
      GroupPolicy policy = group.policy();
      KeyProposal successor = KeyProposal.of(kind.algorithm(), kind.usages(), policy, floor);
      if (PolicyRules.make(directory, group.id(), successor, replaced)
          instanceof Decision.Deny deny) {
        acts.add(new DueAct.Stalled(group.id(), replaced, deny.denial()));
      } else {
        replace(replaced, Optional.of(successor));
      }
    }

    private void replace(Set<KeyId> replaced, Optional<KeyProposal> successor) {
      acts.add(new DueAct.Rotate(group.id(), replaced, successor));
      keys.replaceAll(
          (id, key) -> replaced.contains(id) ? key.withState(KeyState.DEACTIVATED) : key);
    }

    private void end(KeyAttributes key) {
      ElementTime over = key.periods().recipientEnd();
      if (key.state() == KeyState.DEACTIVATED
          && over.isSet()
          && !floor.isBefore(over)
          && !key.periods().destruction().isSet()) {
        long at = floor.seconds() + group.policy().destructionSeconds();
        acts.add(
            new DueAct.ScheduleDestruction(
                key.id(), new ElementTime(Math.min(at, ElementTime.MAX.seconds()))));
      }
    }
  }
}
