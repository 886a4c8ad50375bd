// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.check;

import java.util.List;
import java.util.Map;

/**
 * What a check has met, and how much it has read.
 *
 * @param end how it ended
 * @param findings the first {@value #MAX_FINDINGS} of them, in the order in which they were met
 * @param counts how many there were of each severity, also of those that are left out
 * @param directories directories that were checked
 * @param files files that were checked
 * @param bytes bytes of host files that were read
 * @param damagedBytes bytes of content that cannot be read
 *     <p>Thread safety: immutable.
 */
public record CheckReport(
    End end,
    List<Finding> findings,
    Map<Severity, Long> counts,
    long directories,
    long files,
    long bytes,
    long damagedBytes) {

  /** The most findings that a report holds; a listener hears of all. */
  public static final int MAX_FINDINGS = 100_000;

  /** How a check ended. */
  public enum End {
    /** Everything was looked at. */
    COMPLETE,
    /** The listener ended it. */
    CANCELLED
  }

  /**
   * Copies the lists.
   *
   * @param end how it ended
   * @param findings what was met
   * @param counts how many of each severity
   * @param directories directories that were checked
   * @param files files that were checked
   * @param bytes bytes that were read
   * @param damagedBytes bytes that cannot be read
   */
  public CheckReport {
    findings = List.copyOf(findings);
    counts = Map.copyOf(counts);
  }

  /**
   * How many findings there were of a severity.
   *
   * @param severity the severity
   * @return the number
   */
  public long count(Severity severity) {
    return counts.getOrDefault(severity, 0L);
  }

  /**
   * Whether everything was looked at, and all of it is as it was written.
   *
   * @return whether there is neither damage nor anything that is yet to be repaired
   */
  public boolean isHealthy() {
    return end == End.COMPLETE && count(Severity.DAMAGE) == 0 && count(Severity.REPAIRABLE) == 0;
  }
}
