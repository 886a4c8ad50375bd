// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import dev.strongroom.core.keys.KeyCircumstances.Acknowledgement;
import dev.strongroom.core.keys.KeyOperation.Kind;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What may be done with a managed key: the one table, of elements that enforce it, of hosts that
 * want to know before they ask, and of the documents. After NIST SP 800-57 Part 1 Rev. 5, 5.3 and
 * 7; section 3 and 8 of {@code docs/spec/key-store.md}.
 *
 * <p>Pure: no clock, no memory, no chance.
 *
 * <p>Thread safety: stateless.
 */
public final class KeyRules {

  /** How long before the end of its originator-usage period a key protects no more, in seconds. */
  public static final int MARGIN_SECONDS = 60;

  /** How a state stands to a kind of operation. */
  public enum Standing {
    /** Nothing more is needed. */
    PERMITTED,
    /** Only if the key has the flag of the state, and with an acknowledgement. */
    EXCEPTIONAL,
    /** Never. */
    REFUSED
  }

  private KeyRules() {}

  /**
   * The table of states and kinds of operations.
   *
   * @param kind what is asked
   * @param state where the key is in its life
   * @return how one stands to the other
   */
  public static Standing standing(Kind kind, KeyState state) {
    return switch (state) {
      case PRE_ACTIVE ->
          switch (kind) {
            case CONFIRM, DISTRIBUTE, READ -> Standing.PERMITTED;
            case PROTECT, PROCESS, REWRAP -> Standing.REFUSED;
          };
      case ACTIVE -> Standing.PERMITTED;
      case SUSPENDED ->
          switch (kind) {
            case CONFIRM, READ -> Standing.PERMITTED;
            case PROCESS, REWRAP -> Standing.EXCEPTIONAL;
            case PROTECT, DISTRIBUTE -> Standing.REFUSED;
          };
      case DEACTIVATED -> kind == Kind.PROTECT ? Standing.REFUSED : Standing.PERMITTED;
      case COMPROMISED ->
          switch (kind) {
            case REWRAP, READ -> Standing.PERMITTED;
            case PROCESS -> Standing.EXCEPTIONAL;
            case PROTECT, CONFIRM, DISTRIBUTE -> Standing.REFUSED;
          };
      case DESTROYED, DESTROYED_COMPROMISED ->
          kind == Kind.READ ? Standing.PERMITTED : Standing.REFUSED;
    };
  }

  /**
   * Decides on an operation. The first check that fails is the reason, in the order of the
   * specification.
   *
   * @param key what is known about the key
   * @param operation what is asked of it
   * @param circumstances time, counts, lease and acknowledgement
   * @return permitted, with what was acknowledged, or refused, with the reason
   */
  public static KeyDecision decide(
      KeyAttributes key, KeyOperation operation, KeyCircumstances circumstances) {
    return refusal(key, operation, circumstances)
        .<KeyDecision>map(KeyDecision.Refused::new)
        .orElseGet(() -> new KeyDecision.Permitted(exceptions(key, operation, circumstances)));
  }

  private static Optional<KeyRefusal> refusal(
      KeyAttributes key, KeyOperation operation, KeyCircumstances circumstances) {
    Kind kind = operation.kind();
    KeyPeriods periods = key.periods();
    long now = circumstances.now().seconds();
    if (key.usages().stream().noneMatch(operation.usages()::contains)) {
      return refused(RefusalReason.USAGE, key, operation, KeyUsage.bits(key.usages()), 0);
    }
    Standing standing = standing(kind, key.state());
    if (standing == Standing.REFUSED
        || (standing == Standing.EXCEPTIONAL && !key.flags().contains(flagOf(key.state())))) {
      return refused(RefusalReason.STATE, key, operation, 0, 0);
    }
    if (kind == Kind.READ) {
      return Optional.empty();
    }
    if (periods.destruction().isSet()) {
      return refused(
          RefusalReason.DESTRUCTION_SCHEDULED,
          key,
          operation,
          periods.destruction().seconds(),
          now);
    }
    Optional<KeyFlag> needed = operation.neededFlag();
    if (needed.isPresent() && !key.flags().contains(needed.get())) {
      return refused(
          RefusalReason.FLAG, key, operation, 1L << needed.get().bit(), KeyFlag.bits(key.flags()));
    }
    Optional<KeyRefusal> byTime =
        switch (kind) {
          case PROTECT -> protecting(key, operation, circumstances);
          case PROCESS, REWRAP -> processing(key, operation, circumstances);
          case CONFIRM, DISTRIBUTE, READ -> Optional.empty();
        };
    if (byTime.isPresent()) {
      return byTime;
    }
    Set<KeyFlag> exceptions = exceptions(key, operation, circumstances);
    if (!exceptions.isEmpty() && circumstances.acknowledgement() == Acknowledgement.NONE) {
      return refused(RefusalReason.ACKNOWLEDGEMENT, key, operation, KeyFlag.bits(exceptions), 0);
    }
    return Optional.empty();
  }

