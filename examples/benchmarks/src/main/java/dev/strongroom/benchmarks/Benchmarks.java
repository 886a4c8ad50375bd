// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import dev.strongroom.benchmarks.database.SecureDatabases;
import dev.strongroom.benchmarks.keys.SecureKeys;
import dev.strongroom.workloads.Contender;
import dev.strongroom.workloads.Figures;
import dev.strongroom.workloads.HostFiles;
import dev.strongroom.workloads.Scale;
import dev.strongroom.workloads.Timing;
import dev.strongroom.workloads.Workload;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures secure files, plain files, cryptofs and, where it is installed, gocryptfs, in one run on
 * one disk.
 *
 * <p>Options: {@code --scale=PART} of the sizes, such as 1 or 2%, {@code --rounds=N} that count (5)
 * after one that warms up, {@code --only=WORKLOAD,...}, {@code --without=PEER,...} or sections,
 * {@code --section=NAME} to measure nothing but that section, {@code --directory=DIR} on the disk
 * that is meant (the temporary directory), {@code --write=FILE} to also write a page, in which the
 * sections of other releases of Java stay as they are.
 *
 * <p>Thread safety: confined to the main thread.
 */
public final class Benchmarks {

  /** What is measured beside the table. */
  private static final List<Section> SECTIONS =
      List.of(new PageScope(), new Versions(), new SecureDatabases(), new SecureKeys());

  private final Options options;
  private final Scale scale;
  private final PrintStream out;

  private Benchmarks(Options options, PrintStream out) {
    this.options = options;
    this.scale = Scale.of(options.part());
    this.out = out;
  }

  /**
   * Runs the benchmarks.
   *
   * @param arguments the options
   * @throws IOException if a peer fails, or returns anything but what was written
   */
  public static void main(String[] arguments) throws IOException {
    run(arguments, System.out);
  }

  static void run(String[] arguments, PrintStream out) throws IOException {
    Options options = Options.parse(arguments);
    if (options.section().isPresent()) {
      new Benchmarks(options, out).measureSection(options.section().get());
      return;
    }
    Report report = new Benchmarks(options, out).measure();
    String section = report.markdown(Explanations.load());
    out.println();
    out.print(section);
    if (options.page().isPresent()) {
      Page.write(options.page().get(), Runtime.version().feature(), section);
    }
  }

  private void measureSection(String name) throws IOException {
    Section section =
        SECTIONS.stream()
            .filter(each -> each.option().equals(name))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("there is no section " + name));
    Path folder = Files.createTempDirectory(options.directory(), "strongroom-benchmarks-");
    try {
      String text = section.measure(folder.resolve(name), scale, out);
      out.println();
      out.print(text);
      if (options.page().isPresent()) {
        int release = Runtime.version().feature();
        Page.writePart(options.page().get(), release, section.title(), text);
      }
    } finally {
      HostFiles.delete(folder);
    }
  }

  private Report measure() throws IOException {
    long start = System.nanoTime();
    String machine = Report.machine(options);
    Path folder = Files.createTempDirectory(options.directory(), "strongroom-benchmarks-");
    try {
      Limits limits = Limits.measure(options.part());
      Map<String, String> sections = new LinkedHashMap<>();
      List<Row> rows;
      String table;
      List<String> absent;
      try (Entrants entrants = Entrants.in(folder, options, scale)) {
        say("prepared", start);
        Figures figures = rounds(entrants.all());
        HostCost cost = HostCost.count(folder.resolve("cost"), scale);
        rows = Rows.of(options, figures, entrants, limits, cost);
        table = Table.of(rows, entrants);
        absent =
            entrants.absent().entrySet().stream()
                .map(entry -> entry.getKey().option() + ", " + entry.getValue())
                .toList();
        say("all rounds", start);
      }
      for (Section section : SECTIONS) {
        if (options.wants(section.option())) {
          sections.put(
              section.title(), section.measure(folder.resolve(section.option()), scale, out));
          say(section.title(), start);
        }
      }
      return new Report(machine, limits, rows, table, absent, sections);
    } finally {
      HostFiles.delete(folder);
    }
  }

  private Figures rounds(List<Contender> contenders) throws IOException {
    Figures figures = new Figures();
    for (int round = 0; round <= options.rounds(); round++) {
      for (Workload workload : Workload.values()) {
        // Some need what others leave, so all run, but only what is wanted is repeated and counted.
        if (options.only().contains(workload) || round == 0) {
          for (Contender contender : contenders) {
            Timing timing = contender.run(workload);
            if (round > 0) {
              figures.add(workload, contender.peer().name(), timing);
            }
            out.printf(
                Locale.ROOT,
                "%s  %-48s %-16s %,12.0f %s%n",
                round == 0 ? "warm-up" : "round " + round,
                workload.title(scale),
                contender.peer().name(),
                timing.rate(),
                workload.unit());
          }
        }
      }
      if (round == 0 || round == options.rounds()) {
        for (Contender contender : contenders) {
          contender.verify();
        }
      }
      Collections.rotate(contenders, 1);
    }
    return figures;
  }

  private void say(String what, long start) {
    out.printf(Locale.ROOT, "%s: %.0f s%n", what, (System.nanoTime() - start) / 1e9);
  }
}
