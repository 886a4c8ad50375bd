// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks.database;

import dev.strongroom.workloads.Scale;

/**
 * How much work a round is.
 *
 * @param rows rows of the table that is read, about 250 bytes each
 * @param largeRows rows of the table that is larger than every cache but the operating system's
 * @param commits commits of one row; a fifth of it with 10 rows, a twentieth with 100 and 1,000
 * @param batch rows of a batch
 * @param selects rows that are looked up, one by one
 * @param connections connections that are taken from a pool
 * @param launches JVMs that are started for the sake of their first open
 * @param rounds rounds that count, after one that warms up
 *     <p>Thread safety: immutable.
 */
record DatabaseSize(
    int rows,
    int largeRows,
    int commits,
    int batch,
    int selects,
    int connections,
    int launches,
    int rounds) {

  private static final int LAUNCHES = 9;
  private static final int ROUNDS = 5;

  /** With fewer it is only to be seen whether all of it runs. */
  private static final int LEAST_FORCES = 20;

  /** Sizes that go with those of files. */
  static DatabaseSize of(Scale scale) {
    boolean small = scale.forces() < LEAST_FORCES;
    return new DatabaseSize(
        5 * scale.names(),
        20 * scale.names(),
        10 * scale.forces(),
        2 * scale.names(),
        2 * scale.names(),
        scale.files(),
        small ? 1 : LAUNCHES,
        small ? 1 : ROUNDS);
  }
}
