// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.policy;

import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.GroupTerms;
import dev.strongroom.core.keys.KeyAttribute;
import dev.strongroom.core.keys.KeyCircumstances;
import dev.strongroom.core.keys.KeyDecision;
import dev.strongroom.core.keys.KeyFlag;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.core.keys.KeyOperation.Kind;
import dev.strongroom.core.keys.KeyPeriods;
import dev.strongroom.core.keys.KeyRefusal;
import dev.strongroom.core.keys.KeyRules;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyTransition;
import dev.strongroom.core.keys.KeyTrigger;
import dev.strongroom.core.keys.RefusalReason;
import dev.strongroom.sekey.model.Directory;
import dev.strongroom.sekey.model.Group;
import dev.strongroom.sekey.model.GroupPolicy;
import dev.strongroom.sekey.model.GroupState;
import dev.strongroom.sekey.model.KeyEntry;
import dev.strongroom.sekey.model.Membership;
import dev.strongroom.sekey.model.Resource;
import dev.strongroom.sekey.model.User;
import dev.strongroom.sekey.model.UserId;
import dev.strongroom.sekey.model.UserState;
import dev.strongroom.sekey.policy.Decision.Deny;
import dev.strongroom.sekey.policy.Decision.Permit;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What users and administrators may do, by who they are, by the policy of a group, and by what
 * elements enforce, in this order; the first that is against it is the reason. An element decides
 * again for itself: these rules give the better message, and decide what it does not know.
 *
 * <p>Pure: no clock, no memory, no chance.
 *
 * <p>Thread safety: stateless.
 */
public final class PolicyRules {

  private PolicyRules() {}

  /**
   * Whether a user may do something with a key.
   *
   * @param directory what is known
   * @param user who
   * @param key which key
   * @param operation what is asked of it
   * @param circumstances time, counts, lease and acknowledgement, as the host knows them
   * @return permitted, with what was acknowledged, or why not
   */
  public static Decision use(
      Directory directory,
      UserId user,
      KeyId key,
      KeyOperation operation,
      KeyCircumstances circumstances) {
    Optional<Denial> unknown = takesPart(directory, user);
    if (unknown.isPresent()) {
      return new Deny(unknown.get());
    }
    Optional<KeyEntry> entry = directory.key(key);
    if (entry.isEmpty()) {
      return new Deny(new Denial.UnknownKey(key));
    }
    return use(directory, user, entry.get(), operation, circumstances);
  }

  private static Decision use(
      Directory directory,
      UserId user,
      KeyEntry key,
      KeyOperation operation,
      KeyCircumstances circumstances) {
    Group group = directory.group(key.group()).orElseThrow();
    Optional<Membership> membership = directory.membership(group.id(), user);
    if (membership.isEmpty()) {
      return new Deny(new Denial.NotMember(user, group.id()));
    }
    if (!membership.get().includes(key)) {
      return new Deny(
          new Denial.BeforeJoining(key.id(), user, key.ended(), membership.get().since()));
    }
    return useInGroup(group, key, operation, circumstances);
  }

  /**
   * Whether a member of a group, who takes part, may do something with a key of it.
   *
   * @param group the group
   * @param key a key of the group that the member's membership includes
   * @param operation what is asked of it
   * @param circumstances time, counts, lease and acknowledgement
   * @return permitted, with what was acknowledged, or why not
   */
  public static Decision useInGroup(
      Group group, KeyEntry key, KeyOperation operation, KeyCircumstances circumstances) {
    if (operation.kind() == Kind.PROTECT && group.state() == GroupState.RETIRED) {
      return new Deny(new Denial.RetiredGroup(group.id()));
    }
    if (group.policy().resource() == Resource.ELEMENT
        && operation.neededFlag().filter(KeyFlag.HOST_KEYS::equals).isPresent()) {
      return new Deny(new Denial.ResourceRefused(group.id(), operation));
    }
    return of(KeyRules.decide(key.attributes(), operation, circumstances), 0);
  }

