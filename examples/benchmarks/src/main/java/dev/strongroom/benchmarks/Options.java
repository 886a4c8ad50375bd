// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import dev.strongroom.workloads.Workload;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The options of a run.
 *
 * <p>Thread safety: confined to one thread.
 */
final class Options {

  private double part = 1;
  private int rounds = 5;
  private Path directory = Path.of(System.getProperty("java.io.tmpdir"));
  private final Set<Workload> only = EnumSet.allOf(Workload.class);
  private final Set<String> without = new TreeSet<>();
  private @Nullable String section;
  private @Nullable Path page;

  /** Takes {@code --name=value} arguments. */
  static Options parse(String... arguments) {
    Options options = new Options();
    for (String argument : arguments) {
      options.take(argument);
    }
    return options;
  }

  private void take(String argument) {
    int equals = argument.indexOf('=');
    String name = equals < 0 ? argument : argument.substring(0, equals);
    String value = argument.substring(equals + 1);
    switch (name) {
      case "--scale" -> part = part(value);
      case "--rounds" -> rounds = Math.max(1, Integer.parseInt(value));
      case "--directory" -> directory = Path.of(value);
      case "--write" -> page = Path.of(value);
      case "--section" -> section = value;
      case "--without" -> Collections.addAll(without, value.split(",", -1));
      case "--only" -> {
        only.clear();
        for (String workload : value.split(",", -1)) {
          only.add(Workload.valueOf(workload.toUpperCase(Locale.ROOT)));
        }
        // One makes the files, the other removes them.
        if (only.contains(Workload.CREATE_FILES) || only.contains(Workload.READ_FILES)) {
          Collections.addAll(only, Workload.CREATE_FILES, Workload.READ_FILES);
        }
      }
      default ->
          throw new IllegalArgumentException(
              argument
                  + ": options are --scale, --rounds, --only, --without, --section, --directory and"
                  + " --write");
    }
  }

  private static double part(String value) {
    return value.endsWith("%")
        ? Double.parseDouble(value.substring(0, value.length() - 1)) / 100
        : Double.parseDouble(value);
  }

  /** Part of the full sizes. */
  double part() {
    return part;
  }

  /** Rounds that count, after one that warms up. */
  int rounds() {
    return rounds;
  }

  /** A directory on the disk that is meant. */
  Path directory() {
    return directory;
  }

  /** What to run. */
  Set<Workload> only() {
    return only;
  }

  /** Whether a peer or section takes part. */
  boolean wants(String name) {
    return !without.contains(name);
  }

  /** The only section that is measured, if it is only one; the table is not measured then. */
  Optional<String> section() {
    return Optional.ofNullable(section);
  }

  /** The page to write, if any. */
  Optional<Path> page() {
    return Optional.ofNullable(page);
  }
}
