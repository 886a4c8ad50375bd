// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What was measured: for each workload and peer a figure a round; shown as a table of medians. */
final class Results {

  private final List<String> peers;
  private final Map<Workload, Map<String, List<Double>>> figures = new EnumMap<>(Workload.class);

  /** The first peer is the one that the others are compared with. */
  Results(List<String> peers) {
    this.peers = List.copyOf(peers);
  }

  void add(Workload workload, String peer, double figure) {
    figures
        .computeIfAbsent(workload, key -> new TreeMap<>())
        .computeIfAbsent(peer, key -> new ArrayList<>())
        .add(figure);
  }

  double median(Workload workload, String peer) {
    List<Double> sorted =
        new ArrayList<>(
            figures.getOrDefault(workload, Map.of()).getOrDefault(peer, List.of(Double.NaN)));
    Collections.sort(sorted);
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** Lowest and highest figure, as parts of the median. */
  String spread(Workload workload, String peer) {
    List<Double> all = figures.getOrDefault(workload, Map.of()).getOrDefault(peer, List.of());
    if (all.isEmpty()) {
      return "";
    }
    double median = median(workload, peer);
    return String.format(
        Locale.ROOT, "%.2f to %.2f", Collections.min(all) / median, Collections.max(all) / median);
  }

  /** The table, in Markdown that can also be read as text. */
  String table() {
    String first = peers.get(0);
    StringBuilder table = new StringBuilder("| work | unit |");
    StringBuilder line = new StringBuilder("|---|---|");
    for (String peer : peers) {
      table.append(' ').append(peer).append(" |");
      line.append("---:|");
    }
    for (String peer : peers.subList(1, peers.size())) {
      table.append(' ').append(first).append(" / ").append(peer).append(" |");
      line.append("---:|");
    }
    table.append(" to reach | rounds, of the median |\n").append(line).append("---|---|\n");
    for (Workload workload : figures.keySet()) {
      table.append("| ").append(workload.title()).append(" | ").append(workload.unit());
      table.append(" |");
      double mine = median(workload, first);
      for (String peer : peers) {
        table.append(String.format(Locale.ROOT, " %,.0f |", median(workload, peer)));
      }
      for (String peer : peers.subList(1, peers.size())) {
        table.append(String.format(Locale.ROOT, " %.2f |", mine / median(workload, peer)));
      }
      table.append(' ').append(workload.target());
      table.append(" | ").append(spread(workload, first)).append(" |\n");
    }
    return table.toString();
  }
}
