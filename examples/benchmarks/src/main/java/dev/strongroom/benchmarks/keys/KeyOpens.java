// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks.keys;

import dev.strongroom.benchmarks.Figure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How long it takes to open a {@link GrownSystem}, and to select a key of it.
 *
 * @param keys in the element and the database
 * @param millis medians of all launches, by what was timed
 *     <p>Thread safety: immutable.
 */
record KeyOpens(int keys, Map<String, Double> millis) {

  private static final double OPEN = 1000;
  private static final double SELECT = 1;
  private static final String PROCESSOR = " processor";

  /** A line of the table. */
  private record Line(String title, double millis, double processor, double bound) {

    String markdown() {
      return String.format(
          Locale.ROOT,
          "| %s | %s | %s | %s | %s |%n",
          title,
          Figure.text(millis),
          Figure.text(processor),
          bound == 0 ? "" : String.format(Locale.ROOT, "under %,.0f", bound),
          bound == 0 ? "" : millis < bound ? "yes" : "**no**");
    }
  }

  /** Makes it, and opens it in JVMs that have just been started. */
  static KeyOpens measure(Path folder, KeySize size) throws IOException {
    Files.createDirectories(folder);
    GrownSystem.make(folder, size.keys());
    Map<String, List<Double>> all = new LinkedHashMap<>();
    for (int i = 0; i < size.launches(); i++) {
      Launch.run(
          GrownSystem.class,
          Map.of(),
          line -> {
            String[] parts = line.split(" ", -1);
            String what = parts[0];
            add(all, what, parts[1]);
            add(all, what + PROCESSOR, parts[2]);
          },
          folder.toString(),
          Integer.toString(size.keys()));
    }
    Map<String, Double> millis = new LinkedHashMap<>();
    all.forEach((what, times) -> millis.put(what, KeyTable.median(times)));
    return new KeyOpens(size.keys(), millis);
  }

  private static void add(Map<String, List<Double>> all, String what, String figure) {
    all.computeIfAbsent(what, key -> new ArrayList<>()).add(Double.parseDouble(figure));
  }

  private Line line(String title, String what, double bound) {
    return new Line(title, of(what), of(what + PROCESSOR), bound);
  }

  private double of(String what) {
    return millis.getOrDefault(what, Double.NaN);
  }

  /** The table in Markdown. */
  String markdown() {
    List<Line> lines =
        List.of(
            line("element, to its first use of a key", "element", OPEN),
            line("volume", "volume", 0),
            line("database, all of it in memory", "database", OPEN),
            line("selection for another user", "select", SELECT),
            line("selection for oneself, where no group is one's own", "alone", SELECT));
    StringBuilder table =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "| %,d keys in %,d groups | ms | ms of processors | to reach | reached |%n| --- | ---: | ---: | --- | ---"
                    + " |%n",
                keys,
                keys / KeySize.GROUP_KEYS));
    lines.forEach(line -> table.append(line.markdown()));
    return table.toString();
  }
}
