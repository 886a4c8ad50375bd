// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import java.util.Locale;

/**
 * What a figure is to reach.
 *
 * @param text how it is written down, such as {@code 0.7 P}
 * @param bound the figure that is just good enough; NaN where the peer that it refers to was not
 *     measured
 * @param against the figure of that peer, or 1 for a bound that refers to nobody
 *     <p>Thread safety: immutable.
 */
record Target(String text, double bound, double against) {

  /** A part or multiple of a peer's figure. */
  static Target of(double factor, String peer, double figure) {
    return new Target(factor + " " + peer, factor * figure, figure);
  }

  /** A bound by itself. */
  static Target absolute(String text, double bound) {
    return new Target(text, bound, 1);
  }

  /** Whether it was measured. */
  boolean known() {
    return !Double.isNaN(bound);
  }

  /** What was reached instead, in the terms of the target. */
  String instead(double figure) {
    return against == 1
        ? Figure.text(figure)
        : String.format(Locale.ROOT, "%.2f of %s", figure / against, text);
  }
}
