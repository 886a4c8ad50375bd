// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import dev.strongroom.benchmarks.Entrants.Kind;
import dev.strongroom.benchmarks.Row.Better;
import dev.strongroom.workloads.Contender;
import dev.strongroom.workloads.Figures;
import dev.strongroom.workloads.Scale;
import dev.strongroom.workloads.Workload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Makes the rows of the table out of what was measured, with what they are to reach.
 *
 * <p>Thread safety: confined to one thread.
 */
final class Rows {

  /** The share of AES-GCM's own time that secure files may take beyond plain files. */
  private static final double GCM_TIMES = 1.5;

  private static final double FORCE_TIMES = 1.3;
  private static final double JOURNAL_KIB = 12;
  private static final double HOST_READS = 2;
  private static final double SPACE_PERCENT = 1;

  /** 12 for the file itself, and what its name takes in the directory. */
  private static final double SMALL_FILE_KIB = 12.5;

  private static final double PERCENT = 100;
  private static final double KIBIBYTE = 1024;

  private final Scale scale;
  private final Figures figures;
  private final Entrants entrants;
  private final Limits limits;
  private final List<Row> rows = new ArrayList<>();

  private Rows(Scale scale, Figures figures, Entrants entrants, Limits limits) {
    this.scale = scale;
    this.figures = figures;
    this.entrants = entrants;
    this.limits = limits;
  }

  /** All rows of a run; the peers' large files are gone then. */
  static List<Row> of(
      Options options, Figures figures, Entrants entrants, Limits limits, HostCost cost)
      throws IOException {
    Rows made = new Rows(Scale.of(options.part()), figures, entrants, limits);
    for (Workload workload : options.only()) {
      made.speed(workload);
      if (workload == Workload.SEQUENTIAL_WRITE) {
        made.processor(workload, "sequential write: processor time", limits.encryptMicros());
      } else if (workload == Workload.SEQUENTIAL_READ) {
        made.processor(workload, "sequential read: processor time", limits.decryptMicros());
      }
    }
    made.cost(cost);
    made.space();
    return made.rows;
  }

  private void speed(Workload workload) {
    Map<Kind, Double> values = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      entrants.name(kind).ifPresent(name -> values.put(kind, figures.median(workload, name)));
    }
    double plain = values.getOrDefault(Kind.PLAIN, Double.NaN);
    double cryptofs = values.getOrDefault(Kind.CRYPTOFS, Double.NaN);
    rows.add(
        new Row(
            workload.name(),
            workload.title(scale),
            workload.unit(),
            Better.HIGHER,
            values,
            targets(workload, plain, cryptofs),
            atBest(workload, plain),
            rounds(workload)));
  }

  private List<Target> targets(Workload workload, double plain, double cryptofs) {
    boolean older = entrants.name(Kind.CRYPTOFS).orElse("").startsWith("cryptofs 2.6");
    return switch (workload) {
      case SEQUENTIAL_WRITE -> List.of(p(0.7, plain), c(1.5, cryptofs));
      case SEQUENTIAL_READ -> List.of(p(0.6, plain), c(1.5, cryptofs));
      case RANDOM_READ_COLD -> List.of(p(0.5, plain), c(3.5, cryptofs));
      case RANDOM_READ_HOT -> List.of(p(1, plain), c(4, cryptofs));
      case RANDOM_OVERWRITE -> List.of(c(3, cryptofs));
      case FORCE -> List.of(new Target("1.3 times the time of P", plain / FORCE_TIMES, plain));
      case CREATE_FILES -> List.of(c(older ? 2 : 1, cryptofs));
      case READ_FILES -> List.of(c(older ? 5 : 2, cryptofs));
      case LIST -> List.of(c(5, cryptofs));
    };
  }

  private String atBest(Workload workload, double plain) {
    return switch (workload) {
      case SEQUENTIAL_WRITE -> limits.write(plain);
      case SEQUENTIAL_READ -> limits.read(plain);
      case RANDOM_READ_COLD -> limits.randomRead(plain);
      case FORCE -> "one sync of the disk, as P";
      default -> "";
    };
  }

  private String rounds(Workload workload) {
    return entrants
        .name(Kind.STRONGROOM)
        .map(
            name -> {
              double median = figures.median(workload, name);
              return String.format(
                  Locale.ROOT,
                  "%.2f to %.2f",
                  figures.slowest(workload, name) / median,
                  figures.fastest(workload, name) / median);
            })
        .orElse("");
  }

  private void processor(Workload workload, String title, double gcmMicros) {
    Map<Kind, Double> values = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      entrants
          .contender(kind)
          .map(Contender::peer)
          .filter(peer -> peer.inProcess())
          .ifPresent(peer -> values.put(kind, figures.processorMicros(workload, peer.name())));
    }
    double bound = values.getOrDefault(Kind.PLAIN, Double.NaN) + GCM_TIMES * gcmMicros;
    rows.add(
        new Row(
            workload.name() + "_PROCESSOR",
            title,
            "us/MiB",
            Better.LOWER,
            values,
            List.of(Target.absolute("P + 1.5 GCM = " + Figure.text(bound), bound)),
            "GCM alone " + Figure.text(gcmMicros),
            ""));
  }

  private void cost(HostCost cost) {
    counted(
        "JOURNAL_BYTES",
        "journal, per random 4 KiB overwrite + sync",
        "KiB",
        cost.journalBytesPerSync() / KIBIBYTE,
        Target.absolute("at most 12", JOURNAL_KIB));
    counted(
        "HOST_READS",
        "host reads, per cold random 4 KiB read",
        "reads",
        cost.readsPerColdRead(),
        Target.absolute("at most 2", HOST_READS));
  }

  private void counted(String key, String title, String unit, double figure, Target target) {
    rows.add(
        new Row(
            key,
            title,
            unit,
            Better.LOWER,
            Map.of(Kind.STRONGROOM, figure),
            List.of(target),
            "",
            ""));
  }

  private void space() throws IOException {
    Map<Kind, Double> large = new EnumMap<>(Kind.class);
    Map<Kind, Double> small = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      if (entrants.contender(kind).isPresent()) {
        Contender contender = entrants.contender(kind).get();
        large.put(kind, contender.spaceBeyondLargeFile() * PERCENT);
        small.put(kind, contender.hostBytesOfSmallFile() / KIBIBYTE);
      }
    }
    rows.add(
        new Row(
            "SPACE_LARGE",
            "space beyond the content of the large file",
            "%",
            Better.LOWER,
            large,
            List.of(Target.absolute("at most 1", SPACE_PERCENT)),
            "",
            ""));
    rows.add(
        new Row(
            "SPACE_SMALL",
            "space of a file of 4 KiB, with its name",
            "KiB",
            Better.LOWER,
            small,
            List.of(Target.absolute("at most 12.5", SMALL_FILE_KIB)),
            "",
            ""));
  }

  private static Target p(double factor, double figure) {
    return Target.of(factor, "P", figure);
  }

  private static Target c(double factor, double figure) {
    return Target.of(factor, "C", figure);
  }
}