  private static Optional<KeyRefusal> protecting(
      KeyAttributes key, KeyOperation operation, KeyCircumstances circumstances) {
    KeyPeriods periods = key.periods();
    long now = circumstances.now().seconds();
    if (now < periods.activation().seconds()) {
      return refused(
          RefusalReason.NOT_YET_ACTIVE, key, operation, periods.activation().seconds(), now);
    }
    if (periods.originatorEnd().isSet()
        && now + MARGIN_SECONDS >= periods.originatorEnd().seconds()) {
      return refused(
          RefusalReason.ORIGINATOR_PERIOD, key, operation, periods.originatorEnd().seconds(), now);
    }
    if (key.limit() != 0 && circumstances.usesLeft() == 0) {
      return refused(RefusalReason.LIMIT, key, operation, key.limit(), 0);
    }
    return leaseRefusal(key, operation, circumstances);
  }

  private static Optional<KeyRefusal> leaseRefusal(
      KeyAttributes key, KeyOperation operation, KeyCircumstances circumstances) {
    long now = circumstances.now().seconds();
    if (circumstances.lease() instanceof LeaseGate.Held held) {
      Lease lease = held.lease();
      if (!lease.until().equals(ElementTime.MAX) && now >= lease.until().seconds()) {
        return refused(RefusalReason.LEASE_TIME, key, operation, lease.until().seconds(), now);
      }
      if (held.reserved() == 0 && lease.usesUnreserved() == 0) {
        return refused(RefusalReason.LEASE_USES, key, operation, lease.usesGiven(), 0);
      }
      if (held.cycle() == LeaseGate.PowerCycle.UNCOUNTED && lease.powerUps() == 0) {
        return refused(RefusalReason.LEASE_POWER_UPS, key, operation, 0, 0);
      }
      return Optional.empty();
    }
    return circumstances.lease() instanceof LeaseGate.Missing
        ? refused(RefusalReason.LEASE_TIME, key, operation, 0, now)
        : Optional.empty();
  }

  private static Optional<KeyRefusal> processing(
      KeyAttributes key, KeyOperation operation, KeyCircumstances circumstances) {
    return isLate(key, circumstances) && !key.flags().contains(KeyFlag.LATE_PROCESSING)
        ? refused(
            RefusalReason.RECIPIENT_PERIOD,
            key,
            operation,
            key.periods().recipientEnd().seconds(),
            circumstances.floor().seconds())
        : Optional.empty();
  }

  /** By the floor alone: no host's clock ends what can be read. */
  private static boolean isLate(KeyAttributes key, KeyCircumstances circumstances) {
    ElementTime end = key.periods().recipientEnd();
    return end.isSet() && !circumstances.floor().isBefore(end);
  }

  /** The flags that an operation which is not refused otherwise owes itself to. */
  private static Set<KeyFlag> exceptions(
      KeyAttributes key, KeyOperation operation, KeyCircumstances circumstances) {
    EnumSet<KeyFlag> exceptions = EnumSet.noneOf(KeyFlag.class);
    Kind kind = operation.kind();
    if (standing(kind, key.state()) == Standing.EXCEPTIONAL) {
      exceptions.add(flagOf(key.state()));
    }
    if ((kind == Kind.PROCESS || kind == Kind.REWRAP) && isLate(key, circumstances)) {
      exceptions.add(KeyFlag.LATE_PROCESSING);
    }
    return exceptions;
  }