  /**
   * Whether a user is known and takes part.
   *
   * @param directory what is known
   * @param user who
   * @return why not, or empty
   */
  public static Optional<Denial> takesPart(Directory directory, UserId user) {
    Optional<User> known = directory.user(user);
    if (known.isEmpty()) {
      return Optional.of(new Denial.UnknownUser(user));
    }
    return known.get().state() == UserState.BLOCKED
        ? Optional.of(new Denial.BlockedUser(user))
        : Optional.empty();
  }

  /**
   * Whether a key may be made.
   *
   * @param directory what is known
   * @param group whose it would be
   * @param proposal the key as it is wanted
   * @param replaced keys of the group that stop to protect in the same transaction
   * @return permitted, or why not
   */
  public static Decision make(
      Directory directory, GroupId group, KeyProposal proposal, Set<KeyId> replaced) {
    Optional<Group> known = directory.group(group);
    if (known.isEmpty()) {
      return new Deny(new Denial.UnknownGroup(group));
    }
    if (known.get().state() == GroupState.RETIRED) {
      return new Deny(new Denial.RetiredGroup(group));
    }
    GroupPolicy policy = known.get().policy();
    if (!policy.algorithms().contains(proposal.algorithm())) {
      return new Deny(
          new Denial.AlgorithmRefused(group, proposal.algorithm(), policy.algorithms()));
    }
    if (proposal.limit() == 0 || proposal.limit() > policy.keyUses()) {
      return new Deny(new Denial.LimitTooHigh(group, policy.keyUses(), proposal.limit()));
    }
    Optional<Denial> tooLong = tooLong(known.get(), proposal.periods());
    if (tooLong.isPresent()) {
      return new Deny(tooLong.get());
    }
    long present =
        directory.keysOf(group).stream()
            .filter(key -> counts(key.state()) && !replaced.contains(key.id()))
            .count();
    return present < policy.mostKeys()
        ? Decision.PERMITTED
        : new Deny(new Denial.TooManyKeys(group, policy.mostKeys(), present));
  }

  /** Keys that are only there for what they have protected do not stand in a new one's way. */
  private static boolean counts(KeyState state) {
    return state == KeyState.PRE_ACTIVE || state == KeyState.ACTIVE || state == KeyState.SUSPENDED;
  }

  /**
   * Whether periods of a key may be changed: they get no longer, and lie within the policy.
   *
   * @param directory what is known
   * @param key which key
   * @param periods as they would be
   * @return permitted, or why not
   */
  public static Decision changePeriods(Directory directory, KeyId key, KeyPeriods periods) {
    Optional<KeyEntry> known = directory.key(key);
    if (known.isEmpty()) {
      return new Deny(new Denial.UnknownKey(key));
    }
    KeyEntry entry = known.get();
    if (entry.state() != KeyState.PRE_ACTIVE) {
      Optional<KeyAttribute> forbidden =
          KeyRules.forbiddenChange(entry.attributes().periods(), periods);
      if (forbidden.isPresent()) {
        return new Deny(new Denial.ByKeyRules(KeyRefusal.of(forbidden.get(), entry.attributes())));
      }
    }
    return tooLong(directory.group(entry.group()).orElseThrow(), periods)
        .<Decision>map(Deny::new)
        .orElse(Decision.PERMITTED);
  }

  private static Optional<Denial> tooLong(Group group, KeyPeriods periods) {
    GroupTerms terms = group.policy().terms();
    return tooLong(
            group.id(),
            KeyAttribute.ORIGINATOR_PERIOD,
            periods.activation(),
            periods.originatorEnd(),
            terms.originatorSeconds())
        .or(
            () ->
                tooLong(
                    group.id(),
                    KeyAttribute.RECIPIENT_PERIOD,
                    periods.originatorEnd(),
                    periods.recipientEnd(),
                    terms.recipientSeconds()));
  }

