// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.util.Locale;

/** Sizes and rates for people, in binary units. */
final class Sizes {

  private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private Sizes() {}

  static String text(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double value = bytes / 1024.0;
    int unit = 0;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, value < 10 ? "%.1f %s" : "%.0f %s", value, UNITS[unit]);
  }

  static String rate(long bytes, long nanos) {
    return text((long) (bytes / Math.max(nanos / 1e9, 1e-6))) + "/s";
  }

  static String files(long number) {
    return counted(number, "file");
  }

  static String counted(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
