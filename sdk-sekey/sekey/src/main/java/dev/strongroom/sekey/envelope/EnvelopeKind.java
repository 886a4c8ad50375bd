// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.envelope;

import java.util.Optional;

/**
 * How an envelope protects its text; by number in headers.
 *
 * <p>Thread safety: immutable.
 */
public enum EnvelopeKind {
  /** The text as a whole, by the key itself, inside the element. */
  TEXT(1),
  /** Segments by a data key, which the element has wrapped, on the host. */
  DATA_KEY(2),
  /** Segments, each by the key itself, inside the element. */
  SEGMENTS(3);

  private final int number;

  EnvelopeKind(int number) {
    this.number = number;
  }

  /**
   * Its number in headers.
   *
   * @return from 1
   */
  public int number() {
    return number;
  }

  /**
   * The kind of a number.
   *
   * @param number as in headers
   * @return the kind, or empty if there is none of that number
   */
  public static Optional<EnvelopeKind> of(int number) {
    for (EnvelopeKind each : values()) {
      if (each.number == number) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