  /** As the terms have it in the element, with numbers for the message. */
  private static Optional<Denial> tooLong(
      GroupId group, KeyAttribute period, ElementTime from, ElementTime to, long most) {
    if (most == GroupTerms.UNLIMITED) {
      return Optional.empty();
    }
    if (!from.isSet() || !to.isSet()) {
      return Optional.of(new Denial.PeriodTooLong(group, period, most, OptionalLong.empty()));
    }
    long asked = to.seconds() - from.seconds();
    return asked <= most
        ? Optional.empty()
        : Optional.of(new Denial.PeriodTooLong(group, period, most, OptionalLong.of(asked)));
  }

  /**
   * Whether an administrator may bring a key to another state.
   *
   * @param directory what is known
   * @param key which key
   * @param target the state wanted
   * @param circumstances time, and what is left of the limit
   * @return permitted, with the approvals that are needed for what cannot be undone, or why not
   */
  public static Decision changeState(
      Directory directory, KeyId key, KeyState target, KeyCircumstances circumstances) {
    Optional<KeyEntry> known = directory.key(key);
    if (known.isEmpty()) {
      return new Deny(new Denial.UnknownKey(key));
    }
    KeyEntry entry = known.get();
    Group group = directory.group(entry.group()).orElseThrow();
    if (target == KeyState.ACTIVE) {
      if (group.state() == GroupState.RETIRED) {
        return new Deny(new Denial.RetiredGroup(group.id()));
      }
      Optional<Denial> tooLong = tooLong(group, entry.attributes().periods());
      if (tooLong.isPresent()) {
        return new Deny(tooLong.get());
      }
    }
    // Deactivation and the declaration of a compromise must not wait for anybody.
    return of(
        KeyRules.change(entry.attributes(), target, KeyTrigger.ADMINISTRATOR, circumstances),
        target.isDestroyed() ? group.policy().approvals() : 0);
  }

  /**
   * Whether the destruction of a key may be scheduled.
   *
   * @param directory what is known
   * @param key which key
   * @param at when it would be destroyed
   * @param floor the signed time
   * @return permitted, with the approvals that are needed, or why not
   */
  public static Decision scheduleDestruction(
      Directory directory, KeyId key, ElementTime at, ElementTime floor) {
    Optional<KeyEntry> known = directory.key(key);
    if (known.isEmpty()) {
      return new Deny(new Denial.UnknownKey(key));
    }
    KeyEntry entry = known.get();
    if (!isDestructible(entry.state())) {
      return new Deny(
          new Denial.ByKeyRules(
              new KeyRefusal(
                  RefusalReason.STATE,
                  Optional.empty(),
                  Optional.of(entry.state()),
                  Optional.empty(),
                  OptionalInt.empty(),
                  key.bytes(),
                  0,
                  0)));
    }
    GroupPolicy policy = directory.group(entry.group()).orElseThrow().policy();
    ElementTime earliest =
        new ElementTime(
            Math.min(floor.seconds() + policy.destructionSeconds(), ElementTime.MAX.seconds()));
    return at.isBefore(earliest)
        ? new Deny(new Denial.DestructionTooSoon(key, earliest, at))
        : new Permit(Set.of(), policy.approvals());
  }

  /** Whether the schedule leads anywhere from here. */
  private static boolean isDestructible(KeyState state) {
    for (KeyTransition transition : KeyTransition.values()) {
      if (transition.from().filter(from -> from == state).isPresent()
          && transition.triggers().contains(KeyTrigger.SCHEDULE)) {
        return true;
      }
    }
    return false;
  }

  private static Decision of(KeyDecision decision, int approvals) {
    if (decision instanceof KeyDecision.Refused refused) {
      return new Deny(new Denial.ByKeyRules(refused.refusal()));
    }
    return new Permit(((KeyDecision.Permitted) decision).acknowledged(), approvals);
  }
}
