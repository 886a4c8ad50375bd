// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import java.util.Locale;

/** Figures as text. */
public final class Figure {

  private static final double NO_DECIMALS = 100;
  private static final double ONE_DECIMAL = 10;

  private Figure() {}

  /** Three digits at least; a hyphen for what was not measured. */
  public static String text(double figure) {
    if (Double.isNaN(figure)) {
      return "-";
    }
    double size = Math.abs(figure);
    String format = size >= NO_DECIMALS ? "%,.0f" : size >= ONE_DECIMAL ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, figure);
  }
}
