// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.workloads.Figures;
import dev.strongroom.workloads.GcmSpeed;
import dev.strongroom.workloads.Scale;
import dev.strongroom.workloads.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

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
        speed.random(),
        speed.keys(),
        speed.batchSize(),
        speed.batch());
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

  /** One JSON object. Rates are in each workload's unit, commands in milliseconds. */
  String json() {
    StringBuilder text = new StringBuilder("{");
    text.append("\"java\":").append(quoted(Runtime.version().toString()));
    text.append(",\"processors\":").append(Runtime.getRuntime().availableProcessors());
    text.append(",\"where\":").append(quoted(where));
    text.append(",\"rounds\":").append(rounds);
    text.append(",\"largeBytes\":").append(scale.largeBytes());
    text.append(",\"gcm\":{\"encryptMiBPerSecond\":").append(number(gcm.encrypt()));
    text.append(",\"decryptMiBPerSecond\":").append(number(gcm.decrypt())).append('}');
    text.append(",\"element\":{\"name\":").append(quoted(element));
    text.append(",\"randomMillis\":").append(number(speed.random()));
    text.append(",\"keysMillis\":").append(number(speed.keys()));
    text.append(",\"batchMillis\":").append(number(speed.batch()));
    text.append(",\"batchSize\":").append(speed.batchSize()).append('}');
    text.append(",\"workloads\":[");
    String separator = "";
    for (Workload workload : Workload.values()) {
      text.append(separator);
      text.append("{\"name\":").append(quoted(workload.name().toLowerCase(Locale.ROOT)));
      text.append(",\"title\":").append(quoted(workload.title(scale)));
      text.append(",\"unit\":").append(quoted(workload.unit()));
      text.append(",\"volume\":").append(number(volume(workload)));
      text.append(",\"plain\":").append(number(plain(workload))).append('}');
      separator = ",";
    }
    return text.append("]}").toString();
  }

  private double volume(Workload workload) {
    return figures.median(workload, BenchSteps.VOLUME);
  }

  private double plain(Workload workload) {
    return figures.median(workload, BenchSteps.PLAIN);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  private static void add(List<String> lines, String format, Object... values) {
    lines.add(String.format(Locale.ROOT, format, values));
  }
}
