// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks.keys;

import dev.strongroom.benchmarks.Figure;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Throughput of several threads.
 *
 * <p>Thread safety: confined to one thread.
 */
final class KeyThreads {

  /** How many threads there are. */
  static final List<Integer> THREADS = List.of(1, 2, 4);

  /** What is done by several threads. */
  static final List<KeyWork> WORK =
      List.of(KeyWork.ENCRYPT_1024, KeyWork.DECRYPT_1024, KeyWork.MAC, KeyWork.ECDSA);

  private static final double GROWTH = 1.5;

  private final Map<Integer, KeyTable> tables = new TreeMap<>();
  private final Map<KeyKind, Boolean> kinds = new EnumMap<>(KeyKind.class);

  /** Takes a figure of one round. */
  void add(int threads, KeyWork work, KeyKind kind, KeySpeed speed) {
    kinds.put(kind, true);
    tables.computeIfAbsent(threads, key -> new KeyTable()).add(work, kind, speed);
  }

  private double perSecond(int threads, KeyWork work, KeyKind kind) {
    KeyTable table = tables.get(threads);
    return table == null ? Double.NaN : table.median(work, kind, KeySpeed::perSecond);
  }

  /** The table in Markdown. */
  String markdown() {
    StringBuilder text = new StringBuilder("| operations per second | who |");
    THREADS.forEach(
        threads ->
            text.append(' ').append(threads).append(threads == 1 ? " thread |" : " threads |"));
    text.append(" 2 / 1 | to reach | reached |\n| --- | --- |");
    text.append(" ---: |".repeat(THREADS.size() + 1)).append(" --- | --- |\n");
    for (KeyWork work : WORK) {
      for (KeyKind kind : kinds.keySet()) {
        double one = perSecond(1, work, kind);
        if (Double.isNaN(one)) {
          continue;
        }
        double growth = perSecond(2, work, kind) / one;
        text.append("| ").append(work.title()).append(" | ").append(kind.title()).append(" |");
        for (int threads : THREADS) {
          text.append(' ').append(Figure.text(perSecond(threads, work, kind))).append(" |");
        }
        boolean judged = kind == KeyKind.STRONGROOM;
        text.append(
            String.format(
                Locale.ROOT,
                " %.2f | %s | %s |%n",
                growth,
                judged ? String.format(Locale.ROOT, "%.1f", GROWTH) : "",
                !judged ? "" : growth >= GROWTH ? "yes" : "**no**"));
      }
    }
    return text.toString();
  }
}
