// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What leads from one state of a key to another, with its number in NIST SP 800-57 Part 1 Rev. 5,
 * 7, and in the figure of KMIP 2.1, Cryptographic Object States. There is nothing else.
 *
 * <p>Thread safety: immutable.
 */
public enum KeyTransition {
  /** The key is made. */
  GENERATION(null, KeyState.PRE_ACTIVE, 1, 1, KeyTrigger.ADMINISTRATOR),
  /** It will not be needed. */
  ABANDONMENT(KeyState.PRE_ACTIVE, KeyState.DESTROYED, 2, 2, KeyTrigger.ADMINISTRATOR),
  /** Somebody may know it before it was used. */
  EARLY_COMPROMISE(KeyState.PRE_ACTIVE, KeyState.COMPROMISED, 3, 3, KeyTrigger.ADMINISTRATOR),
  /** It may be used. */
  ACTIVATION(
      KeyState.PRE_ACTIVE, KeyState.ACTIVE, 4, 4, KeyTrigger.ADMINISTRATOR, KeyTrigger.CLOCK),
  /** It has signed, and nothing is to be processed with it. */
  RETIREMENT(KeyState.ACTIVE, KeyState.DESTROYED, 5, 0, KeyTrigger.ADMINISTRATOR),
  /** Somebody may know it. */
  COMPROMISE(KeyState.ACTIVE, KeyState.COMPROMISED, 6, 5, KeyTrigger.ADMINISTRATOR),
  /** It is not to be used for a while. */
  SUSPENSION(KeyState.ACTIVE, KeyState.SUSPENDED, 7, 0, KeyTrigger.ADMINISTRATOR),
  /** It protects no more. */
  DEACTIVATION(
      KeyState.ACTIVE,
      KeyState.DEACTIVATED,
      8,
      6,
      KeyTrigger.ADMINISTRATOR,
      KeyTrigger.CLOCK,
      KeyTrigger.LIMIT),
  /** It is destroyed out of a suspension. */
  SUSPENDED_DESTRUCTION(KeyState.SUSPENDED, KeyState.DESTROYED, 9, 0, KeyTrigger.SCHEDULE),
  /** It may be used again. */
  RESUMPTION(KeyState.SUSPENDED, KeyState.ACTIVE, 10, 0, KeyTrigger.ADMINISTRATOR),
  /** Somebody may know it, as was suspected. */
  SUSPENDED_COMPROMISE(KeyState.SUSPENDED, KeyState.COMPROMISED, 11, 0, KeyTrigger.ADMINISTRATOR),
  /** It protects no more, out of a suspension. */
  SUSPENDED_DEACTIVATION(
      KeyState.SUSPENDED, KeyState.DEACTIVATED, 12, 0, KeyTrigger.ADMINISTRATOR, KeyTrigger.CLOCK),
  /** Somebody may know it after it was used. */
  LATE_COMPROMISE(KeyState.DEACTIVATED, KeyState.COMPROMISED, 13, 8, KeyTrigger.ADMINISTRATOR),
  /** It is destroyed. */
  DESTRUCTION(KeyState.DEACTIVATED, KeyState.DESTROYED, 14, 7, KeyTrigger.SCHEDULE),
  /** It is destroyed, and somebody may know it. */
  COMPROMISED_DESTRUCTION(
      KeyState.COMPROMISED, KeyState.DESTROYED_COMPROMISED, 15, 9, KeyTrigger.SCHEDULE),
  /** Somebody may have known it before it was destroyed. */
  DISCOVERY(KeyState.DESTROYED, KeyState.DESTROYED_COMPROMISED, 0, 10, KeyTrigger.ADMINISTRATOR);

  private final @Nullable KeyState from;
  private final KeyState to;
  private final int nist;
  private final int kmip;

  @SuppressWarnings("ImmutableEnumChecker") // unmodifiable
  private final Set<KeyTrigger> triggers;

  KeyTransition(@Nullable KeyState from, KeyState to, int nist, int kmip, KeyTrigger... triggers) {
    this.from = from;
    this.to = to;
    this.nist = nist;
    this.kmip = kmip;
    EnumSet<KeyTrigger> all = EnumSet.noneOf(KeyTrigger.class);
    Collections.addAll(all, triggers);
    this.triggers = Collections.unmodifiableSet(all);
  }

  /**
   * Where it begins.
   *
   * @return the state, or empty for a key that is made
   */
  public Optional<KeyState> from() {
    return Optional.ofNullable(from);
  }

  /**
   * Where it leads.
   *
   * @return the state
   */
  public KeyState to() {
    return to;
  }

  /**
   * Its number in NIST SP 800-57 Part 1 Rev. 5, 7.
   *
   * @return 1 to 15, or empty if NIST does not have it
   */
  public OptionalInt nist() {
    return nist == 0 ? OptionalInt.empty() : OptionalInt.of(nist);
  }

  /**
   * Its number in KMIP.
   *
   * @return 1 to 10, or empty if KMIP does not have it
   */
  public OptionalInt kmip() {
    return kmip == 0 ? OptionalInt.empty() : OptionalInt.of(kmip);
  }

  /**
   * What it can happen by.
   *
   * @return one or more
   */
  public Set<KeyTrigger> triggers() {
    return triggers;
  }

  /**
   * The transition between two states.
   *
   * @param from the present state
   * @param to the state wanted
   * @return the one that there is, or empty
   */
  public static Optional<KeyTransition> between(KeyState from, KeyState to) {
    for (KeyTransition transition : values()) {
      if (transition.from == from && transition.to == to) {
        return Optional.of(transition);
      }
    }
    return Optional.empty();
  }

  /**
   * Whether a state can follow another one, by any number of transitions or none.
   *
   * @param from the earlier state
   * @param to the later state
   * @return whether a way leads there
   */
  public static boolean leads(KeyState from, KeyState to) {
    EnumSet<KeyState> reached = EnumSet.of(from);
    boolean more = true;
    while (more) {
      more = false;
      for (KeyTransition transition : values()) {
        if (transition.from != null && reached.contains(transition.from)) {
          more |= reached.add(transition.to);
        }
      }
    }
    return reached.contains(to);
  }
}
