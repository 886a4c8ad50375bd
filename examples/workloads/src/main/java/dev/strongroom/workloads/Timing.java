// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.workloads;

/**
 * One round of a workload.
 *
 * @param units how much was done, in the workload's unit
 * @param nanos how long it took
 * @param processorNanos processor time that this process spent meanwhile, on all its threads
 *     <p>Thread safety: immutable.
 */
public record Timing(double units, long nanos, long processorNanos) {

  /**
   * How fast it was.
   *
   * @return units a second
   */
  public double rate() {
    return units / Math.max(1, nanos) * 1e9;
  }
}
