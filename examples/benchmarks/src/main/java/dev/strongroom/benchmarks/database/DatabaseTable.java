// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks.database;

import dev.strongroom.benchmarks.Figure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Speeds of all kinds of databases, round by round.
 *
 * <p>Thread safety: confined to one thread.
 */
final class DatabaseTable {

  private final Map<DatabaseWork, Map<DatabaseKind, List<Double>>> speeds =
      new EnumMap<>(DatabaseWork.class);

  /** Takes a figure of one round. */
  void add(DatabaseWork work, DatabaseKind kind, double speed) {
    speeds
        .computeIfAbsent(work, w -> new EnumMap<>(DatabaseKind.class))
        .computeIfAbsent(kind, k -> new ArrayList<>())
        .add(speed);
  }

  /** How fast secure databases are, as a part of another kind's speed: the median of all rounds. */
  double ratio(DatabaseWork work, DatabaseKind other) {
    List<Double> ours = speeds(work, DatabaseKind.STRONGROOM);
    List<Double> theirs = speeds(work, other);
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < Math.min(ours.size(), theirs.size()); round++) {
      ratios.add(ours.get(round) / theirs.get(round));
    }
    return median(ratios);
  }

  private List<Double> speeds(DatabaseWork work, DatabaseKind kind) {
    return speeds.getOrDefault(work, Map.of()).getOrDefault(kind, List.of());
  }

  /** The median; not a number if there is none. */
  static double median(List<Double> figures) {
    List<Double> sorted = new ArrayList<>(figures);
    Collections.sort(sorted);
    return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
  }

  /** The work that misses a speed that is to be reached. */
  List<DatabaseWork> missed() {
    return speeds.keySet().stream().filter(work -> !verdict(work).equals("yes")).toList();
  }

  /** Whether what is to be reached is reached; what is not measured is not missed. */
  private String verdict(DatabaseWork work) {
    List<String> missed = new ArrayList<>();
    for (DatabaseKind other : DatabaseKind.values()) {
      if (other != DatabaseKind.STRONGROOM && ratio(work, other) < work.goal(other)) {
        missed.add(String.format(Locale.ROOT, "%.2f of %s", work.goal(other), other.title()));
      }
    }
    return missed.isEmpty() ? "yes" : "**no**: " + String.join("; ", missed);
  }

  /** The table in Markdown. */
  String markdown() {
    StringBuilder table = new StringBuilder("| work | unit |");
    List<DatabaseKind> kinds =
        Arrays.stream(DatabaseKind.values())
            .filter(kind -> !speeds(DatabaseWork.COMMIT_1, kind).isEmpty())
            .toList();
    kinds.forEach(kind -> table.append(' ').append(kind.title()).append(" |"));
    kinds.stream().skip(1).forEach(kind -> table.append(" / ").append(kind.title()).append(" |"));
    table.append(" to reach | reached |\n| --- | --- |");
    table.append(" ---: |".repeat(2 * kinds.size() - 1)).append(" --- | --- |\n");
    for (DatabaseWork work : speeds.keySet()) {
      table.append("| ").append(work.title()).append(" | ").append(work.unit()).append(" |");
      kinds.forEach(
          kind -> table.append(' ').append(Figure.text(median(speeds(work, kind)))).append(" |"));
      List<String> goals = new ArrayList<>();
      for (DatabaseKind other : kinds.subList(1, kinds.size())) {
        table.append(String.format(Locale.ROOT, " %.2f |", ratio(work, other)));
        if (work.goal(other) > 0) {
          goals.add(String.format(Locale.ROOT, "%.2f of %s", work.goal(other), other.title()));
        }
      }
      table.append(' ').append(String.join(", ", goals)).append(" | ");
      table.append(verdict(work)).append(" |\n");
    }
    return table.toString();
  }
}
