// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The time that a person gives for something to end. */
final class Expiry {

  private static final Pattern FROM_NOW = Pattern.compile("([0-9]{1,5})([dh])");

  private Expiry() {}

  /** Reads {@code 7d}, {@code 12h}, a day, whose end in UTC is meant, or a time of ISO 8601. */
  static Instant parse(String typed, Instant now) throws IOException {
    Matcher fromNow = FROM_NOW.matcher(typed);
    Instant time;
    try {
      if (fromNow.matches()) {
        long number = Long.parseLong(fromNow.group(1));
        time =
            now.plus(
                fromNow.group(2).equals("d") ? Duration.ofDays(number) : Duration.ofHours(number));
      } else if (typed.indexOf('T') < 0) {
        time = LocalDate.parse(typed).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
      } else {
        time = Instant.parse(typed);
      }
    } catch (DateTimeException e) {
      throw CommandException.usage(
          typed + ": is no time; give 7d, 12h, 2030-12-31 or 2030-12-31T12:00:00Z");
    }
    if (!time.isAfter(now)) {
      throw CommandException.usage(typed + ": has passed already");
    }
    return time;
  }
}
