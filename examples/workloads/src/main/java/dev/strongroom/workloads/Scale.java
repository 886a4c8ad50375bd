// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.workloads;

/**
 * How much work a round is.
 *
 * @param largeBytes length of the large file, whole calls of {@link Workload#LARGEST_CALL}
 * @param randomReads random reads of the cold case; the hot one has four times as many
 * @param overwrites random overwrites
 * @param forces forced writes
 * @param files small files
 * @param names names in the long list
 *     <p>Thread safety: immutable.
 */
public record Scale(
    long largeBytes, int randomReads, int overwrites, int forces, int files, int names) {

  private static final int LARGE_CALLS = 2048;
  private static final int RANDOM_READS = 50_000;
  private static final int OVERWRITES = 10_000;
  private static final int FORCES = 200;
  private static final int FILES = 1_000;
  private static final int NAMES = 10_000;

  /**
   * The sizes of the benchmark's table, or a part of them.
   *
   * @param part 1 for a large file of 256 MiB and all else to match; at least one of everything
   * @return the sizes
   */
  public static Scale of(double part) {
    return new Scale(
        (long) count(LARGE_CALLS, part) * Workload.LARGEST_CALL,
        count(RANDOM_READS, part),
        count(OVERWRITES, part),
        count(FORCES, part),
        count(FILES, part),
        count(NAMES, part));
  }

  private static int count(int whole, double part) {
    return (int) Math.max(1, Math.round(whole * part));
  }
}