  private static KeyFlag flagOf(KeyState state) {
    return state == KeyState.SUSPENDED
        ? KeyFlag.SUSPENDED_PROCESSING
        : KeyFlag.COMPROMISED_PROCESSING;
  }

  private static Optional<KeyRefusal> refused(
      RefusalReason reason, KeyAttributes key, KeyOperation operation, long bound, long found) {
    return Optional.of(KeyRefusal.of(reason, key, operation, bound, found));
  }

  /**
   * Decides on a change of a key's state by one transition.
   *
   * @param key what is known about the key
   * @param target the state wanted
   * @param trigger why it changes
   * @param circumstances time, and what is left of the limit
   * @return permitted or refused
   */
  public static KeyDecision change(
      KeyAttributes key, KeyState target, KeyTrigger trigger, KeyCircumstances circumstances) {
    Optional<KeyTransition> transition =
        KeyTransition.between(key.state(), target)
            .filter(known -> known.triggers().contains(trigger))
            .filter(known -> isDue(key, known, trigger, circumstances));
    if (transition.isEmpty()) {
      return new KeyDecision.Refused(KeyRefusal.of(RefusalReason.TRANSITION, key, target, 0, 0));
    }
    if (transition.get() == KeyTransition.RESUMPTION) {
      return resumption(key, target, circumstances);
    }
    return new KeyDecision.Permitted(Set.of());
  }

  /** What the trigger says is so. */
  private static boolean isDue(
      KeyAttributes key,
      KeyTransition transition,
      KeyTrigger trigger,
      KeyCircumstances circumstances) {
    return switch (trigger) {
      case ADMINISTRATOR ->
          transition != KeyTransition.RETIREMENT
              || key.usages().equals(EnumSet.of(KeyUsage.SIGNATURE));
      case CLOCK ->
          hasCome(
              transition == KeyTransition.ACTIVATION
                  ? key.periods().activation()
                  : key.periods().originatorEnd(),
              circumstances);
      case LIMIT -> key.limit() != 0 && circumstances.usesLeft() == 0;
      case SCHEDULE -> hasCome(key.periods().destruction(), circumstances);
    };
  }

  private static boolean hasCome(ElementTime time, KeyCircumstances circumstances) {
    return time.isSet() && !circumstances.floor().isBefore(time);
  }

  private static KeyDecision resumption(
      KeyAttributes key, KeyState target, KeyCircumstances circumstances) {
    KeyPeriods periods = key.periods();
    ElementTime now = circumstances.now();
    if (periods.destruction().isSet()) {
      return new KeyDecision.Refused(
          KeyRefusal.of(
              RefusalReason.DESTRUCTION_SCHEDULED,
              key,
              target,
              periods.destruction().seconds(),
              now.seconds()));
    }
    if (periods.originatorEnd().isSet() && !now.isBefore(periods.originatorEnd())) {
      return new KeyDecision.Refused(
          KeyRefusal.of(
              RefusalReason.ORIGINATOR_PERIOD,
              key,
              target,
              periods.originatorEnd().seconds(),
              now.seconds()));
    }
    return new KeyDecision.Permitted(Set.of());
  }

  /**
   * Decides whether an order may bring a key that is there to other attributes: what never changes
   * is equal, the state is the present one or can follow it, nothing gets longer or higher.
   *
   * @param present what the receiver has
   * @param ordered what the order says of the same key
   * @return permitted or refused
   * @throws IllegalArgumentException if it is another key
   */
  public static KeyDecision accept(KeyAttributes present, KeyAttributes ordered) {
    if (!present.id().equals(ordered.id())) {
      throw new IllegalArgumentException(present.id() + " is not " + ordered.id());
    }
    Optional<KeyAttribute> changed = forbiddenChange(present, ordered);
    if (changed.isPresent()) {
      return new KeyDecision.Refused(KeyRefusal.of(changed.get(), present));
    }
    if (!KeyTransition.leads(present.state(), ordered.state())) {
      return new KeyDecision.Refused(
          KeyRefusal.of(RefusalReason.TRANSITION, present, ordered.state(), 0, 0));
    }
    return new KeyDecision.Permitted(Set.of());
  }

