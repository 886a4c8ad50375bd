// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import dev.strongroom.benchmarks.Entrants.Kind;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A row of the table.
 *
 * @param key what explanations call it
 * @param title what was done
 * @param unit what the figures count
 * @param better which figures are good
 * @param figures by peer; those who were not measured are missing
 * @param targets what secure files are to reach
 * @param atBest what this machine allows, or empty
 * @param rounds how much the rounds differ, or empty
 *     <p>Thread safety: immutable.
 */
record Row(
    String key,
    String title,
    String unit,
    Better better,
    Map<Kind, Double> figures,
    List<Target> targets,
    String atBest,
    String rounds) {

  /** Which figures are good. */
  enum Better {
    /** Rates. */
    HIGHER,
    /** Costs. */
    LOWER
  }

  double figure(Kind kind) {
    return figures.getOrDefault(kind, Double.NaN);
  }

  /** The worse of both faces of secure files, as far as they were measured. */
  double ours() {
    double[] faces =
        figures.entrySet().stream()
            .filter(entry -> entry.getKey().isOurs())
            .mapToDouble(Map.Entry::getValue)
            .sorted()
            .toArray();
    if (faces.length == 0) {
      return Double.NaN;
    }
    return better == Better.HIGHER ? faces[0] : faces[faces.length - 1];
  }

  /** How many times better than a peer; NaN where one of both was not measured. */
  double ratio(Kind peer) {
    double ratio = ours() / figure(peer);
    return better == Better.HIGHER ? ratio : 1 / ratio;
  }

  /** The targets that were measured and missed. */
  List<Target> missed() {
    return targets.stream()
        .filter(Target::known)
        .filter(target -> !reached(target, ours()))
        .toList();
  }

  private boolean reached(Target target, double figure) {
    return better == Better.HIGHER ? figure >= target.bound() : figure <= target.bound();
  }

  /** Yes, no with what was reached instead, or nothing where there is no target. */
  String verdict() {
    if (targets.stream().noneMatch(Target::known)) {
      return "";
    }
    if (missed().isEmpty()) {
      return "yes";
    }
    return "**no**: "
        + missed().stream().map(target -> target.instead(ours())).collect(Collectors.joining(", "));
  }
}
