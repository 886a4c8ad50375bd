// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * Sets of constants as bits of one byte.
 *
 * <p>Thread safety: stateless.
 */
final class Bits {

  private Bits() {}

  static <E extends Enum<E>> int of(Set<E> set, ToIntFunction<E> bit) {
    int bits = 0;
    for (E each : set) {
      bits |= 1 << bit.applyAsInt(each);
    }
    return bits;
  }

  /** A bit that no constant has is refused: it could forbid something. */
  static <E extends Enum<E>> Set<E> set(int bits, Class<E> type, ToIntFunction<E> bit) {
    EnumSet<E> set = EnumSet.noneOf(type);
    int rest = bits;
    for (E each : type.getEnumConstants()) {
      int mask = 1 << bit.applyAsInt(each);
      if ((rest & mask) != 0) {
        set.add(each);
        rest &= ~mask;
      }
    }
    if (rest != 0) {
      throw new IllegalArgumentException(
          String.format("%s: bits %02X are not known", type.getSimpleName(), rest));
    }
    return Collections.unmodifiableSet(set);
  }

  /** An unmodifiable copy in the order of the constants. */
  static <E extends Enum<E>> Set<E> copy(Set<E> set, Class<E> type) {
    EnumSet<E> copy = EnumSet.noneOf(type);
    copy.addAll(set);
    return Collections.unmodifiableSet(copy);
  }
}
