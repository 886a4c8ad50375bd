// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.workloads.Figures;
import dev.strongroom.workloads.GcmSpeed;
import dev.strongroom.workloads.Scale;
import dev.strongroom.workloads.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What {@code bench} found, as text or JSON.
 *
 * @param where the kind of medium, and the directory
 * @param element which element
 * @param scale how much work a round was
 * @param rounds how many rounds the medians are of
 * @param gcm AES-GCM on one processor
 * @param speed the element's
 * @param figures the workloads'
 *     <p>Thread safety: confined to one thread.
 */
record BenchReport(
    String where,
    String element,
    Scale scale,
    int rounds,
    GcmSpeed gcm,
    ElementSpeed speed,
    Figures figures) {

  private static final int MEBIBYTE_SHIFT = 20;
  private static final double MICROS_PER_MILLI = 1000;

  /** For people. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    add(
        lines,
        "Java %s, %d processors, %s",
        Runtime.version(),
        Runtime.getRuntime().availableProcessors(),
        Text.printable(where));
    add(
        lines,
        "AES-256-GCM of 4 KiB, one processor: encrypt %,.0f MiB/s, decrypt %,.0f MiB/s",
        gcm.encrypt(),
        gcm.decrypt());
    add(
        lines,
        "element (%s): random %.3f ms, keys of a file %.3f ms, of %d files %.3f ms",
        Text.printable(element),
        speed.median(ElementSpeed.Kind.RANDOM),
        speed.median(ElementSpeed.Kind.KEYS),
        speed.batchSize(),
        speed.median(ElementSpeed.Kind.BATCH));
    add(lines, "");
    add(lines, "%-50s %18s %18s %7s", "", "volume", "plain files", "ratio");
    for (Workload workload : Workload.values()) {
      add(
          lines,
          "%-50s %,11.0f %-6s %,11.0f %-6s %7.2f",
          workload.title(scale),
          volume(workload),
          workload.unit(),
          plain(workload),
          workload.unit(),
          volume(workload) / plain(workload));
    }
    add(lines, "");
    add(
        lines,
        "Medians of %d rounds on a file of %d MiB; a ratio above 1 means that the volume is faster.",
        rounds,
        scale.largeBytes() >> MEBIBYTE_SHIFT);
    add(lines, "The operating system's cache is warm for both; docs/performance.md has more.");
    return lines;
  }

  /** One JSON object, in whole numbers: MiB or pieces a second, microseconds a command. */
  String json() {
    List<Map<String, Object>> workloads = new ArrayList<>();
    for (Workload workload : Workload.values()) {
      workloads.add(
          Map.of(
              "name", workload.name().toLowerCase(Locale.ROOT),
              "title", workload.title(scale),
              "unit", workload.unit(),
              "volume", Math.round(volume(workload)),
              "plain", Math.round(plain(workload))));
    }
    return Json.text(
        Map.of(
            "java", Runtime.version().toString(),
            "processors", Runtime.getRuntime().availableProcessors(),
            "where", where,
            "rounds", rounds,
            "largeBytes", scale.largeBytes(),
            "gcm",
                Map.of(
                    "encryptMiBPerSecond", Math.round(gcm.encrypt()),
                    "decryptMiBPerSecond", Math.round(gcm.decrypt())),
            "element",
                Map.of(
                    "name", element,
                    "randomMicros", micros(speed.median(ElementSpeed.Kind.RANDOM)),
                    "keysMicros", micros(speed.median(ElementSpeed.Kind.KEYS)),
                    "batchMicros", micros(speed.median(ElementSpeed.Kind.BATCH)),
                    "batchSize", speed.batchSize()),
            "workloads", workloads));
  }

  private double volume(Workload workload) {
    return figures.median(workload, BenchSteps.VOLUME);
  }

  private double plain(Workload workload) {
    return figures.median(workload, BenchSteps.PLAIN);
  }

  private static long micros(double millis) {
    return Math.round(millis * MICROS_PER_MILLI);
  }

  private static void add(List<String> lines, String format, Object... values) {
    lines.add(String.format(Locale.ROOT, format, values));
  }
}
