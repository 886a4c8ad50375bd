// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

/**
 * How much work a round is.
 *
 * @param largeBytes length of the large file, whole calls of 128 KiB
 * @param randomReads random reads of the cold case; the hot one has four times as many
 * @param overwrites random overwrites
 * @param forces forced writes
 * @param files small files
 * @param names names in the long list
 */
record Scale(long largeBytes, int randomReads, int overwrites, int forces, int files, int names) {

  /** The sizes of the table, or a part of them. */
  static Scale of(double part) {
    return new Scale(
        Math.max(1, Math.round(2048 * part)) * Workload.LARGEST_CALL,
        count(50_000, part),
        count(10_000, part),
        count(200, part),
        count(1_000, part),
        count(10_000, part));
  }

  private static int count(int whole, double part) {
    return (int) Math.max(1, Math.round(whole * part));
  }
}
