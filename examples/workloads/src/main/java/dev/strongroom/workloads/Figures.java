// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.workloads;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was measured: for each workload and peer a figure a round.
 *
 * <p>Thread safety: confined to one thread.
 */
public final class Figures {

  private final Map<Workload, Map<String, List<Timing>>> timings = new EnumMap<>(Workload.class);

  /** No figures yet. */
  public Figures() {}

  /**
   * Adds a round's figure.
   *
   * @param workload what was done
   * @param peer by whom
   * @param timing how long it took
   */
  public void add(Workload workload, String peer, Timing timing) {
    timings
        .computeIfAbsent(workload, key -> new LinkedHashMap<>())
        .computeIfAbsent(peer, key -> new ArrayList<>())
        .add(timing);
  }

  /**
   * The median of all rounds.
   *
   * @param workload what was done
   * @param peer by whom
   * @return units a second, NaN where nothing was measured
   */
  public double median(Workload workload, String peer) {
    List<Double> sorted = sorted(workload, peer);
    if (sorted.isEmpty()) {
      return Double.NaN;
    }
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /**
   * The slowest round.
   *
   * @param workload what was done
   * @param peer by whom
   * @return units a second, NaN where nothing was measured
   */
  public double slowest(Workload workload, String peer) {
    List<Double> sorted = sorted(workload, peer);
    return sorted.isEmpty() ? Double.NaN : sorted.get(0);
  }

  /**
   * The fastest round.
   *
   * @param workload what was done
   * @param peer by whom
   * @return units a second, NaN where nothing was measured
   */
  public double fastest(Workload workload, String peer) {
    List<Double> sorted = sorted(workload, peer);
    return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() - 1);
  }

  /**
   * Processor time of this process for a unit of work, over all rounds together, because the
   * operating system may count it in steps of 10 ms.
   *
   * @param workload what was done
   * @param peer by whom
   * @return microseconds, NaN where nothing was measured
   */
  public double processorMicros(Workload workload, String peer) {
    double units = 0;
    double nanos = 0;
    for (Timing timing : all(workload, peer)) {
      units += timing.units();
      nanos += timing.processorNanos();
    }
    return units == 0 ? Double.NaN : nanos / 1e3 / units;
  }

  private List<Double> sorted(Workload workload, String peer) {
    List<Double> rates = new ArrayList<>();
    all(workload, peer).forEach(timing -> rates.add(timing.rate()));
    Collections.sort(rates);
    return rates;
  }

  private List<Timing> all(Workload workload, String peer) {
    return timings.getOrDefault(workload, Map.of()).getOrDefault(peer, List.of());
  }
}
