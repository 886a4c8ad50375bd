// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyRefusal;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * The rules of the element's key store have refused something (status word 69F0); nothing was
 * changed. Each reason has a class of its own, with its fields.
 *
 * <p>Thread safety: immutable.
 */
public abstract sealed class KeyRefusedException extends DeviceException
    permits AcknowledgementNeededException,
        DestructionScheduledException,
        ElementAdministeredException,
        KeyAttributeRefusedException,
        KeyExpiredException,
        KeyFlagMissingException,
        KeyLimitReachedException,
        KeyNotYetActiveException,
        KeyStateRefusedException,
        KeyTransitionRefusedException,
        KeyUsageRefusedException,
        LeaseOverException,
        MemberRefusedException,
        OrderRefusedException {

  private static final long serialVersionUID = 1L;

  private static final long U32 = 0xFFFF_FFFFL;

  private final byte[] refusal;

  /**
   * Made by the subclasses only.
   *
   * @param message what was refused and why
   * @param refusal the same as a value
   */
  KeyRefusedException(String message, KeyRefusal refusal) {
    super(message, null);
    this.refusal = refusal.encode().toByteArray();
  }

  /**
   * The exception of a refusal.
   *
   * @param refusal what the rules say
   * @return the exception of its reason, to be thrown
   */
  public static KeyRefusedException of(KeyRefusal refusal) {
    return switch (refusal.reason()) {
      case USAGE -> new KeyUsageRefusedException(refusal);
      case STATE -> new KeyStateRefusedException(refusal);
      case DESTRUCTION_SCHEDULED -> new DestructionScheduledException(refusal);
      case NOT_YET_ACTIVE -> new KeyNotYetActiveException(refusal);
      case ORIGINATOR_PERIOD, RECIPIENT_PERIOD -> new KeyExpiredException(refusal);
      case LIMIT -> new KeyLimitReachedException(refusal);
      case LEASE_TIME, LEASE_USES, LEASE_POWER_UPS -> new LeaseOverException(refusal);
      case ACKNOWLEDGEMENT -> new AcknowledgementNeededException(refusal);
      case FLAG -> new KeyFlagMissingException(refusal);
      case TRANSITION -> new KeyTransitionRefusedException(refusal);
      case ATTRIBUTE -> new KeyAttributeRefusedException(refusal);
      case ADMINISTERED -> new ElementAdministeredException(refusal);
      case MEMBER -> new MemberRefusedException(refusal);
      case ORDER_SENDER,
          ORDER_SIGNATURE,
          ORDER_RECEIVER,
          ORDER_REPLAYED,
          ORDER_MISSING,
          ORDER_FORKED,
          ORDER_GROUP,
          ORDER_VALUE,
          ORDER_LEASE ->
          new OrderRefusedException(refusal);
    };
  }

  /**
   * What was refused, as the element says it.
   *
   * @return reason and fields
   */
  public KeyRefusal refusal() {
    return KeyRefusal.parse(Bytes.copyOf(refusal));
  }

  /**
   * Which key it is about.
   *
   * @return the key's id, or empty if it is about none
   */
  public Optional<KeyId> key() {
    return refusal().key();
  }

  static String key(KeyRefusal refusal) {
    return refusal.key().map(id -> "key " + id).orElse("a key");
  }

  /** What was asked, as in: not used to sign. */
  static String to(KeyRefusal refusal) {
    return refusal
        .operation()
        .map(operation -> "to " + words(operation))
        .orElse("for what was asked");
  }

  static String state(KeyRefusal refusal) {
    return refusal.state().map(KeyRefusedException::words).orElse("in another state");
  }

  static String words(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ').replace("pre a", "pre-a");
  }

  static String list(Set<? extends Enum<?>> set) {
    return set.isEmpty()
        ? "nothing"
        : set.stream().map(KeyRefusedException::words).collect(Collectors.joining(", "));
  }

  /** The constants of bits; what a later release has put there is passed over. */
  static <E extends Enum<E>> Set<E> known(long bits, Class<E> type, ToIntFunction<E> bit) {
    EnumSet<E> set = EnumSet.noneOf(type);
    for (E each : type.getEnumConstants()) {
      if ((bits >>> bit.applyAsInt(each) & 1) != 0) {
        set.add(each);
      }
    }
    return Collections.unmodifiableSet(set);
  }

  static Instant time(long seconds) {
    return new ElementTime(seconds & U32).toInstant();
  }
}
