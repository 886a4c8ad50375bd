// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import dev.strongroom.benchmarks.Entrants.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Rows as a table in Markdown. */
final class Table {

  private Table() {}

  /** Every peer that takes part has a column with its figures, and one with the ratio. */
  static String of(List<Row> rows, Entrants entrants) {
    Map<Kind, String> names = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      entrants.name(kind).ifPresent(name -> names.put(kind, name));
    }
    StringBuilder table = new StringBuilder();
    List<String> head = new ArrayList<>(List.of("work", "unit"));
    head.addAll(names.values());
    for (Kind peer : names.keySet()) {
      if (!peer.isOurs()) {
        head.add("/ " + names.get(peer));
      }
    }
    int numbers = head.size() - 2;
    head.addAll(List.of("to reach", "reached", "at best", "rounds"));
    line(table, head);
    String[] rules = new String[head.size()];
    Arrays.fill(rules, "---");
    Arrays.fill(rules, 2, 2 + numbers, "---:");
    line(table, List.of(rules));
    for (Row row : rows) {
      line(table, cells(row, names));
    }
    return table.toString();
  }

  private static List<String> cells(Row row, Map<Kind, String> names) {
    List<String> cells = new ArrayList<>(List.of(row.title(), row.unit()));
    for (Kind kind : names.keySet()) {
      cells.add(Figure.text(row.figure(kind)));
    }
    for (Kind kind : names.keySet()) {
      if (!kind.isOurs()) {
        double ratio = row.ratio(kind);
        cells.add(Double.isFinite(ratio) ? String.format(Locale.ROOT, "%.2f", ratio) : "-");
      }
    }
    cells.add(String.join(", ", row.targets().stream().map(Target::text).toList()));
    cells.add(row.verdict());
    cells.add(row.atBest());
    cells.add(row.rounds());
    return cells;
  }

  private static void line(StringBuilder table, List<String> cells) {
    table.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }
}
