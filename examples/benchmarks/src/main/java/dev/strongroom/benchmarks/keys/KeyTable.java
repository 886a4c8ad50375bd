// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks.keys;

import dev.strongroom.benchmarks.Figure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Speeds of all who hold keys, round by round.
 *
 * <p>Thread safety: confined to one thread.
 */
final class KeyTable {

  private final Map<KeyWork, Map<KeyKind, List<KeySpeed>>> speeds = new EnumMap<>(KeyWork.class);

  /** Takes a figure of one round. */
  void add(KeyWork work, KeyKind kind, KeySpeed speed) {
    speeds
        .computeIfAbsent(work, w -> new EnumMap<>(KeyKind.class))
        .computeIfAbsent(kind, k -> new ArrayList<>())
        .add(speed);
  }

  private List<KeySpeed> speeds(KeyWork work, KeyKind kind) {
    return speeds.getOrDefault(work, Map.of()).getOrDefault(kind, List.of());
  }

  /** The median of all rounds; not a number if there is none. */
  double median(KeyWork work, KeyKind kind, ToDoubleFunction<KeySpeed> figure) {
    return median(speeds(work, kind).stream().map(figure::applyAsDouble).toList());
  }

  /** The median; not a number if there is none. */
  static double median(List<Double> figures) {
    List<Double> sorted = new ArrayList<>(figures);
    Collections.sort(sorted);
    return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
  }

  /** How many times as fast as another one: the median of each round's. */
  double ratio(KeyWork work, KeyKind other) {
    List<KeySpeed> ours = speeds(work, KeyKind.STRONGROOM);
    List<KeySpeed> theirs = speeds(work, other);
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < Math.min(ours.size(), theirs.size()); round++) {
      ratios.add(ours.get(round).perProcessorSecond() / theirs.get(round).perProcessorSecond());
    }
    return median(ratios);
  }

  /** The work that misses a speed that is to be reached; what is not measured is not missed. */
  List<KeyWork> missed() {
    return speeds.keySet().stream().filter(work -> !missedGoals(work).isEmpty()).toList();
  }

  private List<String> missedGoals(KeyWork work) {
    return goals(work, kind -> ratio(work, kind) < work.goal(kind));
  }

  /** A question about a kind. */
  private interface Question {
    boolean ask(KeyKind kind);
  }

  private static List<String> goals(KeyWork work, Question question) {
    return Arrays.stream(KeyKind.values())
        .filter(kind -> work.goal(kind) > 0 && question.ask(kind))
        .map(kind -> String.format(Locale.ROOT, "%.2f of %s", work.goal(kind), kind.title()))
        .toList();
  }

  /** The table in Markdown. */
  String markdown() {
    List<KeyKind> kinds =
        Arrays.stream(KeyKind.values())
            .filter(kind -> !speeds(KeyWork.ENCRYPT_1024, kind).isEmpty())
            .toList();
    StringBuilder table = new StringBuilder("| operations per second of one processor |");
    kinds.forEach(kind -> table.append(' ').append(kind.title()).append(" |"));
    kinds.stream().skip(1).forEach(kind -> table.append(" / ").append(kind.title()).append(" |"));
    table.append(" B allocated, strongroom | JDK | to reach | reached |\n| --- |");
    table.append(" ---: |".repeat(2 * kinds.size() + 1)).append(" --- | --- |\n");
    for (KeyWork work : speeds.keySet()) {
      table.append("| ").append(work.title()).append(" |");
      for (KeyKind kind : kinds) {
        cell(table, Figure.text(median(work, kind, KeySpeed::perProcessorSecond)));
      }
      for (KeyKind kind : kinds.subList(1, kinds.size())) {
        double ratio = ratio(work, kind);
        cell(table, Double.isNaN(ratio) ? "-" : String.format(Locale.ROOT, "%.2f", ratio));
      }
      for (KeyKind kind : List.of(KeyKind.STRONGROOM, KeyKind.JDK)) {
        cell(
            table,
            String.format(Locale.ROOT, "%,.0f", median(work, kind, KeySpeed::bytesPerOperation)));
      }
      cell(table, String.join(", ", goals(work, kind -> kinds.contains(kind))));
      List<String> missed = missedGoals(work);
      boolean judged = !goals(work, kind -> !speeds(work, kind).isEmpty()).isEmpty();
      String verdict =
          missed.isEmpty() ? (judged ? "yes" : "") : "**no**: " + String.join("; ", missed);
      cell(table, verdict);
      table.append('\n');
    }
    return table.toString();
  }

  private static void cell(StringBuilder table, String text) {
    table.append(' ').append(text).append(" |");
  }
}
