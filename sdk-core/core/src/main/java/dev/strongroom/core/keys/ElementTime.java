// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import java.time.Instant;

/**
 * A moment as elements know it: seconds since 2020-01-01T00:00:00Z, an unsigned 32-bit number that
 * reaches to {@link #MAX}, in the year 2156. 0 stands for no moment.
 *
 * <p>Thread safety: immutable.
 *
 * @param seconds 0 to 2^32 - 1
 */
public record ElementTime(long seconds) implements Comparable<ElementTime> {

  /** No moment. */
  public static final ElementTime NONE = new ElementTime(0);

  /** The last moment. */
  public static final ElementTime MAX = new ElementTime(0xFFFF_FFFFL);

  private static final Instant EPOCH = Instant.parse("2020-01-01T00:00:00Z");

  /**
   * Checks the range.
   *
   * @param seconds as above
   */
  public ElementTime {
    if (seconds < 0 || seconds > 0xFFFF_FFFFL) {
      throw new IllegalArgumentException(
          "a time of an element has 32 bits of seconds, not " + seconds);
    }
  }

  /**
   * The second in which an instant lies.
   *
   * @param instant after 2020-01-01T00:00:00Z, before the end of {@link #MAX}
   * @return the time
   * @throws IllegalArgumentException if it is outside
   */
  public static ElementTime of(Instant instant) {
    long seconds = instant.getEpochSecond() - EPOCH.getEpochSecond();
    if (seconds < 1 || seconds > MAX.seconds) {
      throw new IllegalArgumentException(
          instant + " is no time of an element, which are of 2020 to 2156");
    }
    return new ElementTime(seconds);
  }

  /**
   * Out of 32 bits.
   *
   * @param bits an unsigned number
   * @return the time
   */
  static ElementTime ofBits(int bits) {
    return new ElementTime(Integer.toUnsignedLong(bits));
  }

  int bits() {
    return (int) seconds;
  }

  /**
   * Whether it is a moment at all.
   *
   * @return false for {@link #NONE}
   */
  public boolean isSet() {
    return seconds != 0;
  }

  /**
   * Whether it is earlier than another one, both of which are moments or starts of all time.
   *
   * @param other the other one
   * @return whether it has fewer seconds
   */
  public boolean isBefore(ElementTime other) {
    return seconds < other.seconds;
  }

  /**
   * The later one of two.
   *
   * @param other the other one
   * @return this or other
   */
  public ElementTime max(ElementTime other) {
    return seconds >= other.seconds ? this : other;
  }

  /**
   * The beginning of its second.
   *
   * @return the instant; 2020-01-01T00:00:00Z for {@link #NONE}
   */
  public Instant toInstant() {
    return EPOCH.plusSeconds(seconds);
  }

  @Override
  public int compareTo(ElementTime other) {
    return Long.compare(seconds, other.seconds);
  }

  /**
   * The moment in ISO 8601.
   *
   * @return such as {@code 2026-11-22T03:00:00Z}, or {@code never}
   */
  @Override
  public String toString() {
    return isSet() ? toInstant().toString() : "never";
  }
}
