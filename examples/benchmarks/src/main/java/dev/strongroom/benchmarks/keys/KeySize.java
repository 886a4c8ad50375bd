// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks.keys;

import dev.strongroom.workloads.Scale;

/**
 * How much work a round is.
 *
 * @param millis of each piece of work, for each who holds keys
 * @param rounds that count, after one that warms up
 * @param keys in the element and the database that are opened
 * @param launches JVMs that are started to open them
 *     <p>Thread safety: immutable.
 */
record KeySize(int millis, int rounds, int keys, int launches) {

  private static final int ROUNDS = 5;
  private static final int LAUNCHES = 5;
  private static final int LEAST_MILLIS = 20;

  /** Keys of a group. */
  static final int GROUP_KEYS = 100;

  /** Sizes that go with those of files. */
  static KeySize of(Scale scale) {
    int millis = Math.max(1, scale.forces() / 2);
    boolean small = millis < LEAST_MILLIS;
    return new KeySize(
        millis,
        small ? 1 : ROUNDS,
        Math.max(GROUP_KEYS, 10 * scale.names() / GROUP_KEYS * GROUP_KEYS),
        small ? 1 : LAUNCHES);
  }

  static KeySize parse(String text) {
    String[] parts = text.split(",", -1);
    return new KeySize(
        Integer.parseInt(parts[0]),
        Integer.parseInt(parts[1]),
        Integer.parseInt(parts[2]),
        Integer.parseInt(parts[3]));
  }

  String text() {
    return millis + "," + rounds + "," + keys + "," + launches;
  }
}
