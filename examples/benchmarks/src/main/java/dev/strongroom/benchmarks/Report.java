// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import dev.strongroom.workloads.Scale;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What one run has to say, as Markdown.
 *
 * @param machine where and with what it ran, see {@link #machine}
 * @param limits what the machine allows
 * @param rows the rows
 * @param table the rows as a table
 * @param absent who was not measured, and why, a line each
 * @param sections further sections by title
 *     <p>Thread safety: immutable.
 */
record Report(
    String machine,
    Limits limits,
    List<Row> rows,
    String table,
    List<String> absent,
    Map<String, String> sections) {

  private static final Path PROCESSOR = Path.of("/proc/cpuinfo");
  private static final String MODEL = "model name";

  /** Says where a run takes place; to be asked before it begins, for the sake of the load. */
  static String machine(Options options) throws IOException {
    Scale scale = Scale.of(options.part());
    return String.format(
        Locale.ROOT,
        "Measured on %s: Java %s (%s, default options, heap up to %,d MiB), %s %s, %d x %s, %s;"
            + " load average before the run %.2f. Large file %,d MiB, %,d cold and %,d hot random"
            + " reads, %,d overwrites, %,d forces, %,d files, %,d names; rounds: %d.",
        LocalDate.now(Clock.systemUTC()),
        Runtime.version(),
        System.getProperty("java.vm.vendor"),
        Runtime.getRuntime().maxMemory() >> 20,
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors(),
        processor(),
        Files.getFileStore(options.directory()).type(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
        scale.largeBytes() >> 20,
        Math.min(scale.randomReads(), scale.largeBytes() / 4096),
        scale.randomReads() * 4,
        scale.overwrites(),
        scale.forces(),
        scale.files(),
        scale.names(),
        options.rounds());
  }

  private static String processor() throws IOException {
    if (Files.isReadable(PROCESSOR)) {
      for (String line : Files.readAllLines(PROCESSOR)) {
        if (line.startsWith(MODEL)) {
          return line.substring(line.indexOf(':') + 1).strip();
        }
      }
    }
    return "processor";
  }

  /** The section of a page. */
  String markdown(Explanations explanations) {
    StringBuilder text = new StringBuilder(machine).append("\n\n");
    text.append(
        String.format(
            Locale.ROOT,
            "AES-256-GCM of 4 KiB in heap arrays on one processor: %s MiB/s to encrypt, %s MiB/s to"
                + " decrypt.%n%n",
            Figure.text(limits.gcm().encrypt()),
            Figure.text(limits.gcm().decrypt())));
    text.append(table).append('\n');
    absent.forEach(line -> text.append("Not measured: ").append(line).append(".\n\n"));
    text.append(misses(explanations));
    sections.forEach(
        (title, body) ->
            text.append("### ").append(title).append("\n\n").append(body.strip()).append("\n\n"));
    return text.toString();
  }

  private String misses(Explanations explanations) {
    List<Row> missed = rows.stream().filter(row -> !row.missed().isEmpty()).toList();
    if (missed.isEmpty()) {
      return "Every row reaches its target.\n\n";
    }
    int release = Runtime.version().feature();
    return missed.stream()
        .map(
            row ->
                "* **" + row.title() + "**. " + explanations.of(row.key(), release).strip() + "\n")
        .collect(Collectors.joining("", "### Rows that miss their target\n\n", "\n"));
  }
}