  /**
   * Decides on an entry of an order for a key, which is there or not; whether its value unwraps,
   * and is the one that is there, the receiver sees.
   *
   * @param present what the receiver has, or empty
   * @param ordered what the order says
   * @return permitted or refused
   */
  public static KeyDecision accept(Optional<KeyAttributes> present, OrderEntry.Key ordered) {
    KeyAttributes key = ordered.attributes();
    boolean hasValue = ordered.wrapped().isPresent();
    boolean mayHaveValue =
        standing(Kind.DISTRIBUTE, key.state()) == Standing.PERMITTED
            && !key.periods().destruction().isSet();
    boolean needsValue = present.isEmpty() && !key.state().isDestroyed();
    if (hasValue ? !mayHaveValue : needsValue) {
      return new KeyDecision.Refused(
          KeyRefusal.of(RefusalReason.ORDER_VALUE, key.id().bytes(), 0, 0));
    }
    return present
        .map(known -> accept(known, key))
        .orElseGet(() -> new KeyDecision.Permitted(Set.of()));
  }

  /**
   * Decides on a lease of an order.
   *
   * @param group which group it is for
   * @param present what the receiver has, or empty
   * @param ordered what the order gives
   * @return refused if it is older, or has the same number and gives something else
   */
  public static KeyDecision accept(GroupId group, Optional<Lease> present, Lease ordered) {
    boolean older =
        present
            .filter(
                lease ->
                    Long.compareUnsigned(ordered.number(), lease.number()) < 0
                        || (ordered.number() == lease.number() && !ordered.gives(lease)))
            .isPresent();
    return older
        ? new KeyDecision.Refused(
            KeyRefusal.of(
                RefusalReason.ORDER_LEASE,
                group.bytes(),
                present.map(Lease::number).orElse(0L),
                ordered.number()))
        : new KeyDecision.Permitted(Set.of());
  }

  private static Optional<KeyAttribute> forbiddenChange(
      KeyAttributes present, KeyAttributes ordered) {
    if (present.algorithm() != ordered.algorithm()
        || !present.usages().equals(ordered.usages())
        || !present.flags().equals(ordered.flags())
        || !present.group().equals(ordered.group())
        || !present.policyHash().equals(ordered.policyHash())) {
      return Optional.of(KeyAttribute.IMMUTABLE);
    }
    if (present.limit() != 0 && (ordered.limit() == 0 || ordered.limit() > present.limit())) {
      return Optional.of(KeyAttribute.LIMIT);
    }
    return present.state() == KeyState.PRE_ACTIVE
        ? Optional.empty()
        : forbiddenChange(present.periods(), ordered.periods());
  }

  /**
   * Whether periods of a key that was active may be changed: they get no longer.
   *
   * @param present as they are
   * @param other as they would be
   * @return the attribute that may not be so, or empty
   */
  public static Optional<KeyAttribute> forbiddenChange(KeyPeriods present, KeyPeriods other) {
    if (!present.activation().equals(other.activation())) {
      return Optional.of(KeyAttribute.ACTIVATION);
    }
    if (isLater(present.originatorEnd(), other.originatorEnd())) {
      return Optional.of(KeyAttribute.ORIGINATOR_PERIOD);
    }
    if (isLater(present.recipientEnd(), other.recipientEnd())) {
      return Optional.of(KeyAttribute.RECIPIENT_PERIOD);
    }
    return Optional.empty();
  }

  /** No end is the latest one. */
  private static boolean isLater(ElementTime present, ElementTime other) {
    return present.isSet() && (!other.isSet() || present.isBefore(other));
  }
}
